"""The virtual block's USB port: a loopback TCP port that mpremote opens as ``socket://127.0.0.1:PORT``."""

import contextlib
import socket
import threading
from collections.abc import Callable

_LEAVING_S = 0.25  # for the port to notice that a program has left, when the next comes at once


class UsbPort:
    """Listens on loopback; one program at a time holds the port, others are turned away.

    ``receive`` takes the bytes that arrive, in a thread of the port's.  ``port`` 0 lets the system choose.
    """

    def __init__(self, receive: Callable[[bytes], None], port: int = 0) -> None:
        self._receive = receive
        self._server = socket.create_server(("127.0.0.1", port))
        self.port: int = self._server.getsockname()[1]
        self._lock = threading.Condition()
        self._client: socket.socket | None = None
        self._budget: int | None = None  # bytes until the cable is pulled
        threading.Thread(target=self._accept, name="usb-accept", daemon=True).start()

    @property
    def url(self) -> str:
        """What mpremote connects to."""
        return f"socket://127.0.0.1:{self.port}"

    @property
    def connected(self) -> bool:
        """Whether a program holds the port."""
        return self._client is not None

    def send(self, data: bytes) -> None:
        """Send to whoever holds the port, waiting while they do not read; nobody there, nothing sent."""
        client = self._client
        if client is not None:
            data, pulled = self._spend(data)
            with contextlib.suppress(OSError):
                client.sendall(data)
            if pulled:
                self.cut()

    def cut(self, after: int = 0) -> None:
        """Pull the cable: now, or once that many more bytes have crossed it, both ways counted."""
        with self._lock:
            self._budget = after or None
            client = None if after else self._client
            if client is not None:
                self._hang_up(client)
        if client is not None:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads, which closes it

    def close(self) -> None:
        """Stop listening, and drop who is connected."""
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.cut()

    def _spend(self, data: bytes) -> tuple[bytes, bool]:
        """What of the data still crosses, and whether the cable is pulled then."""
        with self._lock:
            if self._budget is None:
                return data, False
            data = data[: self._budget]
            self._budget -= len(data)
            return data, self._budget == 0

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return  # closed
            with self._lock:
                free = self._lock.wait_for(lambda: self._client is None, _LEAVING_S)
                if free:
                    self._client = client
            if free:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._read, args=[client], name="usb-read", daemon=True).start()
            else:
                client.close()

    def _read(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            while data := client.recv(65536):
                data, pulled = self._spend(data)
                self._receive(data)
                if pulled:
                    break
        with self._lock:
            self._hang_up(client)

    def _hang_up(self, client: socket.socket) -> None:
        if self._client is client:
            self._client = self._budget = None
            self._lock.notify_all()
