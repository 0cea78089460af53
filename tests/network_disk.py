"""A disk of the network, as two machines have it: one folder, mounted twice, where a lock of one is none for the other.

    python network_disk.py FOLDER MOUNT [refuse] [drift]

Every write takes a millisecond on its way. Attributes are asked for anew each time, as NFS does when a file is opened.
With ``refuse``, files have no second names, as on SMB. With ``drift``, a file has another number at each look, as on
SMB that is mounted with ``noserverino``.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mfusepy

_FIELDS = ("st_gid", "st_mode", "st_nlink", "st_size", "st_uid", "st_ino")
_TIMES = ("st_atime", "st_ctime", "st_mtime")
_SPACE = ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_favail", "f_ffree", "f_files", "f_frsize", "f_namemax")


class Disk(mfusepy.Operations):  # type: ignore[misc]
    """What is asked of a disk, answered by a folder. Locks are not asked for, so that each mount has its own."""

    use_ns = True

    def __init__(self, folder: str, *, refuse: bool, drift: bool) -> None:
        self.folder, self.refuse, self.drift = folder, refuse, drift
        self.looks = 1 << 40

    def at(self, path: str) -> Path:
        return Path(self.folder + path)

    def getattr(self, path: str, fh: object = None) -> dict[str, int]:
        found = self.at(path).lstat()
        told = {name: getattr(found, name) for name in _FIELDS} | {
            name: getattr(found, f"{name}_ns") for name in _TIMES
        }
        self.looks += 1
        return told | {"st_ino": self.looks} if self.drift else told

    def readdir(self, path: str, fh: object) -> Iterator[str]:
        yield from (".", "..", *(found.name for found in self.at(path).iterdir()))

    def open(self, path: str, info: Any) -> int:
        # Where what is appended goes, a machine works out by itself, from the size that it knows.
        info.fh = os.open(self.at(path), info.flags & ~os.O_APPEND)
        return 0

    def create(self, path: str, mode: int, info: Any) -> int:
        info.fh = os.open(self.at(path), (info.flags & ~os.O_APPEND) | os.O_CREAT, mode)
        return 0

    def read(self, path: str, size: int, offset: int, info: Any) -> bytes:
        return os.pread(info.fh, size, offset)

    def write(self, path: str, data: bytes, offset: int, info: Any) -> int:
        time.sleep(0.001)
        return os.pwrite(info.fh, data, offset)

    def truncate(self, path: str, length: int, fh: object = None) -> None:
        os.truncate(self.at(path), length)

    def release(self, path: str, info: Any) -> int:
        os.close(info.fh)
        return 0

    def fsync(self, path: str, datasync: object, info: Any) -> int:
        os.fsync(info.fh)
        return 0

    def mkdir(self, path: str, mode: int) -> None:
        self.at(path).mkdir(mode)

    def rmdir(self, path: str) -> None:
        self.at(path).rmdir()

    def unlink(self, path: str) -> None:
        self.at(path).unlink()

    def rename(self, old: str, new: str) -> None:
        self.at(old).rename(self.at(new))

    def link(self, new: str, old: str) -> None:
        if self.refuse:
            raise mfusepy.FuseOSError(errno.EOPNOTSUPP)
        self.at(new).hardlink_to(self.at(old))

    def chmod(self, path: str, mode: int) -> None:
        self.at(path).chmod(mode)

    def utimens(self, path: str, times: tuple[int, int] | None = None) -> None:
        os.utime(self.at(path), ns=times)

    def statfs(self, path: str) -> dict[str, int]:
        found = os.statvfs(self.at(path))
        return {name: getattr(found, name) for name in _SPACE}


if __name__ == "__main__":
    mfusepy.FUSE(
        Disk(sys.argv[1], refuse="refuse" in sys.argv[3:], drift="drift" in sys.argv[3:]),
        sys.argv[2],
        foreground=True,
        nothreads=True,
        raw_fi=True,
        attr_timeout=0,
        entry_timeout=0,
        direct_io=True,
        use_ino="drift" in sys.argv[3:],
    )
