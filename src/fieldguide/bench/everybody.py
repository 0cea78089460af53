"""What a school's server needs of a machine that was not set up as one: for measuring, and for tests."""

from __future__ import annotations

import random
import socket
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

from fieldguide.school import SchoolError
from fieldguide.school.reading import ROOTS_PORTS

_SYSTEMS = "/usr/bin/python3"
_FIRST = 660  # those of an ordinary hub come before


def python_for_everybody(folder: Path) -> Path:
    """A Python in ``folder`` that every account can run, with the packages of the running one, which may be root's.

    Raises SchoolError where the system's Python is of another version, or others cannot come to the packages.
    """
    subprocess.run([_SYSTEMS, "-m", "venv", "--without-pip", str(folder)], check=True, capture_output=True)  # noqa: S603
    (own,) = folder.glob("lib/python3.*/site-packages")
    packages = sysconfig.get_path("purelib")
    if Path(packages).parent.name != own.parent.name:
        raise SchoolError("The system's Python is of another version than the one that runs this.")
    closed = [place for place in Path(packages).resolve().parents if not place.stat().st_mode & stat.S_IXOTH]
    if closed:
        raise SchoolError(f"Other accounts cannot enter {closed[-1]}, which the packages lie in.")
    (own / "shared.pth").write_text(f"import site; site.addsitedir({packages!r})\n", encoding="utf-8")
    for name in ("etc", "share"):
        (folder / name).symlink_to(Path(sys.prefix, name))
    for name in ("alembic", "nbgrader", "fieldguide"):  # which other programs call by name
        script = (Path(sys.prefix) / "bin" / name).read_text("utf-8").splitlines()
        (folder / "bin" / name).write_text("\n".join([f"#!{folder}/bin/python", *script[1:]]), encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    return folder / "bin" / "python"


def roots_ports(count: int) -> int:
    """The first of some ports in a row that nobody listens on, of those that root alone can take."""
    last = ROOTS_PORTS - count
    for first in random.sample(range(_FIRST, last), last - _FIRST):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise SchoolError(f"No {count} ports in a row are free below {ROOTS_PORTS}.")
