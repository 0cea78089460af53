"""Reading the time of a submission, which may be in any zone and may have been written to mislead.

nbgrader reads the offset ``+0200`` as 200 seconds, takes a zone it does not know for UTC, and ignores the course's own
zone. For some zone names the library below it raises, and the whole class is not collected.
"""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from pathlib import Path

from fieldguide.plainfiles import read_plain

#: The file beside a submission in which nbgrader's exchange keeps its time.
TIME_FILE = "timestamp.txt"
#: Far longer than any written time; and the most bytes that the file may have.
_LONGEST = 100
_LONGEST_FILE = 1000
# As nbgrader writes it where a course has set no zone.
_USUAL = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?) UTC")
_ISO = re.compile(r"\d{4}-?\d\d-?\d\d[T ]\d\d[\d:.,]*(?:Z|[+-][\d:]+)?")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d\d?)(?::?([0-5]\d))?", re.IGNORECASE)
_LARGEST_OFFSET = timedelta(hours=14)
_NO_OFFSET = ("UTC", "UT", "GMT", "Z")
# Elsewhere some of these mean other zones; RFC 5322, the standard of e-mail, gives them to North America.
_AMERICAN = re.compile("([ECMP])([SD])T")
_AMERICAN_HOURS = {"E": -5, "C": -6, "M": -7, "P": -8}


def read_time(text: str, zone: str = "UTC") -> datetime | None:
    """The moment that ``text`` states, in UTC and without a zone, as nbgrader keeps times; None where it states none.

    ``zone`` is the course's (``Exchange.timezone``), by its name in the time zone database. It applies to a text
    without a zone, and to abbreviations that it uses. An hour that occurs twice in autumn is the first one. A date in
    digits begins with the year or the month. None is returned without year, month, day and hour, for an unknown zone,
    and for an abbreviation that several zones use. No text raises an error or a warning.
    """
    text = text.strip().removeprefix("\ufeff").strip()
    usual = _USUAL.fullmatch(text)
    try:
        if usual:
            return datetime.fromisoformat(usual[1])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(text, zone) if len(text) <= _LONGEST else None
    except Exception:  # a text may make the library raise anything
        return None


def time_in(folder: Path, zone: str = "UTC") -> datetime | None:
    """The time in a folder's ``timestamp.txt``, read by ``read_time``; None where there is none.

    Nothing is raised, whatever has that name, be it a link or a pipe.
    """
    try:
        written = read_plain(folder / TIME_FILE, _LONGEST_FILE)
    except OSError:
        return None
    return read_time(written.decode("utf-8", "replace"), zone)


def is_zone(name: str) -> bool:
    """Whether the time zone database has a zone of this name."""
    return _zone(name) is not None


def _read(text: str, zone: str) -> datetime | None:
    meant = _zone(zone)
    when, _, last = text.rpartition(" ")
    if when and (last[0].isalpha() or last[0] in "+-") and last.casefold() not in ("am", "pm"):
        local = _moment(when)
        if local is None or local.tzinfo is not None:
            return None
        meant = _meant(last, local.year, zone)
    else:
        local = _moment(text)
    if local is not None and local.tzinfo is None:
        local = local.replace(tzinfo=meant)
    return None if local is None or local.tzinfo is None else local.astimezone(UTC).replace(tzinfo=None)


def _moment(text: str) -> datetime | None:
    """The date and time of day that a text states; with a zone only where it gives an offset."""
    if _ISO.fullmatch(text):
        return datetime.fromisoformat(text)
    from dateutil import parser  # seldom needed, and not quick to import

    # What the text leaves out is filled in two ways: where the results differ, it left out too much.
    ways = (datetime(2000, 1, 1, 0), datetime(2001, 2, 2, 1))
    one, other = (parser.parse(text, default=way, tzinfos=_no_name) for way in ways)
    return one if one == other else None


def _no_name(name: str | None, seconds: int | None) -> tzinfo | None:
    """The zone for an offset. Raises ValueError for the name of a zone, which dateutil would resolve wrongly."""
    if name is not None:
        raise ValueError(f"the zone {name} stands within the text")
    return None if seconds is None else timezone(timedelta(seconds=seconds))


def _meant(name: str, year: int, course: str) -> tzinfo | None:
    """The zone that a name or an offset stands for in a year; None where it is not certain."""
    offset, american = _OFFSET.fullmatch(name), _AMERICAN.fullmatch(name)
    if offset:
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(size if offset[1] == "+" else -size) if size <= _LARGEST_OFFSET else None
    if name.upper() in _NO_OFFSET:
        return UTC
    here = _abbreviations(course, year).get(name)
    if here is not None:
        return timezone(here)
    if american:
        return timezone(timedelta(hours=_AMERICAN_HOURS[american[1]] + (american[2] == "D")))
    if not name.isalpha():
        return _zone(name)
    from zoneinfo import available_timezones

    anywhere = {_abbreviations(zone, year).get(name) for zone in available_timezones()} - {None}
    if anywhere:
        (found, *others) = anywhere
        return timezone(found) if found is not None and not others else None
    return _zone(name)


def _zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):  # it would lead out of the database, is not in it, or is a folder there
        return None


@lru_cache(maxsize=2048)
def _abbreviations(zone: str, year: int) -> dict[str, timedelta]:
    """What a zone is called in winter and in summer of a year, and its offset from UTC then."""
    found = _zone(zone)
    days = (datetime(year, month, 1, tzinfo=found) for month in (1, 7)) if found else ()
    return {name: offset for day in days if (name := day.tzname()) and (offset := day.utcoffset()) is not None}
