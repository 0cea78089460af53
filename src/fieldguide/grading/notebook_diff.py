"""How a notebook that was handed in differs from what was handed out. It changes no score; a scorer may ask."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.plainfiles import NotPlainError, TooLargeError, read_plain

#: Where a notebook is larger than this, nobody needs it looked into.
LARGEST_NOTEBOOK = 2 * 1024 * 1024
_UNUSED = "Grading does not use it: the answers on record were graded."


def compare(path: Path, notebook: InstructorNotebook) -> tuple[str, bool, bool] | None:
    """What to say of a submitted notebook, whether it is trouble, and whether the student is told.

    None where it is as it was handed out. Where it is not, nobody can know who changed it: the student, or the
    instructor after handing it out. So that is for the scorer alone.
    """
    try:
        text = read_plain(path, LARGEST_NOTEBOOK)
    except FileNotFoundError:
        return f"There is no notebook {path.name}. {_UNUSED}", True, True
    except NotPlainError:
        return f"{path.name} is no plain file and was not opened. {_UNUSED}", True, True
    except TooLargeError:
        said = f"{path.name} is larger than {LARGEST_NOTEBOOK >> 20} MB and was not looked into. {_UNUSED}"
        return said, True, True
    except OSError as error:
        return f"{path.name} could not be opened ({error.strerror}). {_UNUSED}", True, True
    digest = hashlib.sha256(text).digest()
    if digest in notebook.unchanged:
        return None
    try:
        found = cell_texts(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return f"{path.name} is not readable as a notebook. {_UNUSED}", True, True
    editions = [notebook.handed_out, *([notebook.released] if notebook.released else [])]
    counts = min((_differences(found, edition) for edition in editions), key=lambda counts: sum(counts.values()))
    if not any(counts.values()):
        notebook.unchanged.add(digest)
        return None
    said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    return (
        f"{path.name} is not as it is handed out now (cells: {said}). The student changed it, or it was changed after "
        f"the student got it. {_UNUSED}",
        False,
        False,
    )


def cell_texts(notebook: dict[str, list[dict[str, Any]]]) -> list[tuple[object, str]]:
    """The id and the text of each cell of a notebook as its file has it."""
    cells = []
    for cell in notebook["cells"]:
        source = cell["source"]
        cells.append((cell.get("id"), source if isinstance(source, str) else "".join(source)))
    return cells


def _differences(found: list[tuple[object, str]], edition: dict[str, str]) -> dict[str, int]:
    """How many cells differ from an edition, by kind. A cell whose id an editor dropped is known by its text."""
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
