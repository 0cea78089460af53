"""Files of an archive on their way to where they belong: laid out where root alone can enter, given to their accounts
there, and moved to their place when all are on the disk. Nothing is ever written over."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fieldguide.school import SchoolError
from fieldguide.school.archive import Archive, Kept
from fieldguide.school.machine import MissingError, inside
from fieldguide.school.walking import FOLDER

_BLOCK = 1 << 20
_AS_IT_IS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass
class Owners:
    """Whose files there may be, by name, with the numbers of account and group. What a manifest gives anybody else
    belongs to the first of them."""

    numbers: Mapping[str, tuple[int, int]]
    #: Who was told as an owner and is not taken.
    strangers: set[str] = field(default_factory=set)

    def own(self, path: Path, kept: Kept, most: int) -> None:
        """Give a file or folder that nobody else can reach to its owner. An account's own group has its name."""
        first = next(iter(self.numbers))
        owner = kept.owner if kept.owner in self.numbers else first
        group = kept.group if kept.group in self.numbers else first
        if owner != kept.owner:
            self.strangers.add(kept.owner)
        os.chown(path, self.numbers[owner][0], self.numbers[group][1])
        path.chmod(kept.mode & most)


def lay_out(archive: Archive, beginning: str, staged: Path, owners: Callable[[str], Owners | None]) -> None:
    """Write what an archive holds below a folder that root alone can enter, in one pass.

    ``owners`` is asked of each path who may own it: for None it is left out. Raises SchoolError.
    """
    staged.mkdir(mode=0o700)
    folders = [(name, kept, whose) for name, kept in archive.folders(beginning) if (whose := owners(name))]
    for name, _, _ in folders:
        (staged / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, kept, content in archive.files(beginning):
        whose = owners(name)
        if whose is None:
            continue
        path = staged / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as stream:
            shutil.copyfileobj(content, stream, _BLOCK)
        whose.own(path, kept, 0o777)
    # The inner ones first: one that is its owner's is no longer written to.
    for name, kept, whose in reversed(folders):
        whose.own(staged / name, kept, 0o3777)


def is_there(target: Path, name: str, kept: Kept) -> bool:
    """Whether a file is in its place already, as it should be. Raises SchoolError where something else is."""
    path = target / name
    try:
        with inside(path.parent) as folder, os.fdopen(os.open(path.name, _AS_IT_IS, dir_fd=folder), "rb") as stream:
            about = os.fstat(stream.fileno())
            is_file = stat.S_ISREG(about.st_mode) and about.st_size == kept.size
            if is_file and hashlib.file_digest(stream, "sha256").hexdigest() == kept.sha256:
                return True
    except (FileNotFoundError, MissingError):
        return False
    except OSError as error:
        raise _in_the_way(path) from error
    raise _in_the_way(path)


def move(staged: Path, target: Path) -> None:
    """Move what one folder holds into another; a folder that is there already gets what is in it. Raises SchoolError.

    All of it is on the disk before anything is moved: what is in its place is whole, also after the power was off.
    """
    os.sync()
    with inside(staged) as there, inside(target) as here:
        _move(there, here, target)
    os.sync()


def _move(there: int, here: int, target: Path) -> None:
    # No deeper than an archive's names are.
    for name in sorted(os.listdir(there)):
        is_folder = stat.S_ISDIR(os.stat(name, dir_fd=there, follow_symlinks=False).st_mode)
        try:
            found = os.stat(name, dir_fd=here, follow_symlinks=False)
        except FileNotFoundError:
            if is_folder:
                os.rename(name, name, src_dir_fd=there, dst_dir_fd=here)
            else:
                _link(name, there, here, target)
            continue
        if not is_folder or not stat.S_ISDIR(found.st_mode):
            raise _in_the_way(target / name)
        inner = os.open(name, FOLDER, dir_fd=there)
        try:
            outer = os.open(name, FOLDER, dir_fd=here)
            try:
                _move(inner, outer, target / name)
            finally:
                os.close(outer)
        finally:
            os.close(inner)


def _link(name: str, there: int, here: int, target: Path) -> None:
    # Unlike a rename this writes over nothing that comes at this moment.
    try:
        os.link(name, name, src_dir_fd=there, dst_dir_fd=here, follow_symlinks=False)
    except FileExistsError:
        raise _in_the_way(target / name) from None
    os.unlink(name, dir_fd=there)


def _in_the_way(path: Path) -> SchoolError:
    return SchoolError(f"{path} is there and not as in the backup. It stays as it is: move it away, and restore again.")
