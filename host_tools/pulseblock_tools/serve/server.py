"""The server: a socket on loopback, a thread that follows the block, and their end."""

import secrets
import socket
import threading

import uvicorn
from sqlalchemy.engine import Engine

from pulseblock_tools.errors import UserError
from pulseblock_tools.serve.app import Pages
from pulseblock_tools.serve.guard import Guard
from pulseblock_tools.serve.hub import Hub
from pulseblock_tools.serve.sources import Source

HOST = "127.0.0.1"
_PARTING_S = 5.0  # by then a block was told to send no more


class LocalServer:
    """Serves the pages at ``address``, token and all, from its making on; `run` answers.

    Raises UserError when the *port* (0: any) is taken.  *newtons* as in `report.page.About`.
    """

    def __init__(self, engine: Engine, source: Source, *, port: int = 0, newtons: bool = False) -> None:
        self._listener = _listen(port)
        own_port = self._listener.getsockname()[1]
        token = secrets.token_urlsafe(24)
        self.address = f"http://{HOST}:{own_port}/?token={token}"
        self._hub = Hub()
        self._source = source
        app = Guard(Pages(engine, self._hub, newtons=newtons).app(), token, own_port)
        self._server = _Server(
            uvicorn.Config(
                app, log_level="error", access_log=False, server_header=False, timeout_graceful_shutdown=1
            ),
            self._hub,
        )

    def run(self) -> None:
        """Follow the block and answer, until Ctrl-C (in the main thread) or `stop`; the block runs on."""
        follower = threading.Thread(target=self._follow, name="follow-block", daemon=True)
        follower.start()
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self._hub.closed.set()
            follower.join(_PARTING_S)
            self._listener.close()

    def stop(self) -> None:
        """Make `run`, in another thread, return."""
        self._server.should_exit = True

    def _follow(self) -> None:
        try:
            self._source.follow(self._hub)
        except UserError as problem:
            self._hub.lost(str(problem))


class _Server(uvicorn.Server):
    """Ends the streams first, else it would wait for pages that never leave."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.closed.set()
        await super().shutdown(sockets)


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen()
    except OSError as problem:
        listener.close()
        raise UserError(f"port {port}: {problem.strerror}: choose another with --web-port") from None
    return listener
