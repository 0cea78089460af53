"""The processes of one classroom: known by a mark in their environment, ended together.

A process number alone cannot be trusted after a crash, since the system may have given it to another program. The mark
is inherited by everything that JupyterHub starts (the proxy, the students' servers, their kernels), so that whatever
carries it is ours and whatever lacks it is left alone. It is made from the classroom's folder and does not name it: a
student's server carries it too, and the instructor's course, with every key, lies in that folder.
"""

from __future__ import annotations

import hashlib
import os
import socket
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
        except (psutil.Error, OSError):  # it has just ended, or it is somebody else's
            continue
    return found


def end(processes: list[psutil.Process], patience: float = 3.0) -> None:
    """Ask the processes to end, and end those that have not within `patience` seconds."""
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
    """Try to listen on this machine's port; return the system's objection, if any."""
    with socket.socket() as probe:
        # As the proxy does it: a port whose last connections are only fading away counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError as objection:
            return objection
    return None


def free_ports(count: int) -> list[int]:
    """Ports on this machine that nobody is using, all different."""
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
