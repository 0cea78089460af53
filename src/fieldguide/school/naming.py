"""Which accounts those have whom the school's sign-in service knows: `courses.toml` and class lists call people as it
does, and the machine by accounts whose names tell nothing of them (identities.py).

Without a sign-in service an account's name is what people are called.
"""

from __future__ import annotations

import stat
from dataclasses import replace

from fieldguide.grading.names import FROM_ELSEWHERE
from fieldguide.plainfiles import read_own
from fieldguide.school import SchoolError
from fieldguide.school.identities import Identities, Identity, account_name, names_secret
from fieldguide.school.planning import Places
from fieldguide.school.reading import School, SignIn

_LONGEST = 1000


def account_of(sign_in: SignIn | None, value: str, places: Places) -> str:
    """The account of somebody whom the service calls so; an account's own name stays. Raises OSError."""
    if sign_in is None or FROM_ELSEWHERE.fullmatch(value):
        return value
    return account_name(names_secret(places.names_secret), sign_in.issuer, sign_in.plain(value))


def with_accounts(school: School, places: Places) -> School:
    """A school as `courses.toml` has it, with the accounts of those whom it names. Raises SchoolError."""
    if school.sign_in is None:
        return school

    def accounts(names: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(account_of(school.sign_in, name, places) for name in names)
        except FileNotFoundError:
            raise SchoolError(
                f"There is no file {places.names_secret}, which accounts are named by. Run: fieldguide-admin apply"
            ) from None

    courses = tuple(
        replace(one, instructors=accounts(one.instructors), assistants=accounts(one.assistants))
        for one in school.courses
    )
    return replace(school, courses=courses)


def note_named(school: School, places: Places) -> None:
    """Keep who those are whom `courses.toml` names; ``school`` is as it was read. Raises OSError."""
    for course in school.courses:
        for value in (*course.instructors, *course.assistants):
            note(school.sign_in, value, places)


def note(sign_in: SignIn | None, value: str, places: Places, *, given: str = "", family: str = "") -> bool:
    """Keep who somebody is whom the service calls so; returns whether any of it is new. Raises OSError."""
    if sign_in is None or FROM_ELSEWHERE.fullmatch(value):
        return False
    value = sign_in.plain(value)
    email = value if sign_in.name == "email" else ""
    account = account_of(sign_in, value, places)
    return Identities(places.identities).note(Identity(account, sign_in.issuer, value, given, family, email))


def client_secret(places: Places) -> str:
    """The word by which the service knows this server. Raises SchoolError, which says what to do."""
    path = places.sign_in_secret
    try:
        found = path.stat()
        if found.st_uid != 0 or stat.S_IMODE(found.st_mode) & 0o077:
            raise SchoolError(f"{path} is to be root's alone. Run: chown root:root {path} && chmod 600 {path}")
        word = read_own(path, _LONGEST).decode("ascii").strip()
    except FileNotFoundError:
        raise SchoolError(
            f"There is no file {path}. Write the secret into it that your sign-in service gave this server: "
            f"install -m 600 /dev/stdin {path}"
        ) from None
    except UnicodeDecodeError:
        word = ""
    if not word or not word.isprintable():
        raise SchoolError(f"{path} holds no secret. Expected one line, as your sign-in service shows it.")
    return word
