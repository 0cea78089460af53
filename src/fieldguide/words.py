"""The words of an interface, from one file a language."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path


class Words:
    """The interface texts of one folder's words file, read when the first is asked for."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "words.en.json"

    @cached_property
    def _texts(self) -> dict[str, str]:
        texts: dict[str, str] = json.loads(self._path.read_text(encoding="utf-8"))
        return texts

    def words(self) -> dict[str, str]:
        """Interface texts by name; ``{name}`` in a text stands for a value."""
        return self._texts

    def say(self, name: str, **values: object) -> str:
        """One interface text with its values filled in."""
        return self._texts[name].format(**values)

    def count(self, name: str, n: float, **values: object) -> str:
        """One interface text that depends on a number. Of the plural forms only one and other are known here."""
        return self.say(f"{name}.{'one' if n == 1 else 'other'}", n=f"{n:g}", **values)
