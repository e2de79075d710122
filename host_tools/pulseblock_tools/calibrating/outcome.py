"""The outcome of a calibration on a block, as its app tells it once it is interrupted."""

from typing import Any

from pulseblock.core import calibration as core
from pulseblock.core.settings import CALIBRATED, Settings
from pulseblock_tools.blocks import settings
from pulseblock_tools.blocks.block import Block
from pulseblock_tools.blocks.link import Garbled
from pulseblock_tools.errors import FAILED, UserError
from pulseblock_tools.replaying.calibrating import DRAG, Calibrated, refusal

_NUMBERS = ("phase", "reason", "drag", "faults", "presses", "presses_seen", "grips")
_LISTS = ("press_cn", "travel_um", "scatter_um")


def outcome(block: Block) -> Calibrated:
    """Return what the block's app found; UserError where it refused, says nonsense, or could not keep it."""
    answer = _checked(block.ask("calibration_found"), block.port.device)
    if answer["phase"] == core.REFUSED:
        raise UserError(f"the block refused the calibration: {_refusal(answer)}")
    if answer["phase"] != core.DONE:
        raise UserError("the calibration was not finished; nothing was changed")
    found: dict[str, int] = answer["settings"]
    kept = settings.read(block)
    if any(kept.get(name, Settings.describe(name)[0]) != value for name, value in found.items()):
        raise UserError(
            "the block could not write its settings down: 'pulseblock doctor' looks after its flash", FAILED
        )
    (caudal, down), (caudal_sd, down_sd) = answer["travel_um"], answer["scatter_um"]
    return Calibrated(
        settings=found,
        presses=answer["presses"],
        grips=answer["grips"],
        drag=DRAG[answer["drag"]],
        travel_mm=(caudal / 1000, down / 1000),
        scatter_mm=(caudal_sd / 1000, down_sd / 1000),
    )


def _refusal(answer: dict[str, Any]) -> str:
    if answer["reason"] == core.BROKEN:
        return "the accelerometer failed: 'pulseblock doctor' looks after it, then calibrate again"
    found = core.Calibration(Settings())
    found.reason, found.faults = answer["reason"], answer["faults"]
    found.presses.count, found.presses.seen = answer["presses"], answer["presses_seen"]
    found.presses.press_cn = answer["press_cn"]
    return refusal(found, failures=[])


def _checked(answer: Any, device: str) -> dict[str, Any]:
    """Believe the block nothing: the answer has the fields that it must have, each of its kind."""
    if answer is None:
        raise UserError("the block knows of no calibration: was it switched off?", FAILED)
    try:
        numbers = [answer[name] for name in _NUMBERS] + [one for name in _LISTS for one in answer[name]]
        if not all(type(number) is int for number in numbers):
            raise ValueError("no whole numbers")
        if answer["phase"] == core.DONE:
            Settings().update(answer["settings"])
            if set(answer["settings"]) != set(CALIBRATED) or answer["drag"] not in DRAG:
                raise ValueError("not all of it")
            if [len(answer[name]) for name in _LISTS[1:]] != [2, 2]:
                raise ValueError("no two directions")
    except (KeyError, TypeError, ValueError) as error:
        raise Garbled(f"the block at {device} answers nonsense: {error}") from error
    return dict(answer)
