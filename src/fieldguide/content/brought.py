"""What a course folder was brought, and when not as it was brought: so nobody's own changes are written over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from fieldguide.content.archive import Content
from fieldguide.content.files import digest
from fieldguide.grading.released import CONTENT_FOLDER
from fieldguide.plainfiles import read_own, write_whole

#: The note, at the top of a course folder: a course that begins from another takes it over.
NOTE = f"{CONTENT_FOLDER}.json"
_LARGEST = 16 << 20


@dataclass
class Brought:
    """The version that was brought last, and of each module, and each file beside the modules, the digest of what was
    brought. A module that stayed older keeps the digest of what it was brought as."""

    version: str = ""
    modules: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, content: Content) -> Brought:
        """All of a content."""
        return cls(
            content.version,
            {name: digest(content.module(name)) for name in content.modules},
            {name: digest_of_file(name, data) for name, data in content.beside.items()},
        )


def digest_of_file(name: str, data: bytes) -> str:
    """The digest of one file beside the modules."""
    return digest({name: data})


def read_brought(root: Path) -> Brought:
    """What is noted in a course folder; nothing where no note can be read: then all counts as changed by hand."""
    try:
        told = json.loads(read_own(root / NOTE, _LARGEST))
        return Brought(str(told["version"]), _texts(told["modules"]), _texts(told["beside"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Brought()


def write_brought(root: Path, brought: Brought) -> None:
    """Note it. Raises OSError."""
    write_whole(root / NOTE, json.dumps({"v": 1, **asdict(brought)}, indent=1).encode() + b"\n")


def _texts(told: Mapping[str, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in told.items()}
