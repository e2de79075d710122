"""An emulated Raspberry Pi Pico with a block's parts: ``python -m emulator.pico UF2 FLASH PORT``.

It boots what is in the file FLASH, or the UF2 where there is no such file; when power fails, FLASH gets what
is in flash by then.  PORT becomes a link to its serial port.  Simulated time never passes faster than real
time, in which it differs from rp2040py's own command.

stdin takes lines of JSON, [what, argument], and stdout gives one for each:

    ["wear", samples]     somebody wears the block as these samples of `fakes.wearer` are
    ["button", down]      the button is held, or let go
    ["cut", writes]       power fails in the middle of that many writes to flash from now on
    ["off", null]         power fails now
    ["tell", null]        nothing; the line tells simulated ms, writes to flash, the end of what was printed

Lines that nobody asked for are ["sampling"] each time that the firmware starts the accelerometer, ["worn"]
when the samples are over, and ["lost"] when power failed.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from rp2040py.boards import BoardSpec
from rp2040py.device import BaseDevice
from rp2040py.execute_batch import execute_batch

from emulator import flash
from emulator.cable import Cable
from emulator.parts import Parts

_TURN_NS = 1_000_000  # of simulated time, between looks at what comes from outside
_SLACK_S = 0.05  # what simulated time may catch up
_STDIN = 0


class Pico:
    """The Pico, its parts and its cable; `run` switches it on."""

    def __init__(self, uf2: Path, image: Path, port: Path) -> None:
        self.parts = Parts()
        self._image = image
        self._device = BaseDevice(board=BoardSpec(image=uf2, extras=(lambda: self.parts,)))
        self._mcu = self._device.mcu
        if image.exists():
            flash.load(self._mcu, image)
        self._bus = flash.FlashBus(self._mcu, self.lose_power)
        self._cable = Cable(self._device.cdc, port)
        self._turn = self._mcu.clock.create_alarm(self._look_around)
        self._due_s = 0.0
        self._said = b""
        self._is_worn = False
        self._taken = 0

    def run(self) -> NoReturn:
        """Switch it on."""
        self._turn.schedule(_TURN_NS)
        self._device.simulator.stopped = False
        self._mcu.leave_reset()
        while True:
            execute_batch(self._device.simulator, 1)  # alarms are looked for after each instruction

    def lose_power(self) -> NoReturn:
        """Be off, with flash as it is at this moment."""
        flash.save(self._mcu, self._image)
        _print(["lost"])
        os._exit(0)

    def _look_around(self) -> None:
        self._turn.schedule(_TURN_NS)
        now_s = time.monotonic()
        self._due_s = max(self._due_s + _TURN_NS / 1e9, now_s - _SLACK_S)
        ready = select.select([self._cable, _STDIN], [], [], max(0.0, self._due_s - now_s))[0]
        self._cable.exchange()
        if _STDIN in ready:
            self._heed(os.read(_STDIN, 1 << 16))
        taken = self.parts.accelerometer.taken
        if taken and not 0 < self._taken <= taken:
            _print(["sampling"])
        self._taken = taken
        if self._is_worn and not self.parts.is_worn:
            self._is_worn = False
            _print(["worn"])

    def _heed(self, said: bytes) -> None:
        if not said:
            os._exit(1)  # whoever held it has gone
        *lines, self._said = (self._said + said).split(b"\n")
        for line in lines:
            what, argument = json.loads(line)
            _print([what, self._do(what, argument)])

    def _do(self, what: str, argument: Any) -> Any:
        match what:
            case "wear":
                self.parts.wear(argument)
                self._is_worn = True
            case "button":
                self.parts.press_button(argument)
            case "cut":
                self._bus.cut_in(argument)
            case "off":
                self.lose_power()
            case "tell":
                heard = self._cable.heard.decode(errors="replace")
                return [self._mcu.clock.micros // 1000, self._bus.writes, heard]
            case _:
                raise ValueError(what)
        return None


def _print(line: list[Any]) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    Pico(*map(Path, sys.argv[1:])).run()
