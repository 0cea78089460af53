"""How a submitted notebook differs from the one that was handed out. It changes no score, but scorers may ask."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.plainfiles import NotPlainError, TooLargeError, read_plain
from fieldguide.words import Words

#: A larger notebook is not compared.
LARGEST_NOTEBOOK = 2 * 1024 * 1024
_WORDS = Words("submission")


def compare(path: Path, notebook: InstructorNotebook) -> tuple[str, bool, bool] | None:
    """A note about a submitted notebook, whether it is a problem, and whether the student reads it; None where nothing
    differs.

    A difference does not show who made it: the student, or the instructor after handing it out. So only the scorer
    reads such a note.
    """
    try:
        text = read_plain(path, LARGEST_NOTEBOOK)
    except FileNotFoundError:
        return _said("no_notebook", path), True, True
    except NotPlainError:
        return _said("no_plain_notebook", path), True, True
    except TooLargeError:
        return _said("large_notebook", path, megabytes=LARGEST_NOTEBOOK >> 20), True, True
    except OSError as error:
        return _said("closed_notebook", path, reason=error.strerror), True, True
    digest = hashlib.sha256(text).digest()
    if digest in notebook.unchanged:
        return None
    try:
        found = cell_texts(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _said("damaged_notebook", path), True, True
    editions = [notebook.handed_out, *notebook.released]
    counts = min((_differences(found, edition) for edition in editions), key=lambda counts: sum(counts.values()))
    if not any(counts.values()):
        notebook.unchanged.add(digest)
        return None
    differences = ", ".join(_WORDS.count(what, count) for what, count in counts.items() if count)
    return _said("changed_notebook", path, differences=differences), False, False


def _said(what: str, path: Path, **values: object) -> str:
    return _WORDS.say(what, name=path.name, unused=_WORDS.say("unused"), **values)


def cell_texts(notebook: dict[str, list[dict[str, Any]]]) -> list[tuple[object, str]]:
    """The id and the text of each cell of a notebook file."""
    cells = []
    for cell in notebook["cells"]:
        source = cell["source"]
        cells.append((cell.get("id"), source if isinstance(source, str) else "".join(source)))
    return cells


def _differences(found: list[tuple[object, str]], edition: dict[str, str]) -> dict[str, int]:
    """How many cells differ from an edition, by kind. A cell that lost its id in an editor is matched by its text."""
    counts = dict.fromkeys(("missing", "changed", "added", "doubled"), 0)
    there: set[object] = set()
    strangers = []
    for cell, text in found:
        if not isinstance(cell, str) or cell not in edition:
            strangers.append(text)
            continue
        counts["changed"] += edition[cell] != text
        counts["doubled"] += cell in there
        there.add(cell)
    missing = Counter(text for cell, text in edition.items() if cell not in there)
    for text in strangers:
        if missing[text]:
            missing[text] -= 1
        else:
            counts["added"] += bool(text.strip())
    counts["missing"] = missing.total()
    return counts
