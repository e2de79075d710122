"""One file a board: its pins and parts, as a class `Board`.  A new board is a new file here and nothing else.

The file `BOARD_FILE` on the block's flash names the one to use.  What the app asks of a `Board`:

``name``            str, the file's name
``unique_id``       bytes, the processor's own number
``files``           str, root of the file system for settings and journal, without a slash at its end
``rate_hz``         samples a second its sensors give, 50..200
``boot_cause``      why the board started: index into `journal.record.BOOT_CAUSES`
``samples_lost``    samples the sensors had but could not keep, since power-on
``late_ms``         by how much the step that goes on came late
``parts_error``     why the block's own values for its parts could not be used, "" where they are
``ticks_ms()``      clock, 0..2^30-1 ms, wrapping
``unix_s()``        Unix time in s, 0 while nobody has set the clock
``read(sample)``    puts the oldest waiting sample into ``sample``, an ``array('i')`` of five: ms ticks, force
                    in cN, three times Q2.13 g in the block's axes; False where none waits.  ``OSError``
                    while a sensor does not answer
``light(r, g, b)``  sets the light, each 0..255
``tone(hz)``        sounds the buzzer, 0 for silence
``button()``        True while the button is down; contacts may bounce
``held()``          True while the button is held down, contacts at rest; may take a moment
``battery_mv()``    millivolts, 0 where they are not measured
``battery_pct()``   per cent left, -1 where it is not known
``listening()``     whether somebody wants telemetry
``telemetry(frame)``  sends one frame (see `pulseblock.telemetry`), or drops it; never waits
``run(app)``        has the board's clock call ``app.step()``, and ``app.interrupted()`` on Ctrl-C; a board
                    that sleeps does so while ``app.may_rest``, between ``app.rest()`` and ``app.wake()``

Parts that a board lacks are methods that do nothing.  None of these allocates; only `run` and `held` wait.
"""

BOARD_FILE = "/board"


def load(name):
    """Return the board that the file ``name`` of this package describes; ImportError if there is none."""
    return __import__("pulseblock.boards." + name, None, None, ("Board",)).Board()


def current(board_file=BOARD_FILE):
    """Return the board that ``board_file`` names.  ``OSError`` without that file, ImportError as `load`."""
    with open(board_file) as file:
        return load(file.read().strip())
