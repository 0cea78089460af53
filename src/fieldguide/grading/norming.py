"""Norming: people score the same sample answers before they score a class, and see how far they agree.

Its sheet has the columns of every scoring sheet, with the name of a sample in place of a student; so two sheets of a
class's essays can be compared too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from fieldguide.grading.agreement import Agreement, agreement
from fieldguide.grading.course import Course, CourseError
from fieldguide.grading.names import show
from fieldguide.grading.sheet import COLUMNS, essays_in, level_text, read_sheet, readable, write_new
from fieldguide.grading.spreadsheets import csv_file, kept_id
from fieldguide.items import Essay, ReadingError
from fieldguide.items.essay import Profile
from fieldguide.items.norming import FOLDER, read_norming

#: The points that a scorer gave, by essay, sample and criterion.
Points = dict[tuple[str, str, str], float]


def write_norming_sheet(course: Course, module: str, path: Path) -> int:
    """Write a sheet with the samples of a module's norming sets; returns how many samples there are.

    Raises CourseError where there is no set or the sheet cannot be written.
    """
    essays = essays_in(course, module)
    sets = _sets(course, essays)
    if not sets:
        expected = ", ".join(str(FOLDER / f"{name}.yaml") for name in essays) or "an essay in it"
        raise CourseError(f"{module} has no norming set in {course.root}. Expected {expected}.")
    rows = [
        (
            kept_id(sample),
            kept_id(name),
            kept_id(criterion),
            "",
            described.points,
            described.text,
            level_text(described),
            readable(profile.text),
        )
        for name, samples in sets.items()
        for sample, profile in samples.items()
        for criterion, described in essays[name].rubric.items()
    ]
    write_new(path, csv_file(COLUMNS, rows))
    return sum(map(len, sets.values()))


def tell_agreement(course: Course, module: str, paths: list[Path]) -> list[str]:
    """The lines that compare one filled-in sheet with the key, or two also with each other.

    Raises CourseError where a sheet cannot be read, or has nothing to compare.
    """
    essays = essays_in(course, module)
    key: Points = {}
    reasons: dict[tuple[str, str, str], str] = {}
    for name, samples in _sets(course, essays).items():
        for sample, profile in samples.items():
            for criterion in essays[name].rubric:
                key[name, sample, criterion] = profile.scores[criterion]
                reasons[name, sample, criterion] = profile.reasons[criterion]
    given = [(path.name, points_in(path, essays)) for path in paths]
    lines = [line for name, points in given for line in _against_key(name, points, key, reasons)]
    if len(given) == 2:
        lines += _between(*given[0], *given[1], essays)
    if not lines:
        raise CourseError(
            f"{paths[0]} has points for none of the samples of {module}. To hold two people's sheets of a "
            "class against each other, name both."
        )
    return lines


def _sets(course: Course, essays: dict[str, Essay]) -> dict[str, dict[str, Profile]]:
    sets = {}
    for name, essay in essays.items():
        file = FOLDER / f"{name}.yaml"
        try:
            sets[name] = read_norming(course.root / file, essay, str(file))
        except FileNotFoundError:
            continue
        except ReadingError as error:
            raise CourseError(str(error)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise CourseError(f"{file} could not be read: {error}.") from error
    return sets


def points_in(path: Path, essays: dict[str, Essay]) -> Points:
    """The points of a filled-in sheet. Raises CourseError where it cannot be read."""
    return {
        (line.given.item, line.given.student, criterion): points
        for line in read_sheet(path, essays)
        for criterion, points in line.given.levels.items()
    }


def _against_key(name: str, points: Points, key: Points, reasons: dict[tuple[str, str, str], str]) -> Iterator[str]:
    both = [place for place in key if place in points]
    if not both:
        return
    yield f"{name} and the key:"
    yield from _table(points, key, both)
    apart = [place for place in both if points[place] != key[place]]
    if apart:
        yield "Where they differ, and why the key says so:"
    for essay, sample, criterion in apart:
        place = essay, sample, criterion
        yield f"  {sample}, {criterion}: {points[place]:g}, key {key[place]:g}. {reasons[place]}"
    missing = len(key) - len(both)
    if missing:
        yield f"{missing} of {len(key)} points of the norming set are not given in {name}."


def _between(name: str, first: Points, other: str, second: Points, essays: dict[str, Essay]) -> Iterator[str]:
    both = [place for place in first if place in second]
    if not both:
        raise CourseError(f"{name} and {other} have no points for the same answers.")
    yield f"{name} and {other}:"
    yield from _table(first, second, both)
    apart = [place for place in both if abs(first[place] - second[place]) > 1]
    if apart:
        yield "More than one point apart, to talk about:"
    for place in apart:
        yield f"  {show(place[1])}, {place[2]}: {first[place]:g} and {second[place]:g}"


def _table(first: Points, second: Points, both: list[tuple[str, str, str]]) -> Iterator[str]:
    """How far two scorers agree, by criterion and in all, and how many points more one of them gives."""
    criteria = dict.fromkeys(criterion for _, _, criterion in both)
    width = max(map(len, [*criteria, "criterion"]))
    yield f"  {'criterion':{width}}  exact     exact or adjacent  weighted kappa"
    for criterion in [*criteria, None]:
        places = [place for place in both if criterion in (None, place[2])]
        found = agreement([first[place] for place in places], [second[place] for place in places])
        yield f"  {criterion or 'all':{width}}  {_row(found)}"
    answers = dict.fromkeys(place[:2] for place in both)
    totals = [sum(first[place] - second[place] for place in both if place[:2] == answer) for answer in answers]
    yield f"  In the total of an answer the first gives {fmean(totals):+.1f} points, on average of {len(totals)}."


def _row(found: Agreement) -> str:
    kappa = "says nothing here" if found.kappa is None else f"{found.kappa:.2f}"
    exact, adjacent = (f"{count} of {found.number}" for count in (found.exact, found.adjacent))
    return f"{exact:8}  {adjacent:17}  {kappa}"
