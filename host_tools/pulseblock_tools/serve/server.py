"""The server: a socket on loopback, a thread that follows the block, and their end."""

import contextlib
import secrets
import socket
import threading
from collections.abc import Callable, Iterator

import uvicorn
from sqlalchemy.engine import Engine

from pulseblock_tools.errors import BAD_INPUT, UserError
from pulseblock_tools.serve.app import Pages
from pulseblock_tools.serve.guard import Guard
from pulseblock_tools.serve.hub import Hub
from pulseblock_tools.serve.sources import Source

HOST = "127.0.0.1"
_PARTING_S = 20.0  # by then a block has started its app again


def run(
    engine: Engine, source: Source, tell: Callable[[str], None], *, port: int = 0, newtons: bool = False
) -> None:
    """Serve until interrupted; *tell* gets the address, token and all, once it answers.

    Raises UserError when the *port* (0: any) is taken.
    """
    with _listening(port) as listener:
        own_port = listener.getsockname()[1]
        token = secrets.token_urlsafe(24)
        hub = Hub()
        app = Guard(Pages(engine, hub, newtons=newtons).app(), token, own_port)
        server = _Server(
            uvicorn.Config(
                app, log_level="error", access_log=False, server_header=False, timeout_graceful_shutdown=1
            ),
            hub,
        )
        follower = threading.Thread(target=_follow, args=(source, hub), name="follow-block", daemon=True)
        follower.start()
        tell(f"http://{HOST}:{own_port}/?token={token}")
        try:
            server.run(sockets=[listener])
        finally:
            hub.closed.set()
            follower.join(timeout=_PARTING_S)


class _Server(uvicorn.Server):
    """Ends the streams first, else it would wait for pages that never leave."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.closed.set()
        await super().shutdown(sockets)


def _follow(source: Source, hub: Hub) -> None:
    try:
        source.follow(hub)
    except UserError as problem:
        hub.lost(str(problem))


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except (OSError, OverflowError) as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise UserError(f"port {port}: {reason}: choose another with --port", BAD_INPUT) from None
        listener.listen()
        yield listener
