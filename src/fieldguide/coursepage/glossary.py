"""The terms of the course: each module brings the meanings of those that it uses, and here they stand together."""

from __future__ import annotations

import json
import re
from pathlib import Path

from fieldguide.coursepage.prose import prose
from fieldguide.plainfiles import read_plain
from fieldguide.words import Words, speaking

_LARGEST_NOTEBOOK = 16 << 20
_WORDS = Words("notebook")


def terms_of(notebooks: list[Path]) -> dict[str, str]:
    """By term, in order, its meaning as safe HTML. A later module's meaning counts. What cannot be read is left out."""
    found: dict[str, str] = {}
    for notebook in notebooks:
        try:
            told = json.loads(read_plain(notebook, _LARGEST_NOTEBOOK))
            texts = ["".join(cell["source"]) for cell in told["cells"] if cell["cell_type"] == "markdown"]
            with speaking(str(told["metadata"]["fieldguide"].get("lang", ""))):
                for text in texts:
                    found |= _terms(text)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
    return {term: prose(meaning) for term, meaning in sorted(found.items(), key=lambda one: one[0].casefold())}


def _terms(text: str) -> dict[str, str]:
    """The terms of the section that a module ends with, without the links back into its text."""
    if not text.startswith(f"### {_WORDS.say('words_used')}\n"):
        return {}
    back = _WORDS.say("back_to", sections="")
    parts = re.split(r"^#### +(.+?) *$", text, flags=re.MULTILINE)[1:]
    return {
        term: "\n\n".join(block for block in meaning.strip().split("\n\n") if not block.startswith(back))
        for term, meaning in zip(parts[::2], parts[1::2], strict=True)
    }
