"""The journal made ready to be fetched: what waits is written, and the host's time set and recorded."""

import json
import sys
import time

from machine import RTC, unique_id

from pulseblock.journal.files import Files
from pulseblock.journal.journal import set_clock
from pulseblock.journal.segments import Segments


def run(root, unix_s, ms):
    """Sets the board's clock to `unix_s` and `ms` of Unix time.

    Yields one object: `boot`, the number of the boot that is going on (0: unknown), and its `ticks` at that
    time; `waiting`, whether the app holds records for which flash has no room; `journal`, the journal's id.
    """
    ticks = time.ticks_ms()
    year, month, day, hour, minute, second, weekday, _ = time.gmtime(unix_s + (ms >= 500))
    RTC().datetime((year, month, day, weekday, hour, minute, second, 0))
    app = sys.modules.get("pulseblock.app")
    app = app and app.running
    waiting = bool(app and app.settle())
    files = Files(root)
    segments = Segments(files, unique_id())
    segments.recover()
    # only the app itself can tell that its boot is this one: without it ticks may have begun anew
    boot = app.boot if app and app.boot == segments.boot else 0
    if boot and not waiting:
        try:
            set_clock(files, unique_id(), ticks, unix_s * 1000 + ms)
        except OSError:
            pass  # the host keeps the pair
    yield json.dumps({"boot": boot, "ticks": ticks, "waiting": waiting, "journal": segments.journal}).encode()
