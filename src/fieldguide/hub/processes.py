"""The processes of one classroom: recognized by a mark in their environment, and ended together.

After a crash a process number alone cannot be trusted, since the system may have given it to another program.
Everything that JupyterHub starts (the proxy, the students' servers, their kernels) inherits the mark, so that a process
is ours if and only if it has the mark. The mark is derived from the classroom's folder without naming it: a student's
server has it too, and the folder holds the instructor's course with every key.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterable
from pathlib import Path

import psutil

MARK = "FIELDGUIDE_CLASSROOM"


def mark_of(folder: Path) -> str:
    """The mark of the classroom in this folder."""
    return hashlib.sha256(str(folder).encode()).hexdigest()


def running_in(folder: Path) -> list[psutil.Process]:
    """The processes that carry this classroom's mark, except this one and those it runs under."""
    mark = mark_of(folder)
    here = psutil.Process()
    spared = {here.pid, *(parent.pid for parent in here.parents())}
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid not in spared and process.environ().get(MARK) == mark:
                found.append(process)
        except (psutil.Error, OSError):  # it has just ended, or belongs to another user
            continue
    return found


def end(processes: list[psutil.Process], patience: float = 3.0) -> None:
    """Ask the processes to end, and kill those that have not ended within `patience` seconds."""
    for process in processes:
        try:
            process.terminate()
        except psutil.NoSuchProcess:
            continue
    _, stubborn = psutil.wait_procs(processes, timeout=patience)
    for process in stubborn:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(stubborn, timeout=patience)


def can_listen(port: int) -> OSError | None:
    """Try to listen on this machine's port; return the system's error, if any."""
    with socket.socket() as probe:
        # Like the proxy: a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError as objection:
            return objection
    return None


def is_listened_at(port: int) -> bool:
    """Whether anybody listens at this machine's port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def strangers_at(folder: Path, ports: Iterable[int]) -> list[int]:
    """Those of the ports, at each of which somebody listens, where that is no process of this classroom."""
    own = set()
    for process in running_in(folder):
        try:
            own |= {at.laddr.port for at in process.net_connections("tcp") if at.status == psutil.CONN_LISTEN}
        except (psutil.Error, OSError):  # it has just ended
            continue
    return [port for port in ports if port not in own]


def free_ports(count: int) -> list[int]:
    """Free ports of this machine, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def marked_environment(folder: Path) -> dict[str, str]:
    """This process's environment with the classroom's mark."""
    return {**os.environ, MARK: mark_of(folder)}
