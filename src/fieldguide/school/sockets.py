"""Where the kernels of a server on a shared machine listen: at sockets in a folder that no other account can enter.

By itself a kernel listens at ports of this machine. Who is on it can connect: a kernel runs nothing without its key,
but it tells everybody what it prints and shows, a student's answers with it.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

#: For Jupyter's command line.
KERNELS_AT_SOCKETS = "--KernelManager.transport=ipc"
#: The longest name that a socket can have on Linux, and what a kernel's adds to its folder's.
_LONGEST, _NAME = 107, len("/kernel-00000000-0000-0000-0000-000000000000-ipc-5")


def runtime_folder(home: Path) -> Path:
    """A folder for sockets and connection files, for its owner alone: in the home, or where that is too long a name in
    the system's folder for what is temporary."""
    folder = home / ".runtime"
    if len(str(folder).encode()) + _NAME > _LONGEST:
        return _temporary()
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _temporary() -> Path:
    """One for all servers of an account, so that no start leaves another; somebody else may have taken its name."""
    folder = Path(tempfile.gettempdir(), f"fieldguide-{os.getuid()}")
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and stat.S_IMODE(found.st_mode) == 0o700
    return folder if own else Path(tempfile.mkdtemp(prefix="fieldguide-"))
