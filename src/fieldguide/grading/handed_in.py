"""What a student did to the notebook they handed in. It changes no score; a person may want to know."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from fieldguide.grading.instructor import InstructorNotebook
from fieldguide.plainfiles import NotPlainError, TooLargeError, read_plain

#: Where a notebook is larger than this, nobody needs it looked into.
LARGEST_NOTEBOOK = 2 * 1024 * 1024
_UNUSED = "Grading does not use it: the answers on record were graded."


def compare(path: Path, notebook: InstructorNotebook) -> tuple[str, bool] | None:
    """What to say of a submitted notebook, and whether it is trouble; None where it is as it was handed out."""
    try:
        text = read_plain(path, LARGEST_NOTEBOOK)
    except FileNotFoundError:
        return f"There is no notebook {path.name}. {_UNUSED}", True
    except NotPlainError:
        return f"{path.name} is no plain file and was not opened. {_UNUSED}", True
    except TooLargeError:
        return f"{path.name} is larger than {LARGEST_NOTEBOOK >> 20} MB and was not looked into. {_UNUSED}", True
    except OSError as error:
        return f"{path.name} could not be opened ({error.strerror}). {_UNUSED}", True
    digest = hashlib.sha256(text).digest()
    if digest in notebook.unchanged:
        return None
    try:
        found = _sources(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return f"{path.name} is not readable as a notebook. {_UNUSED}", True
    said = _difference(path.name, found, notebook.handed_out)
    if said is None:
        notebook.unchanged.add(digest)
    return said


def _sources(notebook: dict[str, list[dict[str, Any]]]) -> list[tuple[object, str]]:
    """The id and the text of each cell."""
    cells = []
    for cell in notebook["cells"]:
        source = cell["source"]
        cells.append((cell.get("id"), source if isinstance(source, str) else "".join(source)))
    return cells


def _difference(name: str, found: list[tuple[object, str]], handed_out: dict[str, str]) -> tuple[str, bool] | None:
    there: set[object] = set()
    changed = added = doubled = 0
    for cell, text in found:
        wanted = handed_out.get(cell) if isinstance(cell, str) else None
        if wanted is None:
            added += bool(text.strip())
            continue
        changed += wanted != text
        doubled += cell in there
        there.add(cell)
    counts = {"missing": len(handed_out) - len(there), "changed": changed, "added": added, "doubled": doubled}
    said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    if not said:
        return None
    return (
        f"The student changed {name} (cells: {said}). It was neither executed nor scored, and stays in the "
        "submitted folder.",
        False,
    )
