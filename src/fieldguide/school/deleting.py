"""Deletes what somebody else made: a file, a link, a pipe, or a folder however deep, in which they may be at work."""

from __future__ import annotations

import os
import secrets
import stat

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def open_folder(name: str, parent: int) -> int | None:
    """A folder in an open one, as a descriptor; None where there is anything else, and no link is followed."""
    try:
        return os.open(name, _FOLDER, dir_fd=parent)
    except OSError:
        return None


def delete(name: str, parent: int) -> None:
    """Delete what has this name in an open folder. Raises OSError where it cannot be; run again, it goes on.

    Folders within are moved up into the outermost, so that neither their depth nor the open files have a limit.
    """
    top = _taken(name, parent)
    if top is None:
        return
    try:
        while names := os.listdir(top):  # noqa: PTH208 (a descriptor)
            for one in names:
                _empty_and_delete(one, top)
    finally:
        os.close(top)
    os.rmdir(name, dir_fd=parent)


def _empty_and_delete(name: str, top: int) -> None:
    folder = _taken(name, top)
    if folder is None:
        return
    try:
        for one in os.listdir(folder):  # noqa: PTH208 (a descriptor)
            if stat.S_ISDIR(os.stat(one, dir_fd=folder, follow_symlinks=False).st_mode):
                os.rename(one, f".{secrets.token_hex(16)}", src_dir_fd=folder, dst_dir_fd=top)
            else:
                os.unlink(one, dir_fd=folder)
    finally:
        os.close(folder)
    os.rmdir(name, dir_fd=top)


def _taken(name: str, parent: int) -> int | None:
    """A folder, taken from its owner so that nothing more is put into it; what is no folder is deleted, with None."""
    try:
        found = os.stat(name, dir_fd=parent, follow_symlinks=False)
        if not stat.S_ISDIR(found.st_mode):
            os.unlink(name, dir_fd=parent)
            return None
        descriptor = os.open(name, _FOLDER, dir_fd=parent)
    except FileNotFoundError:  # it went meanwhile
        return None
    os.fchown(descriptor, os.geteuid(), os.getegid())
    os.fchmod(descriptor, 0o700)
    return descriptor
