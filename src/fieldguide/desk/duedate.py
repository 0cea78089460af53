"""A due date as an instructor tells it: what a clock shows in a time zone. Pure; moments are in UTC, without a zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fieldguide.grading.times import is_zone
from fieldguide.words import Words

_FORM = "%Y-%m-%dT%H:%M"
say = Words("desk").say


class NoDueDateError(ValueError):
    """Why a due date is none, or perhaps not what is meant, in words."""


class PastDueDateError(NoDueDateError):
    """It is past already."""


def read_due(due: str, zone: str, known: datetime | None = None) -> datetime:
    """The moment at which a clock in ``zone`` shows ``due`` (ISO 8601, to the minute).

    Where the clock shows it twice, as when it is set back, it is the later one, so that nobody is late by an hour.
    ``known`` is the moment that the form showed, which it does not tell to the second: where it shows that still, it is
    that moment. Raises NoDueDateError.
    """
    if not is_zone(zone):
        raise NoDueDateError(say("no_zone", zone=zone))
    if known is not None and due == due_in_zone(known, zone):
        return known
    try:
        local = datetime.strptime(due, _FORM).replace(tzinfo=ZoneInfo(zone), fold=1)
        moment = local.astimezone(UTC).replace(tzinfo=None)
        shown = due_in_zone(moment, zone)
    except (ValueError, OverflowError) as error:
        raise NoDueDateError(say("no_time", due=due)) from error
    if shown != local.strftime(_FORM):
        raise NoDueDateError(say("skipped_time", due=due.replace("T", " ")))
    return moment


def due_in_zone(moment: datetime, zone: str) -> str:
    """What a clock in a zone shows then, as the form of a page has it."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).strftime(_FORM)
