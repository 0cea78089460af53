"""The words that several detectors look up, in small letters. What each list is for stands above it in its file."""

from __future__ import annotations

from fieldguide.pause.lists import read_list

FIRST_NAMES = read_list("first_names", "first names")
DOUBTFUL_NAMES = read_list("first_names", "doubtful names")
SMALL_WORDS = read_list("first_names", "small words")
SMALL_NAMES = read_list("first_names", "small names")

TITLES = read_list("people", "titles")
PLAIN_TITLES = read_list("people", "plain titles")
PEOPLE = read_list("people", "people")
KIN = read_list("people", "kin")
BELONGINGS = read_list("people", "belongings")
BETWEEN = read_list("people", "between")
DEEDS = read_list("people", "deeds")
DOINGS = read_list("people", "doings")
NOT_NAMES = read_list("people", "not names")
THINGS = read_list("people", "things")

AUTHORS = read_list("left_alone", "authors")
PUBLIC_PEOPLE = read_list("left_alone", "public people")
PUBLIC_BODIES = read_list("left_alone", "public bodies")

STATES = read_list("organizations", "states")
FAITHS = read_list("organizations", "faiths")
SCHOOL_HEADS = read_list("organizations", "school heads")
AGENCY_HEADS = read_list("organizations", "agency heads")
WEAK_HEADS = read_list("organizations", "weak heads")
AGENCY_CUES = read_list("organizations", "agency cues")
#: Words that the names of schools and agencies have in common.
GENERIC = (
    AGENCY_HEADS
    | (WEAK_HEADS - read_list("organizations", "telling"))
    | SCHOOL_HEADS
    | read_list("organizations", "generic")
)
