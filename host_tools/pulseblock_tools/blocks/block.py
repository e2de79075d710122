"""A block at a port: its app interrupted, its files and modules at hand, its app running again afterwards."""

import base64
import contextlib
import functools
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from pulseblock_tools.blocks.about import About
from pulseblock_tools.blocks.link import ENTRY_S, PATIENCE, Garbled, Link
from pulseblock_tools.blocks.locking import locked
from pulseblock_tools.blocks.ports import Port
from pulseblock_tools.errors import FAILED, UserError

GUARD_S = 30
"""How long a block waits for the next word of a command before it goes back to work by itself."""

QUESTION_S = 600
"""The same where somebody is asked a question meanwhile."""

START_S = 60.0 * PATIENCE  # an app reads its whole journal when it starts
_STEADY_S = 0.25  # and has done fifty steps by then
_PARTING_S = (3.0,)

_SNIPPETS = Path(__file__).parent / "snippets"
_FILE_BYTES = 1 << 24
_PIECE_BYTES = 3072  # of a file that is sent; four thirds of it in base64

_RUNS = b" runs\r\n"
_PROMPT = b">>> "

Value = int | str | bytes


class AppFailed(UserError):
    """The block's app does not run; the block is stopped at its prompt."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the block's app does not start: {reason}; switch the block off and on, "
            "or put the firmware there again with 'pulseblock install'",
            FAILED,
        )


class Block:
    """What commands do with a block; `connect` makes it.

    All of it raises UserError: LostConnection when the cable is pulled, ProgramFailed when the block says no.
    """

    def __init__(self, link: Link, port: Port, guard_s: float = GUARD_S) -> None:
        self.port = port
        self._link = link
        self._guard_ms = int(guard_s * 1000)
        self._loaded = ""  # the snippet whose `run` the block has
        self._restarted = False

    # -- what runs on the block

    def interrupt(self) -> None:
        """Stop what runs on the block and be ready for the next snippet, after Garbled."""
        self._link.stop()
        self.prepare()

    def prepare(self) -> None:
        """Send what snippets need to an interpreter that was just stopped."""
        self._loaded = ""
        self._link.text(f"import gc\ngc.collect()\n{_snippet('link')}\npulseblock_watch({self._guard_ms})")

    @functools.cached_property
    def about(self) -> About:
        """What the block is and runs."""
        return About.parse(self.ask("about"), self.port.device)

    def firmware_changed(self) -> None:
        """Forget what the block said of itself, here and there: its files are others now."""
        self.__dict__.pop("about", None)
        self.exec(
            "import sys\nfor name in list(sys.modules):\n if name.split('.')[0] == 'pulseblock':\n"
            "  del sys.modules[name]"
        )

    def exec(self, source: str, answer_s: float | None = None) -> str:
        """Run a program and return what it printed; *answer_s* is how long it may be silent."""
        return self._link.text(f"pulseblock_watch({self._guard_ms})\n{source}", answer_s)

    def run_snippet(self, name: str, answer_s: float | None = None, **values: Value) -> Iterator[bytes]:
        """Run ``snippets/NAME.py``: pass on what its ``run(**values)`` yields, each part as it comes.

        It runs from the first ``next()`` on.  Raises Garbled when a part did not arrive whole; `interrupt`
        before the next snippet then.
        """
        source = "" if name == self._loaded else _snippet(name)
        self._loaded = ""
        arguments = ", ".join(f"{key}={_literal(value)}" for key, value in values.items())
        yield from self._link.parts(
            f"{source}\npulseblock_send(run({arguments}), {self._guard_ms})\n", answer_s
        )
        self._loaded = name

    def do(self, name: str, answer_s: float | None = None, **values: Value) -> bytes:
        """Run a snippet to its end; all that it yielded, as one."""
        whole = bytearray()
        for part in self.run_snippet(name, answer_s, **values):
            whole += part
            if len(whole) > _FILE_BYTES:
                raise Garbled(f"the block at {self.port.device} sends without end")
        return bytes(whole)

    def ask(self, name: str, answer_s: float | None = None, **values: Value) -> Any:
        """Run a snippet that answers with one value in JSON; the caller must check that it makes sense."""
        try:
            return json.loads(self.do(name, answer_s, **values))
        except (ValueError, RecursionError) as error:
            raise Garbled(f"the block at {self.port.device} answers nonsense: {error}") from error

    def allow_silence(self, seconds: float) -> None:
        """Let the block wait so long for the next word, this once."""
        self._link.text(f"pulseblock_watch({int(seconds * 1000)})")

    # -- its files

    def read_file(self, path: str) -> bytes | None:
        """Contents of a file on the block; None where there is none."""
        found = self.run_snippet("read_file", path=path)
        if next(found) != b"found":
            return None
        whole = bytearray()
        for part in found:
            whole += part
            if len(whole) > _FILE_BYTES:
                raise Garbled(f"{path} on the block does not end")
        return bytes(whole)

    def write_file(self, path: str, contents: bytes) -> None:
        """Put a file on the block, in folders made as needed: until it is there whole, the old one is."""
        for at in range(0, len(contents) or 1, _PIECE_BYTES):
            piece = base64.b64encode(contents[at : at + _PIECE_BYTES])
            self.do("write_file", path=path, at=at, piece=piece)
        self.do("replace_file", path=path, size=len(contents), crc=crc32(contents))

    # -- its app

    def restart_app(self, patience_s: Sequence[float] = ENTRY_S) -> None:
        """Start the app, and see that it runs: it says so after its first step, and is silent from then on.

        Nothing else can be done with the block afterwards.  Raises AppFailed, LostConnection.  A board
        without our firmware starts what it has.
        """
        if self._restarted:
            return
        self._restarted = True
        self._link.finish(patience_s)
        ours = False
        with contextlib.suppress(UserError):  # whatever is wrong, try to start it
            ours = self.about.firmware is not None
            self._link.text("if pulseblock_guard:\n pulseblock_guard.deinit()")
        self._link.restart()
        if not ours:
            return
        found, said = self._link.listen([_RUNS, _PROMPT], START_S)
        if found == _RUNS:
            found, more = self._link.listen([_PROMPT], _STEADY_S)
            said += more
        elif found is None:
            raise AppFailed(f"it has not said within {START_S:g} s that it runs")
        if found == _PROMPT:
            raise AppFailed(_reason(said))


@contextlib.contextmanager
def connect(
    port: Port, *, patience_s: Sequence[float] = ENTRY_S, guard_s: float = GUARD_S
) -> Iterator[Block]:
    """Interrupt what runs on the board at *port* and give its Block; start its app again at the end.

    *patience_s* is the time for each attempt to interrupt it.  Between two of the command's doings there may
    be *guard_s*: after that the board restarts by itself, for its cable must have been pulled.
    """
    with locked(port.device), contextlib.closing(Link(port.device)) as link:
        link.stop(patience_s)
        block = Block(link, port, guard_s)
        try:
            block.prepare()
            yield block
        except BaseException:
            with contextlib.suppress(UserError):  # what went wrong first is what counts
                block.restart_app(_PARTING_S)
            raise
        block.restart_app()


@functools.cache
def _snippet(name: str) -> str:
    return (_SNIPPETS / f"{name}.py").read_text(encoding="utf-8")


def _literal(value: Value) -> str:
    if type(value) not in {int, str, bytes}:
        raise TypeError(f"only ints, strings and bytes go to a block, not {value!r}")
    return ascii(value)


def _reason(said: str) -> str:
    """What the app or MicroPython printed of it when /main.py ended."""
    reasons = re.findall(
        r"not started: (.*)|^(\w+(?:Error|Exception|Interrupt|Exit)\b.*)", said, re.MULTILINE
    )
    return "".join(reasons[-1]).strip()[:200] if reasons else "it ended"
