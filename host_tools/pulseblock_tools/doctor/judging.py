"""Findings from what was measured; nothing here talks to a block.

What a block says is checked by `Facts` before it is believed.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulseblock_tools.blocks.link import Garbled
from pulseblock_tools.doctor.finding import Finding
from pulseblock_tools.journal.reading import Journal
from pulseblock_tools.journal.records import Boot, Diagnostics, LowBattery, Record

NOISE_MG = 5.0
"""Noise of a block at rest above this, rms, is no accelerometer's own: ten times what data sheets say."""

GRAVITY_MG = (900, 1100)
"""What an accelerometer at rest measures; offsets of +-40 mg an axis are within data sheets."""

OFFSET_CN = 200
"""A plate without load that shows more is not zero: the lightest hold is 150 cN."""

FORCE_NOISE_CN = 50.0
RATE_OFF_PCT = 10
PRESS_CN = 1500
ADC_TOP = 63488  # 31/32 of the scale, above which the FSR's driver takes it for saturated
CONVERSIONS_HZ = 80  # of an HX711 whose RATE pin is high
CLOCK_S = 120
BATTERY_PCT = 15
FREE_KIB = 128  # a month of training
SLOW_MS = 4000
LATE_MS = 1000  # a cue so late is of no use; flash that erases in a trough is far quicker


@dataclass(frozen=True)
class Facts:
    """An object that a block sent; a value that is missing or of another type raises Garbled."""

    said: Any

    def number(self, name: str) -> int:
        """Return a whole number of 63 bits at most."""
        value: int = self._typed(name, int)
        if value.bit_length() > 63:
            raise Garbled(f"the block says of {name}: a number beyond measure")
        return value

    def text(self, name: str) -> str:
        """Return a text, the empty one where there is none."""
        return self._typed(name, str)[:200] if self.has(name) else ""

    def flag(self, name: str) -> bool:
        """Return a truth value."""
        value: bool = self._typed(name, bool)
        return value

    def numbers(self, name: str, count: int) -> list[int]:
        """Return a list of so many whole numbers."""
        values = [Facts({name: value}).number(name) for value in self._typed(name, list)]
        if len(values) != count:
            raise Garbled(f"the block says of {name}: {values!r:.60}")
        return values

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        values: list[str] = self._typed(name, list)
        if any(type(value) is not str for value in values):
            raise Garbled(f"the block says of {name}: {values!r:.60}")
        return values

    def has(self, name: str) -> bool:
        """Whether it says anything of that."""
        return isinstance(self.said, dict) and self.said.get(name) is not None

    def _typed(self, name: str, kind: type) -> Any:
        value = self.said.get(name) if isinstance(self.said, dict) else None
        if type(value) is not kind:
            raise Garbled(f"the block says of {name}: {value!r:.60}")
        return value


def accelerometer(facts: Facts) -> list[Finding]:
    """Findings on the accelerometer of a block that lies still."""
    if facts.has("absent"):
        return [Finding("accelerometer", "skip", "this board's is not a part that can be tested")]
    if facts.has("error"):
        return [
            Finding(
                "accelerometer",
                "fail",
                f"does not answer: {facts.text('error')}",
                "check its wires: 3V3, GND, SDA, SCL, and that no two are swapped",
            )
        ]
    change, (lowest, highest) = facts.numbers("self_test_mg", 3), facts.numbers("limits_mg", 2)
    passed = all(lowest <= axis <= highest for axis in change)
    axes = ", ".join(map(str, change))
    found = f"{facts.text('part')}, each axis moved by {axes} mg ({lowest}..{highest})"
    advice = "" if passed else "let the block lie still and try again; if it stays so, replace the part"
    findings = [Finding("accelerometer self-test", "ok" if passed else "fail", found, advice)]
    if not facts.number("count"):
        return [*findings, Finding("accelerometer", "fail", "gives no samples", "check the wire to INT1")]
    return [*findings, _rate(facts), _rest(facts)]


def _rate(facts: Facts) -> Finding:
    rate, due, overruns = facts.number("rate_mhz") / 1000, facts.number("rate_hz"), facts.number("overruns")
    found = f"{rate:.0f} samples a second, {due} are due" + (f"; {overruns} overruns" if overruns else "")
    good = abs(rate - due) <= due * RATE_OFF_PCT / 100 and not overruns
    return Finding(
        "sample rate", "ok" if good else "warn", found, "" if good else "try again; check its wires"
    )


