"""A norming set: answers to an essay that nobody hands out, with a key of points and reasons, for people who score.

It stands in ``modules/norming/<essay>.yaml``, away from the module's data, which reach students.
"""

from __future__ import annotations

from pathlib import Path

from fieldguide.items.essay import Essay, Profile, read_profiles
from fieldguide.items.fields import FieldReader, Finder, read_fields

FOLDER = Path("modules", "norming")


def read_norming(path: Path, essay: Essay, shown_as: str | None = None) -> dict[str, Profile]:
    """The answers of a norming set, by name, in the order of its file. ``shown_as`` is the file's name in messages.

    Raises FileNotFoundError where there is none, and ReadingError with every problem found.
    """
    finder = Finder(shown_as or str(path))
    text = path.read_text(encoding="utf-8")
    reader = FieldReader(read_fields(text, finder), finder, f"the norming set of '{essay.id}'")
    samples = read_profiles(reader, essay.rubric)
    finder.stop_if_any()
    return samples
