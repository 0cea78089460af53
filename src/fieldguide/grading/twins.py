"""Ids that probably belong to one student: spelled another way, as an e-mail address, as a copy, or with a typing
error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_COPY = re.compile(r"[ ._-]*(?:\(\d+\)|copy ?\d*)$", re.IGNORECASE)
#: Most shorter ids differ from one another in a single sign.
_SHORTEST = 3


def likely_twins(ids: Iterable[str], known: Iterable[str]) -> dict[str, list[str]]:
    """For each of ``ids`` that probably is one of the ``known`` students: which ones, in their order.

    Capitals, accents, spaces, signs and the domain of an e-mail address do not matter. One typing error is a letter too
    many, a letter missing, another letter, or two letters swapped. Digits count: s01 and s02 are two students.
    """
    by_form: dict[str, list[str]] = {}
    for student in known:
        for form in _forms(_plain(student)):
            by_form.setdefault(form, []).append(student)
    found = {}
    for one in ids:
        plain = _plain(one)
        near = dict.fromkeys(student for form in _forms(plain) for student in by_form.get(form, ()))
        twins = [student for student in near if student != one and _is_slip(plain, _plain(student))]
        if twins:
            found[one] = twins
    return found


def _plain(student: str) -> str:
    """An id without the differences of spelling that do not matter."""
    name = _COPY.sub("", student.strip().partition("@")[0].partition("+")[0])
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", name).casefold() if sign.isalnum())
    return letters.lstrip("0") if letters.isdigit() else letters


def _forms(plain: str) -> Iterator[str]:
    """An id, and the id without each of its signs in turn: two ids that differ in one sign share one of these."""
    yield plain
    if len(plain) >= _SHORTEST:
        yield from {plain[:place] + plain[place + 1 :] for place in range(len(plain))}


def _is_slip(one: str, other: str) -> bool:
    if not one or not other or _digits(one) != _digits(other):
        return False
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORTEST:
        return False
    one, other = _without_same_start(one, other)
    one, other = _without_same_start(one[::-1], other[::-1])
    return max(len(one), len(other)) == 1 or (len(one) == 2 and one == other[::-1])


def _without_same_start(one: str, other: str) -> tuple[str, str]:
    same = 0
    while one[same : same + 1] == other[same : same + 1] != "":
        same += 1
    return one[same:], other[same:]


def _digits(text: str) -> list[str]:
    return sorted(sign for sign in text if sign.isdigit())
