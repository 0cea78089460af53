"""The standards that the course may cite, as ``modules/data/code-edition.yaml`` lists them."""

from __future__ import annotations

from pathlib import Path

from fieldguide.items import Problem, ReadingError
from fieldguide.items.fields import Fields, Finder, Text, read_fields
from fieldguide.plainfiles import NotTextError, read_own_text

CODE_EDITION = Path("modules", "data", "code-edition.yaml")
_EXPECTED = "Expected 'standards:' and below it, for each number, 'gist: …' and 'verdict: …'."


def read_listed(project: Path) -> dict[str, dict[str, str]]:
    """The fields of each standard, by its full name ("1.07(r)", "Tech 3.09"), as texts.

    Raises ReadingError when the file is missing or has another form.
    """
    try:
        text = read_own_text(project / CODE_EDITION)
    except FileNotFoundError:
        raise _wrong(1, "the file is missing.", "The checks rest on it: see docs/authoring.md.") from None
    except NotTextError:
        raise _wrong(1, "this is not UTF-8 text.", "Save it so.") from None
    standards = read_fields(text, Finder(CODE_EDITION.as_posix())).values.get("standards")
    listed = standards.values if isinstance(standards, Fields) else {}
    entries = {name: entry for name, entry in listed.items() if isinstance(entry, Fields)}
    if not entries or len(entries) < len(listed):
        raise _wrong(1, "no standards with verdicts were found.", _EXPECTED)
    return {
        name: {field: text.value for field, text in entry.values.items() if isinstance(text, Text)}
        for name, entry in entries.items()
    }


def read_gists(project: Path) -> dict[str, str]:
    """What each standard is about, in our words. Raises ReadingError."""
    return {name: entry["gist"] for name, entry in read_listed(project).items() if "gist" in entry}


def _wrong(line: int, what: str, expected: str) -> ReadingError:
    return ReadingError([Problem(CODE_EDITION.as_posix(), line, what, expected)])
