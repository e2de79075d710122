"""A block examined: every check, in an order in which what comes first explains what comes later."""

import time
from collections.abc import Callable
from struct import unpack_from

import pulseblock
from pulseblock_tools.blocks import Block, settings
from pulseblock_tools.blocks.link import Garbled, ProgramFailed
from pulseblock_tools.doctor import judging
from pulseblock_tools.doctor.finding import Finding
from pulseblock_tools.doctor.judging import Facts
from pulseblock_tools.errors import FAILED, UserError
from pulseblock_tools.install.installing import Space, check_micropython
from pulseblock_tools.journal.reading import read_journal

JOURNAL = "/journal"
_STILL_MS = 1000
_PRESS_MS = 4000
_COLOUR_MS = 700
_FLASH_BYTES = 16384
_REINSTALL = "'pulseblock install' puts it right"

Ask = Callable[[str], bool]
"""Asks whoever is there a question; whether they said yes."""


def examine(block: Block, ask: Ask | None) -> list[Finding]:
    """Examine a block, which should lie still without load; ``ask`` is None where nobody can be asked."""
    findings = [_micropython(block), _firmware(block)]
    if block.about.firmware is None:
        return findings
    checks: list[tuple[str, Callable[[], list[Finding]]]] = [
        ("board", lambda: _board(block)),
        ("accelerometer", lambda: judging.accelerometer(_facts(block, "doctor_accelerometer"))),
        ("force", lambda: _force(block, ask)),
        ("light and buzzer", lambda: _signals(block, ask)),
        ("flash", lambda: [judging.flash(_facts(block, "doctor_flash", size=_FLASH_BYTES))]),
        ("journal", lambda: _journal(block)),
    ]
    for name, check in checks:
        try:
            findings += check()
        except ProgramFailed as failure:
            findings.append(Finding(name, "fail", str(failure), _REINSTALL))
    return findings


def _facts(block: Block, snippet: str, **values: int) -> Facts:
    return Facts(block.ask(snippet, **values))


def _micropython(block: Block) -> Finding:
    about = block.about
    found = f"{about.micropython} on {about.machine}"
    try:
        check_micropython(block)
    except UserError as error:
        return Finding("MicroPython", "fail", found, str(error))
    return Finding("MicroPython", "ok", found)


def _firmware(block: Block) -> Finding:
    about = block.about
    try:
        about.require_firmware(block.port.device)
    except UserError as error:
        return Finding("firmware", "fail", about.firmware or "none", str(error))
    found = f"pulseblock {about.firmware} on board {about.board}, id {about.unique_id}"
    if about.firmware != pulseblock.__version__:
        return Finding("firmware", "warn", found, f"'pulseblock install' puts {pulseblock.__version__} there")
    return Finding("firmware", "ok", found)


def _board(block: Block) -> list[Finding]:
    facts = _facts(block, "doctor_board")
    space = Space.of(block)
    return [
        *judging.parts(facts),
        _settings(block),
        judging.free_space(space.free, space.total),
        *judging.file_system(block.about.power_safe),
        judging.clock(facts.number("unix_s"), time.time()),
        judging.battery(facts),
    ]


def _settings(block: Block) -> Finding:
    try:
        changed = settings.read(block)
    except UserError as error:
        if error.exit_code != FAILED:
            raise
        return Finding("settings", "fail", "cannot be used", str(error))
    return Finding("settings", "ok", f"{len(changed)} differ from the defaults")


def _force(block: Block, ask: Ask | None) -> list[Finding]:
    findings = judging.force(_facts(block, "doctor_force", ms=_STILL_MS))
    answers = all(finding.verdict in {"ok", "warn"} for finding in findings)
    if ask and answers and ask("Ready to press the plate, as firmly as in training"):
        findings.append(judging.press(_facts(block, "doctor_force", ms=_PRESS_MS)))
    return findings


def _signals(block: Block, ask: Ask | None) -> list[Finding]:
    answers: list[bool | None] = [None, None]
    if ask:
        block.do("doctor_signals", ms=_COLOUR_MS)
        answers = [
            ask("Was the light red, green and blue"),
            ask("Did the buzzer sound, low then high"),
        ]
    light, tone = answers
    return [
        judging.asked("light", ("seen red, green and blue", "check the LED's wires and common pin"), light),
        judging.asked(
            "buzzer", ("heard low, then high", "check the piezo's wires, and 'config get sound'"), tone
        ),
    ]


def _journal(block: Block) -> list[Finding]:
    segments = []
    for part in block.run_snippet("journal_segments", root=JOURNAL):
        if len(part) < 8:
            raise Garbled(f"what the block at {block.port.device} says of its journal makes no sense")
        segments.append(unpack_from("<I", part)[0])
    contents = {number: block.read_file(f"{JOURNAL}/{number:08d}.pbj") or b"" for number in segments}
    read = read_journal(contents.items())
    size = sum(map(len, contents.values()))
    return [
        judging.journal(read, size),
        *judging.training(read.records),
        *judging.battery_in_use(read.records),
    ]
