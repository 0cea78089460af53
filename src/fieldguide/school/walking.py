"""Goes through a folder in which others may be at work: by open folders, so that no link is followed on the way, and
one entry after the other, so that millions are held no more than a few."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

#: How a folder is opened in another: itself, and nothing that was put in its place.
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(slots=True)
class Entry:
    """One entry. ``path`` is within the outermost folder, ``folder`` the open folder that it is in.

    ``about`` is None where it could not be looked at, for the reason in ``error``; where a folder could not be entered
    or listed, it comes once more, with both. Who sets ``enter`` to False on a folder gets nothing of what is in it.
    """

    path: str
    name: str
    folder: int
    about: os.stat_result | None = None
    error: OSError | None = None
    enter: bool = True

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder that could be looked at."""
        return self.about is not None and stat.S_ISDIR(self.about.st_mode)


def walk(top: int) -> Iterator[Entry]:
    """Everything below an open folder, a folder before what is in it; what goes meanwhile is not there.

    A folder is open while what is in it is gone through, so whoever lets no end of them be entered runs out.
    """
    here = Entry(".", ".", top)
    opened: list[tuple[Entry, int, os._ScandirIterator[str]]] = []
    try:
        failed = _enter(here, opened)
        if failed:
            yield failed
        while opened:
            above, folder, listing = opened[-1]
            try:
                found = next(listing, None)
            except OSError as error:
                yield Entry(above.path, above.name, above.folder, above.about, error)
                found = None
            if found is None:
                opened.pop()
                listing.close()
                os.close(folder)
                continue
            entry = Entry(f"{above.path}/{found.name}".removeprefix("./"), found.name, folder)
            try:
                entry.about = os.stat(found.name, dir_fd=folder, follow_symlinks=False)
            except FileNotFoundError:
                continue
            except OSError as error:
                entry.error = error
            yield entry
            if entry.is_folder and entry.enter:
                failed = _enter(entry, opened)
                if failed:
                    yield failed
    finally:
        for _, folder, listing in opened:
            listing.close()
            os.close(folder)


def _enter(entry: Entry, opened: list[tuple[Entry, int, os._ScandirIterator[str]]]) -> Entry | None:
    """Open a folder as the innermost; returns it with the reason where it is there and cannot be."""
    try:
        folder = os.open(entry.name, FOLDER, dir_fd=entry.folder)
        try:
            opened.append((entry, folder, os.scandir(folder)))
        except OSError:
            os.close(folder)
            raise
    except FileNotFoundError:
        return None
    except OSError as error:
        return Entry(entry.path, entry.name, entry.folder, entry.about, error)
    return None
