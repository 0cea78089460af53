"""Brings modules into a course's folder, with their keys, so that no other account can read them on the way."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

from fieldguide.school import SchoolError
from fieldguide.school.acting import run_as
from fieldguide.school.planning import Places, grader
from fieldguide.school.reading import Course

# A module is a notebook and its data; a folder that is larger is none.
_LARGEST = 200 << 20


def bring_modules(course: Course, places: Places, project: Path) -> tuple[list[str], list[str]]:
    """Copy the modules of a project's source/ that a course has not; returns those, and those it has already.

    What the course has is never written over. The files are made by the course's account. Raises SchoolError.
    """
    source = project / "source"
    modules = sorted(path.name for path in source.glob("[!.]*") if any(path.glob("*.ipynb"))) if source.is_dir() else []
    if not modules:
        raise SchoolError(f"There are no modules in {source}. Name the project's folder, which has them in source/.")
    account, folder = grader(course), places.folder(course)
    there = set(run_as(account, ["ls", "-A", "source"], folder).decode().splitlines())
    missing = [module for module in modules if module not in there]
    for module in missing:
        # Under another name until it is whole.
        draft = f"source/.{module}.new"
        run_as(account, ["rm", "-rf", draft], folder)
        run_as(account, ["mkdir", draft], folder)
        run_as(account, ["tar", "-x", "-C", draft], folder, _packed(source / module))
        run_as(account, ["mv", "-T", draft, f"source/{module}"], folder)
    return missing, [module for module in modules if module in there]


def _packed(folder: Path) -> bytes:
    """A module's files as a tar archive: plain files alone, and nothing that an editor or Jupyter left there."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for place, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith((".", "__pycache__")))
            for path in (Path(place, name) for name in sorted(names) if not name.startswith(".")):
                if not path.is_symlink() and path.is_file():
                    archive.add(path, str(path.relative_to(folder)), recursive=False)
                if content.tell() > _LARGEST:
                    raise SchoolError(f"{folder} holds more than {_LARGEST >> 20} MB, and is no module.")
    return content.getvalue()
