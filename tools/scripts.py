"""Makes the scripts and styles that cross to a page small: ``./run scripts``, or ``./run scripts --check``.

Each ``static/NAME`` of the package becomes ``static/built/NAME``, which is committed, so that nobody who only uses the
package needs what makes it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import minify

PACKAGE = Path(__file__).parent.parent / "src" / "fieldguide"
KINDS = {".js": "text/javascript", ".css": "text/css"}
#: Those whose scripts and styles cross to a page.
PARTS = ("player", "pause", "forms", "cases", "cases/worksheet", "policy", "tables", "coursepage", "desk")


def built() -> dict[Path, str]:
    """What is to stand in each built file."""
    sources = [path for part in PARTS for path in (PACKAGE / part / "static").rglob("*") if path.suffix in KINDS]
    return {
        path.parent / "built" / path.name: minify.string(KINDS[path.suffix], path.read_text(encoding="utf-8")) + "\n"
        for path in sources
        if path.parent.name != "built"
    }


def differing() -> list[Path]:
    """The built files that are not what their sources make, those without a source included."""
    wanted = built()
    there = {path for part in PARTS for path in (PACKAGE / part / "static").rglob("built/*")}
    changed = [path for path, text in wanted.items() if path not in there or path.read_text(encoding="utf-8") != text]
    return sorted([*changed, *(there - wanted.keys())])


def main(arguments: list[str]) -> int:
    """Write the built files, or with ``--check`` say which differ."""
    for path in differing():
        name = path.relative_to(PACKAGE.parent.parent)
        if "--check" in arguments:
            sys.stderr.write(f"{name} is not what its source makes. Run: ./run scripts\n")
        elif (text := built().get(path)) is None:
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{name}\n")
    return 1 if "--check" in arguments and differing() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
