"""Every detector, in order. What they import is large, so this is imported when a text is reviewed."""

from __future__ import annotations

from fieldguide.pause.agencies import AGENCIES
from fieldguide.pause.combination import COMBINATIONS
from fieldguide.pause.dates import DATES
from fieldguide.pause.detector import Detector
from fieldguide.pause.names import NAMES
from fieldguide.pause.online import EMAILS, LINKS
from fieldguide.pause.places import ADDRESSES, POSTCODES, STREETS
from fieldguide.pause.records import FARTHER_RECORDS, RECORDS
from fieldguide.pause.schools import SCHOOLS
from fieldguide.pause.telephones import TELEPHONES
from fieldguide.pause.usernames import USER_NAMES

#: The surest first: where two candidates overlap, the first of them stands.
DETECTORS: tuple[Detector, ...] = (
    EMAILS,
    LINKS,
    USER_NAMES,
    RECORDS,
    DATES,
    TELEPHONES,
    FARTHER_RECORDS,
    ADDRESSES,
    POSTCODES,
    SCHOOLS,
    AGENCIES,
    STREETS,
    NAMES,
    COMBINATIONS,
)

#: The kinds of find: those known by their form, and those known by the words around them.
FORMAL = tuple(dict.fromkeys(kind for detector in DETECTORS if detector.formal for kind in detector.kinds))
OTHERS = tuple(dict.fromkeys(kind for detector in DETECTORS if not detector.formal for kind in detector.kinds))
KINDS = FORMAL + OTHERS
