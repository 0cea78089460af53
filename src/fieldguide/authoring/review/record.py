"""Filled forms on record in modules/data/reviews.yaml, and the line of a module's head that names the readers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from fieldguide.authoring.review.verdicts import VERDICTS, Filled, Verdict
from fieldguide.items import Problem, ReadingError
from fieldguide.items.composing import read_values
from fieldguide.plainfiles import read_own_text

REVIEWS = Path("modules", "data", "reviews.yaml")
NOBODY = "Nobody yet"
#: In characters: enough for a hundred forms.
_LARGEST = 2_000_000
_HEAD = (
    "# What licensed social workers said of the keys, by module. Written by `fieldguide review`; see\n"
    "# docs/review/README.md. `seen` is a digest of the wording that they read.\n"
)
_EXPECTED = "Expected what `fieldguide review` writes: see docs/review/README.md."


@dataclass(frozen=True, slots=True)
class Reviews:
    """The filled forms of each module, by its id, in the order in which they arrived."""

    of: dict[str, tuple[Filled, ...]]

    def readers_line(self, module: str) -> str | None:
        """The line of a module's head about its readers; None where there were none."""
        return " ".join(_line_of(form) for form in self.of.get(module, ())) or None

    def latest(self, module: str) -> dict[str, tuple[Filled, Verdict]]:
        """By the id of what was asked: the last reader who gave a verdict, and the verdict."""
        return {name: (form, verdict) for form in self.of.get(module, ()) for name, verdict in form.verdicts.items()}


def read_reviews(project: Path) -> Reviews:
    """The forms on record; none where there is no file. Raises ReadingError when the file has another form."""
    path = project / REVIEWS
    if not path.exists():
        return Reviews({})
    try:
        loaded = read_values(read_own_text(path), REVIEWS.as_posix(), _LARGEST) or {}
        return Reviews({str(module): tuple(_form(entry) for entry in entries) for module, entries in loaded.items()})
    except ReadingError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as problem:
        raise _wrong(1, f"a review is not complete ({problem}).") from None


def add_review(project: Path, module: str, form: Filled) -> Reviews:
    """Add a form to the record, replacing an earlier one by the same person; returns the new record."""
    known = read_reviews(project).of
    kept = tuple(other for other in known.get(module, ()) if other.by != form.by)
    reviews = Reviews(dict(sorted((known | {module: (*kept, form)}).items())))
    entries = {name: [_entry(form) for form in forms] for name, forms in reviews.of.items()}
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=120)
    (project / REVIEWS).write_text(_HEAD + text, encoding="utf-8")
    return reviews


def write_in_head(path: Path, readers: str) -> None:
    """Write the readers into the head of a module's file. Raises ReadingError when the line is not found."""
    lines = read_own_text(path).splitlines(keepends=True)
    end = next((place for place, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    for place, line in enumerate(lines[:end]):
        if line.startswith("reviewed_by:"):
            quoted = readers.replace("\\", "\\\\").replace('"', '\\"')
            lines[place] = f'reviewed_by: "{quoted}"\n'
            path.write_text("".join(lines), encoding="utf-8")
            return
    raise ReadingError([Problem(path.name, 2, "'reviewed_by' was not found in the head.", "Expected it in a line.")])


def _line_of(form: Filled) -> str:
    counted = Counter(verdict.verdict for verdict in form.verdicts.values())
    counts = [f"{past} {counted[verdict]}" for verdict, past in zip(VERDICTS, _PAST, strict=True) if counted[verdict]]
    return f"{form.by}, {form.license}, on {form.on:%B} {form.on.day}, {form.on.year}: {', '.join(counts)}."


_PAST = ("agreed with", "disputed", "qualified")


def _form(entry: dict[str, Any]) -> Filled:
    verdicts = {str(name): _verdict(verdict) for name, verdict in entry["verdicts"].items()}
    day = entry["on"] if isinstance(entry["on"], date) else date.fromisoformat(str(entry["on"]))
    return Filled(str(entry["by"]), str(entry["license"]), day, verdicts)


def _verdict(entry: dict[str, Any]) -> Verdict:
    if entry["verdict"] not in VERDICTS:
        raise ValueError(f"'{entry['verdict']}' is no verdict")
    return Verdict(entry["verdict"], str(entry["seen"]), str(entry.get("says", "")))


def _entry(form: Filled) -> dict[str, Any]:
    verdicts = {
        name: {"verdict": given.verdict, "seen": given.seen} | ({"says": given.says} if given.says else {})
        for name, given in form.verdicts.items()
    }
    return {"by": form.by, "license": form.license, "on": form.on, "verdicts": verdicts}


def _wrong(line: int, what: str) -> ReadingError:
    return ReadingError([Problem(REVIEWS.as_posix(), line, what, _EXPECTED)])
