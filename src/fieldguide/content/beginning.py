"""Begins a course folder from a content: whole or not at all, and for its owner alone."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from fieldguide.content.archive import Content
from fieldguide.content.brought import Brought, write_brought
from fieldguide.content.files import write_files
from fieldguide.grading.course import CourseError


def begin_course(folder: Path, content: Content) -> None:
    """Make a course folder for nbgrader. Raises CourseError where something is there already, and OSError."""
    if os.path.lexists(folder):
        raise CourseError(
            f"{folder} is there already, and nothing in it was changed. Name a folder that is not there yet."
        )
    if not folder.parent.is_dir():
        raise CourseError(f"There is no folder {folder.parent}. Make it, or name another place.")
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        write_files(draft, content.files)
        write_brought(draft, Brought.of(content))
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
