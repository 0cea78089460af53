"""The line between a student's browser and their server, which can break, or lose what goes one way."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Literal

Way = Literal["there", "back"]


class Line:
    """A port that leads to another port of this machine."""

    def __init__(self, port: int) -> None:
        self._far_port = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        #: Which ways nothing comes through, though the connection stands.
        self.losing: set[Way] = set()
        self._is_up = True
        self._ends: list[socket.socket] = []
        self._changing = threading.Lock()  # who comes in while the line is cut is cut off too
        threading.Thread(target=self._take, daemon=True).start()

    def cut(self) -> None:
        """Break all connections, and let nobody in until the line is mended."""
        with self._changing:
            self._is_up = False
            for end in self._ends:
                _close(end)
            self._ends.clear()

    def mend(self) -> None:
        """Let everything through again."""
        self.losing.clear()
        self._is_up = True

    def end(self) -> None:
        """Cut the line for good."""
        self.cut()
        _close(self._door)

    def _take(self) -> None:
        with contextlib.suppress(OSError):  # when it ends
            while True:
                near, _ = self._door.accept()
                try:
                    with self._changing:
                        if not self._is_up:
                            raise ConnectionRefusedError
                        far = socket.create_connection(("127.0.0.1", self._far_port))
                        self._ends += [near, far]
                except OSError:
                    _close(near)
                    continue
                threading.Thread(target=self._carry, args=("there", near, far), daemon=True).start()
                threading.Thread(target=self._carry, args=("back", far, near), daemon=True).start()

    def _carry(self, way: Way, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                if way not in self.losing:
                    target.sendall(data)
        _close(source)
        _close(target)


def _close(end: socket.socket) -> None:
    # Who waits at it in another thread hears of a shutdown, and not of a close.
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