def _rest(facts: Facts) -> Finding:
    mean, variance = facts.numbers("mean_mg", 3), facts.numbers("variance_mg2_e3", 3)
    noise = math.sqrt(max(0, *variance) / 1000)
    gravity = math.hypot(*mean)
    found = f"noise {noise:.1f} mg, offset of {gravity - 1000:+.0f} mg from 1 g, mean {mean} mg"
    if noise > NOISE_MG:
        return Finding("accelerometer at rest", "warn", found, "let the block lie still while it is examined")
    if not GRAVITY_MG[0] <= gravity <= GRAVITY_MG[1]:
        return Finding(
            "accelerometer at rest", "fail", found, "replace the accelerometer: it is off by too much"
        )
    return Finding("accelerometer at rest", "ok", found)


def force(facts: Facts) -> list[Finding]:
    """Findings on the force sensor of a block without load."""
    if facts.has("absent"):
        return [Finding("force", "skip", "this board's is not a part that can be tested")]
    if facts.has("error") or not facts.number("count"):
        found = facts.text("error") or "no conversions"
        return [Finding("force", "fail", f"does not answer: {found}", "check the wires of the force sensor")]
    part, mean = facts.text("part"), facts.number("mean_cn")
    noise = math.sqrt(max(0, facts.number("variance_cn2")))
    found = f"{part}, offset {mean / 100:.2f} N, noise {noise / 100:.2f} N"
    findings = []
    if abs(mean) > OFFSET_CN:
        advice = "take everything off the plate; else " + _to_zero(facts)
        findings.append(Finding("force at rest", "warn", found, advice))
    elif noise > FORCE_NOISE_CN:
        findings.append(
            Finding("force at rest", "warn", found, "shorten its wires, and keep them away from the piezo's")
        )
    else:
        findings.append(Finding("force at rest", "ok", found))
    if facts.has("rate_hz"):
        rate = facts.number("rate_hz")
        slow = rate < CONVERSIONS_HZ * (100 - RATE_OFF_PCT) / 100
        told = f"{rate} a second, {CONVERSIONS_HZ} are due"
        advice = "join the HX711's RATE pin to its supply; most breakouts tie it low" if slow else ""
        findings.append(Finding("conversions", "fail" if slow else "ok", told, advice))
    if facts.has("level"):
        level = facts.number("level")
        share = f"{100 * level / 65536:.1f} % of the ADC's range without load"
        stuck = level > ADC_TOP
        advice = "the ADC's pin is at 3V3: look for a bridge of solder at the FSR" if stuck else ""
        findings.append(Finding("ADC range", "fail" if stuck else "ok", share, advice))
    return findings


def _to_zero(facts: Facts) -> str:
    if not facts.has("mean_counts"):
        return "mend its mounting"
    tare = json.dumps({"FORCE": {"tare": facts.number("mean_counts")}})
    return f"write {tare} to /parts.json"


def press(facts: Facts) -> Finding:
    """Finding on the force sensor while somebody presses with force."""
    highest = facts.number("highest_cn") if facts.has("highest_cn") else 0
    found = f"{highest / 100:.0f} N at most"
    if facts.has("saturated") and facts.number("saturated"):
        advice = "the sensor is at its end: let the plate carry more of the force past it"
        return Finding("press", "warn", found, advice)
    if highest < PRESS_CN:
        return Finding("press", "fail", found, "the plate does not reach the sensor, or its wires are open")
    return Finding("press", "ok", found)


def battery(facts: Facts) -> Finding:
    """Finding on the battery."""
    mv, percent = facts.number("battery_mv"), facts.number("battery_pct")
    if not mv:
        why = "plugged in" if facts.has("plugged") and facts.flag("plugged") else "not measured by this board"
        return Finding("battery", "skip", why)
    found = f"{mv / 1000:.2f} V, {percent} %"
    low = percent <= BATTERY_PCT
    return Finding("battery", "warn" if low else "ok", found, "charge it" if low else "")


def battery_in_use(records: Sequence[Record]) -> list[Finding]:
    """Findings on the battery from before the cable hid it, by what the journal notes of it."""
    last = max((one.boot or 0 for one in records), default=0)
    noted = [one for one in records if isinstance(one, LowBattery) and one.boot == last]
    if noted:
        found = f"ran low: {noted[-1].millivolts / 1000:.2f} V, {noted[-1].percent} %"
        return [Finding("battery in use", "warn", found, "charge it")]
    known = [one.battery_pct for one in records if isinstance(one, Diagnostics)]
    left = next((percent for percent in reversed(known) if percent is not None), None)
    if left is None:
        return []
    advice = "charge it, unless you have since" if left <= BATTERY_PCT else ""
    return [Finding("battery in use", "warn" if advice else "ok", f"{left} % when last noted", advice)]


