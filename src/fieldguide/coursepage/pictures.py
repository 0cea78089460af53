"""Pictures of a notebook, as data in the page itself: a file of the module's own folder, or one that is attached to a
cell. Nothing is fetched from elsewhere, and nothing that could act or move is shown.

As data they need no address of their own, which would have to be kept from everybody but the notebook's reader.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fieldguide.plainfiles import read_plain

#: How the address of a picture begins that is attached to its cell.
ATTACHED = "attachment"
#: The largest picture, and all of a module, in bytes: they come with each reading of its page.
LARGEST, LARGEST_ALL = 1 << 20, 3 << 20
_KINDS = ("image/png", "image/jpeg", "image/webp")


class Pictures:
    """The pictures of one notebook. ``folder`` is the module's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._left = LARGEST_ALL

    def data(self, address: str, attachments: object = None) -> str | None:
        """A picture as an address that holds its content; None where it cannot be shown. ``address`` is what the
        notebook calls it, ``attachments`` what is attached to its cell."""
        try:
            where = urlsplit(address)
            name = unquote(where.path)
            if where.scheme == ATTACHED:
                content = _attached(attachments, name)
            elif where.scheme or where.netloc:
                return None
            else:
                content = self._read(name)
        except (OSError, ValueError):  # none there, too large, a name that is none, or base 64 that is none
            return None
        kind = kind_of(content) if len(content) <= min(LARGEST, self._left) else None
        if kind is None:
            return None
        self._left -= len(content)
        return f"data:{kind};base64,{b64encode(content).decode('ascii')}"

    def _read(self, name: str) -> bytes:
        folder = self._folder.resolve()
        file = (folder / name).resolve()
        if not file.is_relative_to(folder):
            raise OSError
        return read_plain(file, LARGEST)


def _attached(attachments: object, name: str) -> bytes:
    """What is attached to a cell under a name, in the first form that can be shown; nothing where none can."""
    forms = attachments.get(name) if isinstance(attachments, Mapping) else None
    for kind, form in forms.items() if isinstance(forms, Mapping) else ():
        if str(kind) in _KINDS:
            return b64decode("".join(map(str, form)) if isinstance(form, list) else str(form))
    return b""


def kind_of(content: bytes) -> str | None:
    """The media type of a picture that stands still, by its content; None of everything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return None if b"acTL" in content else "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return None if b"ANIM" in content[:64] else "image/webp"
    return None
