"""Which modules a course has, with title and points: ``python -P -m fieldguide.school.modulelist``, in its folder.

The hub has the course's account run it, since nobody else reads the folder. Of the modules it tells nothing else.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from fieldguide.plainfiles import read_plain

_LARGEST = 50 << 20
_MOST = 200


def modules_in(folder: Path) -> list[dict[str, Any]]:
    """The modules of a course's folder in order: ``module``, ``title`` and ``points``. What cannot be read is left
    out."""
    found = []
    for place in sorted((folder / "source").iterdir())[:_MOST]:
        try:
            notebook = json.loads(read_plain(place / f"{place.name}.ipynb", _LARGEST))
            told = notebook["metadata"].get("fieldguide", {})
            points = sum(map(_points, notebook["cells"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
        found.append({"module": place.name, "title": str(told.get("title") or place.name), "points": points})
    return found


def _points(cell: dict[str, Any]) -> float:
    told = cell["metadata"].get("nbgrader", {})
    return float(told.get("points") or 0) if told.get("grade") else 0.0


if __name__ == "__main__":
    json.dump(modules_in(Path.cwd()), sys.stdout)
