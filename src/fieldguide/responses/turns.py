"""One writer at a time to a record on a disk of the network, whose other writers may be on other machines.

The system's locks need not hold there: NFS mounted with ``nolock`` keeps them on one machine, other disks refuse them.
That a new file is made by one alone does hold, on NFS since version 3 and on SMB. So whose turn it is stands in a file
that is made for each write, and removed after it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from fieldguide.filesystems import is_of_network, kind_of
from fieldguide.plainfiles import PRIVATE, read_plain

#: In seconds. A turn takes milliseconds; one that lasts so long was left behind by a server that was killed.
LEFT_AFTER = 15.0
#: How long somebody waits for a turn before it is not saved, and how long a look takes at most where the disk is well.
_PATIENCE, _STILL = 60.0, 1.0
_WAIT = (0.002, 0.02)
_LONGEST = 100


class Turns:
    """The turns at the record of one module in one folder. On a disk of this machine alone there are none to take."""

    def __init__(self, folder: Path, module: str) -> None:
        self._path = folder / f".{module}.turn"
        self._shared: bool | None = None

    @contextlib.contextmanager
    def taken(self) -> Iterator[bool]:
        """Have the turn, and be told whether there are any to take. Raises OSError where the disk refuses."""
        if self._shared is None:
            self._shared = is_of_network(kind_of(self._path.parent))
        if not self._shared:
            yield False
            return
        mine = uuid4().hex.encode()
        self._take(mine)
        try:
            yield True
            if self._whose() != mine:  # it was ended from elsewhere: what was written may have been written over
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        finally:
            with contextlib.suppress(OSError):
                if self._whose() == mine:
                    self._path.unlink()

    def _take(self, mine: bytes) -> None:
        began = since = last = time.monotonic()
        seen = b""
        while not self._begin(mine):
            time.sleep(random.uniform(*_WAIT))  # noqa: S311 (so that two do not go on meeting)
            whose, now = self._whose(), time.monotonic()
            # Where the disk stood still, so may whoever has the turn.
            if whose != seen or now - last > _STILL:
                seen, since = whose, now
            elif now - since > LEFT_AFTER:
                self._end(whose)
            if now - began > _PATIENCE:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
            last = now

    def _begin(self, mine: bytes) -> bool:
        """Make the file, and be told whether nobody else has."""
        try:
            made = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        except FileExistsError:
            return False
        try:
            with open(made, "wb", buffering=0) as file:  # noqa: PTH123 (it is open already)
                file.write(mine)
        except OSError:
            self._path.unlink()
            raise
        return True

    def _whose(self) -> bytes:
        """What tells one turn from another; the same for all that cannot be read."""
        try:
            return read_plain(self._path, _LONGEST)
        except OSError:
            return b""

    def _end(self, whose: bytes) -> None:
        """End a turn that was left behind. Of those who see it end, one alone can give its file another name."""
        aside = self._path.with_name(f"{self._path.name}.{uuid4().hex}")
        with contextlib.suppress(OSError):
            self._path.rename(aside)
            try:
                if read_plain(aside, _LONGEST) != whose:  # another ended it, and somebody's has begun meanwhile
                    os.link(aside, self._path)
            finally:
                aside.unlink()
