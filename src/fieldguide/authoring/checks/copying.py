"""Copied text: no long run of the guide's words is in the modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from fieldguide.authoring.checks.course_text import CourseText
from fieldguide.authoring.checks.findings import Finding, error, remark
from fieldguide.plainfiles import read_own_text

LONGEST_RUN = 12
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
#: The file of references: titles cannot be put in other words.
_CITATIONS = "modules/data/resources.csv"
_ENDINGS = (".md", ".csv", ".yaml")


def check(course: CourseText, guide: Path | None) -> Iterator[Finding]:
    """Find runs of more than twelve words that are also in the guide.

    The guide's text is kept outside the project, so this runs only where its path is given.
    """
    if guide is None:
        what = "no run of words was compared with the guide's text, which is not part of the project."
        yield remark("modules", 1, what, "To compare, name the text's file: --guide PATH.")
        return
    theirs = [word for word, _ in _words(read_own_text(guide))]
    runs = {tuple(theirs[at : at + LONGEST_RUN + 1]) for at in range(len(theirs) - LONGEST_RUN)}
    folder = course.project / "modules"
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _ENDINGS):
        file = path.relative_to(course.project).as_posix()
        if file != _CITATIONS:
            yield from _runs(file, read_own_text(path), runs)


def _runs(file: str, text: str, runs: set[tuple[str, ...]]) -> Iterator[Finding]:
    ours = list(_words(text))
    at = 0
    while at < len(ours) - LONGEST_RUN:
        end = at
        while tuple(word for word, _ in ours[end : end + LONGEST_RUN + 1]) in runs:
            end += 1
        if end == at:
            at += 1
            continue
        length = end - at + LONGEST_RUN
        begins = " ".join(word for word, _ in ours[at : at + 5])
        what = f"{length} words in a row are the guide's (“{begins} …”)."
        yield error(file, ours[at][1], what, f"Expected at most {LONGEST_RUN}: say it in our own words.")
        at += length


def _words(text: str) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(text.splitlines(), 1):
        plain = _ADDRESS.sub(" ", line).lower().replace("’", "'")
        for found in _WORD.finditer(plain):
            yield found[0], number
