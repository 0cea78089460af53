"""Where the pages of `docs/` can be read, for messages that name one: in the project, or on a school's server. Stands
alone."""

from __future__ import annotations

import sys
from pathlib import Path

#: Where `setup` puts them on a school's server, below the environment that it makes.
BESIDE = Path("share/doc/fieldguide")


def folder() -> Path | None:
    """The folder that holds the pages; None where this is installed without them."""
    project = Path(__file__).parents[2]
    for found in (project / "docs", Path(sys.prefix) / BESIDE):
        if (found / "deploy.md").is_file():
            return found
    return None


def page(name: str) -> str:
    """How a message names a page, such as ``lti.md``: by its whole path, where it can be read here."""
    found = folder()
    return str(found / name) if found else f"docs/{name} of Field Guide's project"


def where_pages_are() -> str:
    """A sentence for `--help`, whose lines name pages in short."""
    found = folder()
    return f"Pages that are named docs/… are in {found or 'the project of Field Guide'}."