def parts(facts: Facts) -> list[Finding]:
    """Findings on what the board is made of, and on what differs in this block."""
    error = facts.text("parts_error")
    if error:
        return [Finding("parts", "fail", error, "mend /parts.json on the block, or remove it")]
    named = facts.texts("parts")
    return [Finding("parts", "ok", ", ".join(named))] if named else []


def free_space(free: int, total: int) -> Finding:
    """Finding on the flash's space, in bytes."""
    found = f"{free // 1024} of {total // 1024} KiB"
    little = free < FREE_KIB * 1024
    advice = "'pulseblock sync' frees it for records" if little else ""
    return Finding("free space", "warn" if little else "ok", found, advice)


def file_system(power_safe: bool | None) -> list[Finding]:
    """Findings on the file system, where it is known whether it survives a power cut."""
    if power_safe is None:
        return []
    if power_safe:
        return [Finding("file system", "ok", "littlefs, safe against power cuts")]
    advice = "put a MicroPython with littlefs on the board, and never switch it off while it counts"
    return [Finding("file system", "warn", "FAT: a power cut can spoil what was recorded", advice)]


def flash(facts: Facts) -> Finding:
    """Finding on a file that was written and read back."""
    if not facts.flag("good"):
        found = facts.text("error") or "what was written came back otherwise"
        return Finding("flash", "fail", found, "'pulseblock sync' at once, then replace the board")
    ms = facts.number("ms")
    advice = "it is worn or nearly full: 'pulseblock sync', then free some" if ms > SLOW_MS else ""
    return Finding("flash", "warn" if advice else "ok", f"16 KiB written in {ms} ms, and read back", advice)


def clock(unix_s: int, now_s: float) -> Finding:
    """Finding on the block's time of day."""
    if not unix_s:
        return Finding("clock", "warn", "not set since power came on", "'pulseblock sync' sets it")
    off = unix_s - now_s
    if abs(off) > CLOCK_S:
        return Finding("clock", "warn", f"off by {off:+.0f} s", "'pulseblock sync' sets it")
    return Finding("clock", "ok", f"right within {CLOCK_S} s")


def journal(read: Journal, size: int) -> Finding:
    """Finding on the journal, *size* bytes of it."""
    found = f"records: {len(read.records)}, sessions: {len(read.sessions)}, in {-(-size // 1024)} KiB"
    if not read.damage:
        return Finding("journal", "ok", found)
    lost = sum(damage.length for damage in read.damage)
    found += f"; {len(read.damage)} damaged stretches, {lost} bytes"
    return Finding("journal", "warn", found, "'pulseblock sync' keeps all the rest; look at the flash's line")


def training(records: Sequence[Record]) -> list[Finding]:
    """Findings on how the main loop has kept up, by what the journal notes of it; none before it does."""
    noted = [one for one in records if isinstance(one, Diagnostics)]
    resets = sum(isinstance(one, Boot) and one.cause == "watchdog" for one in records)
    if not noted and not resets:
        return []
    late = max((one.lateness_ms for one in noted), default=0)
    stall = max((one.stall_ms for one in noted), default=0)
    lost = noted[-1].samples_lost if noted else 0
    found = f"at most {late} ms late, of which flash {stall} ms; {lost} samples lost when last noted"
    if resets:
        found += f"; the watchdog restarted it ({resets})"
        advice = "'pulseblock install' brings the newest firmware; if it goes on, please report it"
    elif lost:
        advice = "if there are more after a training, look at the sensors' wires and at the flash's line"
    elif max(late, stall) > LATE_MS:
        advice = "'pulseblock sync', so that the flash has room; if it stays so, the flash is worn"
    else:
        advice = ""
    return [Finding("main loop", "warn" if advice else "ok", found, advice)]


def asked(check: str, question: Sequence[str], yes: bool | None) -> Finding:
    """Finding on what somebody saw or heard; None where nobody was asked."""
    seen, advice = question
    if yes is None:
        return Finding(check, "skip", "nobody was asked")
    return Finding(check, "ok", seen) if yes else Finding(check, "fail", f"not {seen}", advice)
