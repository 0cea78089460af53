"""Starts a student's server: as the student, on a socket that the hub holds, and under systemd held to its memory."""

from __future__ import annotations

import asyncio
import pwd
import socket
import sys
from collections.abc import Callable
from typing import Any

from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Bool

from fieldguide.hub.starting import InTurn
from fieldguide.school import SOCKET

_MOST_PROCESSES = 256
#: By so much a student's server lets the hub and the courses' servers go first: whoever logs in is answered.
_NICER = 5


class _AsStudent(LocalProcessSpawner):  # type: ignore[misc]
    """JupyterHub's own way of starting a server on this machine, with a port that no other account can take.

    The socket is bound before the server starts, and stays until the proxy has forgotten its address, also where the
    server ends by itself.
    """

    in_scopes = Bool(help="Start each server in a scope of systemd, which holds its memory to the limit.").tag(
        config=True
    )

    _held: socket.socket | None = None

    async def start(self) -> tuple[str, int]:
        self._let_go()
        self._held = socket.socket()
        self._held.bind(("127.0.0.1", 0))
        self.port = self._held.getsockname()[1]
        self.popen_kwargs = {"pass_fds": (self._held.fileno(),)}
        self.cmd = ["nice", "-n", str(_NICER), sys.executable, "-P", "-m", "fieldguide.school.student"]
        if self.in_scopes:
            # Of a hub that was killed: it stops by itself when nobody uses it, and its name is needed now.
            nothing = asyncio.subprocess.DEVNULL
            stopping = await asyncio.create_subprocess_exec("systemctl", "stop", self._scope(), stderr=nothing)
            await stopping.wait()
            self.cmd = [*self._into_scope(), *self.cmd]
        address: tuple[str, int] = await super().start()
        return address

    def get_env(self) -> dict[str, str]:
        """The server's environment, which tells it of the socket."""
        assert self._held is not None
        environment: dict[str, str] = super().get_env()
        return environment | {SOCKET: str(self._held.fileno())}

    def make_preexec_fn(self, name: str) -> Callable[[], None] | None:
        """What makes the new process the student's; in a scope that comes later, since root alone may make one."""
        become: Callable[[], None] = super().make_preexec_fn(name)
        return None if self.in_scopes else become

    def _scope(self) -> str:
        return f"fieldguide-student-{self.user.name}.scope"

    def _into_scope(self) -> list[str]:
        account = pwd.getpwnam(self.user.name)
        limits = [f"--property=TasksMax={_MOST_PROCESSES}"]
        if self.mem_limit:
            limits += [f"--property=MemoryMax={self.mem_limit}", "--property=MemorySwapMax=0"]
        become = ["setpriv", "--reuid", account.pw_name, "--regid", str(account.pw_gid), "--init-groups"]
        scope = ["systemd-run", "--scope", "--quiet", "--collect", f"--unit={self._scope()}", *limits, "--"]
        return [*scope, *become, "--no-new-privs", "--inh-caps=-all"]

    def load_state(self, state: dict[str, Any]) -> None:
        """Take up no server of an earlier hub: its number may be another process's by now, and so may its port."""
        super().load_state({})

    async def run_post_stop_hook(self) -> None:
        """Let the port go. The hub asks for this once the proxy sends nothing there any more."""
        self._let_go()

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None


class StudentSpawner(InTurn, _AsStudent):
    """Students' servers, in turn."""
