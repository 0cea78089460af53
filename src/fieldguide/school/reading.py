"""Reads `courses.toml`, the one file that a school edits. Every mistake is told, with its line and what was expected.

A section is a course for nbgrader, which knows no sections: so none sees another.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fieldguide.docs import page
from fieldguide.grading.names import FROM_ELSEWHERE
from fieldguide.openid.code import is_private
from fieldguide.plainfiles import read_own
from fieldguide.school import SchoolError

#: A courses.toml is a page or two; a larger file is another one.
LARGEST = 100_000
#: The longest id of a course: the system's groups are named `formgrade-ID`, and their names have 32 signs at most.
LONGEST_ID = 22
#: Below this only root can listen at a port. Elsewhere a student could, while the hub or a course's server is stopped,
#: and would be told passwords.
ROOTS_PORTS = 1024
#: Of the first ten ports the hub and the proxy have three, course sites the ninth and votes in class the last; those of
#: the courses' own servers follow, one after the other.
OF_HUB = 10
#: Accounts that no person can have, by the beginning of their names: each course's own account has the first, and the
#: services of the hub the second.
GRADER = "grader-"
SERVICES = "fieldguide-"

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_MEMORY = re.compile(r"([1-9][0-9]{0,4})([MG])")


@dataclass(frozen=True, slots=True)
class Lms:
    """A course site that people come from (LTI 1.3), as its administrator registered this server there."""

    name: str
    issuer: str
    client_id: str
    deployments: tuple[str, ...]
    #: Addresses there: where a sign-in goes, where a token for its services is got, and where its keys are.
    authorization: str
    token: str
    keys: str
    #: Whom a request for a token names, where that is not its address.
    token_audience: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The school's sign-in service (OpenID Connect), as its administrator registered this server there.

    ``name`` is the claim by which class lists and `courses.toml` call people.
    """

    title: str
    issuer: str
    client_id: str
    name: str = "email"

    def plain(self, value: str) -> str:
        """What somebody is called, the same however it is typed. The service's own numbers (sub) stay as they are."""
        value = value.strip()
        # The 26 letters alone: others have small forms that are somebody else's.
        return value if self.name == "sub" else "".join(sign.lower() if sign.isascii() else sign for sign in value)

    def why_nobody(self, value: str) -> str | None:
        """Why the service can call nobody so, in words; None where it can."""
        if not value or len(value) > 254 or not value.isprintable() or " " in value:
            return "expected one word, of 254 signs at most"
        if self.name == "email" and not re.fullmatch(r"[^@]+@[^@]+", value):
            return "expected an e-mail address, as the school's sign-in service has it"
        return None


@dataclass(frozen=True, slots=True)
class Course:
    """One course as nbgrader has it, with an exchange and a gradebook of its own; a section is one too."""

    id: str
    title: str
    instructors: tuple[str, ...]
    assistants: tuple[str, ...] = ()
    #: Nothing more is handed in or released: its term is over.
    closed: bool = False
    #: The course site that its people come from, by name, and which course it is there; empty where there is none.
    lms: str = ""
    lms_context: str = ""
    #: Whether whom the course site calls an instructor grades here too, without being named.
    lms_instructors: bool = False


@dataclass(frozen=True)
class School:
    """What `courses.toml` says. Memory is in bytes; ``address`` is what people type."""

    courses: tuple[Course, ...]
    lms: tuple[Lms, ...] = ()
    #: Where people sign in; without it by an account's password.
    sign_in: SignIn | None = None
    address: str = "http://127.0.0.1:650"
    #: The first of the ports that are used, on this machine alone: the proxy's.
    port: int = 650
    student_memory: int = 1 << 30
    grader_memory: int = 2 << 30
    stop_idle_after_minutes: int = 60


def read_school(path: Path) -> School:
    """Read a school's file. Raises SchoolError, which names every mistake with its line."""
    try:
        text = read_own(path, LARGEST).decode("utf-8-sig")
    except FileNotFoundError:
        raise SchoolError(f"There is no file {path}. Begin with: fieldguide-admin init") from None
    except UnicodeDecodeError:
        raise SchoolError(f"{path} is no text in UTF-8. Save it as such.") from None
    except OSError as error:
        raise SchoolError(f"{path} could not be read: {error.strerror or error}.") from error
    return parse_school(text, str(path))


def parse_school(text: str, name: str = "courses.toml") -> School:
    """Read a school from the text of its file; ``name`` is how messages name the file. Raises SchoolError."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SchoolError(f"{name} is not written as TOML: {_lowered(error)}{_how_to_write(text, error)}") from error
    reader = _Reader(text, name)
    school = reader.school(content)
    if reader.problems:
        told = sorted(set(reader.problems))
        raise SchoolError("\n".join(f"{name}, line {line}: {what}" for line, what in told))
    return school


def line_of(text: str, keys: tuple[str, ...]) -> int:
    """The line on which a key of a TOML text is given, or the section in which it is missing.

    It is the first line of the first statement without which the key is not there.
    """
    while keys:
        before = 0
        lines = text.split("\n")
        for number in range(1, len(lines) + 1):
            try:
                content = tomllib.loads("\n".join(lines[:number]))
            except tomllib.TOMLDecodeError:  # in the middle of a statement
                continue
            if _has(content, keys):
                return before + 1
            before = number
        keys = keys[:-1]
    return 1


def _has(content: Any, keys: Iterable[str]) -> bool:
    for key in keys:
        if not isinstance(content, Mapping) or key not in content:
            return False
        content = content[key]
    return True


def _lowered(error: Exception) -> str:
    said = str(error) or "it is nested too deeply"
    return said[0].lower() + said[1:] + "."


def _how_to_write(text: str, error: Exception) -> str:
    """The line that cannot be read, where the error names one, and how lines are written."""
    at = re.search(r"at line ([0-9]+)", str(error))
    line = text.split("\n")[int(at[1]) - 1].strip() if at else ""
    shown = f" That line is: {line[:100]}" if line else ""
    return (
        f"{shown}\nExpected texts and names in straight quotes, and no space in a course's id, such as:\n"
        '[courses.sw101]\ntitle = "Ethics and social media"\ninstructors = ["grace"]'
    )


@dataclass
class _Reader:
    text: str
    name: str
    problems: list[tuple[int, str]] = field(default_factory=list)
    sign_in: SignIn | None = None

    def wrong(self, keys: tuple[str, ...], what: str) -> None:
        self.problems.append((line_of(self.text, keys), what))

    def school(self, content: dict[str, Any]) -> School:
        self.only(content, (), ("school", "courses", "lms", "sign_in"))
        school = self.table(content, ("school",))
        known = ("address", "port", "student_memory", "grader_memory", "stop_idle_after_minutes")
        self.only(school, ("school",), known)
        sites = self.sites(self.table(content, ("lms",)))
        self.sign_in = self.service(content) if "sign_in" in content else None
        given = self.table(content, ("courses",))
        if not given:
            self.wrong(("courses",), "there is no course. Expected a section for each, such as [courses.sw101].")
        courses: dict[str, Course] = {}
        for id_ in given:
            for keys, course in self.courses(given, id_):
                if course.id in courses:
                    self.wrong(
                        keys, f"there are two courses '{course.id}'. Give one of them, or its section, another id."
                    )
                courses[course.id] = course
                self.site_of(keys, course, sites, [other for other in courses.values() if other is not course])
        return School(
            tuple(courses.values()),
            sites,
            self.sign_in,
            address=self.address(school),
            port=self.number(
                school, "port", School.port, "a port that root alone can take", 1, ROOTS_PORTS - OF_HUB - len(courses)
            ),
            student_memory=self.memory(school, "student_memory", School.student_memory),
            grader_memory=self.memory(school, "grader_memory", School.grader_memory),
            stop_idle_after_minutes=self.number(
                school, "stop_idle_after_minutes", School.stop_idle_after_minutes, "minutes", 10, 10_000
            ),
        )

    def courses(self, given: dict[str, Any], id_: str) -> list[tuple[tuple[str, ...], Course]]:
        """A course, or its sections where it has any: each of them is one for nbgrader."""
        keys = ("courses", id_)
        table = self.table(given, keys)
        of_site = ("lms", "lms_context", "lms_instructors")
        self.only(table, keys, ("title", "instructors", "assistants", "closed", "sections", *of_site))
        title = self.title(table, keys)
        instructors = self.people(table, keys, "instructors")
        assistants = self.people(table, keys, "assistants")
        closed = self.yes_or_no(table, keys, "closed")
        sections = self.table(table, (*keys, "sections"))
        found: list[tuple[tuple[str, ...], Course]] = []
        for section in sections:
            at = (*keys, "sections", section)
            own = self.table(sections, at)
            self.only(own, at, ("title", "instructors", "assistants", *of_site))
            found.append(
                (
                    at,
                    Course(
                        f"{id_}-{section}",
                        self.title(own, at, f"{title}, {section}"),
                        _together(instructors, self.people(own, at, "instructors")),
                        _together(assistants, self.people(own, at, "assistants")),
                        closed,
                        self.one_line(own, at, "lms") or self.one_line(table, keys, "lms"),
                        self.one_line(own, at, "lms_context"),
                        self.yes_or_no(own if "lms_instructors" in own else table, at, "lms_instructors"),
                    ),
                )
            )
        if sections and "lms_context" in table:
            self.wrong(
                (*keys, "lms_context"),
                f"{id_} has sections, and each is a course of its own. Expected lms_context in a section.",
            )
        if not sections:
            of = self.one_line(table, keys, "lms"), self.one_line(table, keys, "lms_context")
            sees = self.yes_or_no(table, keys, "lms_instructors")
            found = [(keys, Course(id_, title, instructors, assistants, closed, *of, sees))]
        for place, course in found:
            if why := why_no_id(course.id):
                self.wrong(place, why)
            if not course.instructors:
                self.wrong(place, f'{course.id} has no instructor. Expected instructors = ["NAME"], by account.')
            for name in sorted({*course.instructors} & {*course.assistants}):
                self.wrong(place, f"{name} is an instructor of {course.id} and an assistant too. Keep one of the two.")
        return found

    def site_of(self, keys: tuple[str, ...], course: Course, sites: tuple[Lms, ...], others: list[Course]) -> None:
        """Look at what a course says of its course site; ``others`` are the courses before it."""
        if course.lms and course.lms not in {site.name for site in sites}:
            there = ", ".join(site.name for site in sites) or "none"
            self.wrong(
                (*keys, "lms"),
                f"there is no section [lms.{course.lms}]. Expected the name of a course site: {there} here.",
            )
        if course.lms_context and not course.lms:
            self.wrong((*keys, "lms_context"), f'{course.id} names no course site. Expected lms = "NAME" beside it.')
        for other in others:
            if course.lms_context and (other.lms, other.lms_context) == (course.lms, course.lms_context):
                self.wrong(
                    (*keys, "lms_context"),
                    f"{other.id} is that course of {course.lms} already. A course of a course site is one here.",
                )

    def sites(self, given: dict[str, Any]) -> tuple[Lms, ...]:
        found: list[Lms] = []
        needed = ("issuer", "client_id", "deployments", "authorization", "token", "keys")
        for name in given:
            at = ("lms", name)
            table = self.table(given, at)
            self.only(table, at, (*needed, "token_audience"))
            if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", name):
                self.wrong(
                    at, f"'{name}' cannot be a course site's name. Expected small letters, digits and dashes: canvas."
                )
            for key in needed:
                if key not in table:
                    self.wrong(at, f"'{key}' is missing. {page('lti.md')} says where your course site shows it.")
            texts = {key: self.one_line(table, at, key) for key in ("issuer", "client_id", "token_audience")}
            places = {key: self.place(table, at, key) for key in ("authorization", "token", "keys")}
            site = Lms(name=name, deployments=self.deployments(table, at), **texts, **places)
            for other in found:
                if site.issuer and (other.issuer, other.client_id) == (site.issuer, site.client_id):
                    self.wrong(at, f"{other.name} is that course site already: the same issuer and client_id.")
            found.append(site)
        return tuple(found)

    def service(self, content: dict[str, Any]) -> SignIn:
        """The school's sign-in service."""
        at = ("sign_in",)
        table = self.table(content, at)
        self.only(table, at, ("title", "issuer", "client_id", "name"))
        for key in ("issuer", "client_id"):
            if key not in table:
                self.wrong(at, f"'{key}' is missing. {page('deploy.md')} says where your sign-in service shows it.")
        found = SignIn(
            self.title(table, at),
            self.place(table, at, "issuer", "sign-in service"),
            self.one_line(table, at, "client_id"),
            self.one_line(table, at, "name") or "email",
        )
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", found.name):
            self.wrong((*at, "name"), f"'{found.name}' is no claim's name. Expected one such as email or sub.")
        return found

    def deployments(self, table: dict[str, Any], keys: tuple[str, ...]) -> tuple[str, ...]:
        value = table.get("deployments", [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one and one.isprintable() for one in value):
            self.wrong((*keys, "deployments"), 'Expected deployment ids in brackets, such as deployments = ["1"].')
            return ()
        return tuple(value)

    def place(self, table: dict[str, Any], keys: tuple[str, ...], key: str, whose: str = "course site") -> str:
        """An address elsewhere. In the open it would be anybody's who is on the way, except on this machine."""
        value = self.one_line(table, keys, key)
        if not value:
            return ""
        if not is_private(value) or urlsplit(value).username or urlsplit(value).fragment or " " in value:
            self.wrong((*keys, key), f"'{value}' is no address of a {whose}. Expected one that begins with https://")
        return value

    def one_line(self, table: dict[str, Any], keys: tuple[str, ...], key: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str) or (key in table and (not value.strip() or not value.isprintable())):
            self.wrong((*keys, key), f"'{key}' is {_shown(value)}. Expected a text of one line in quotes.")
            return ""
        return value

    def table(self, within: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
        value = within.get(keys[-1], {})
        if isinstance(value, dict):
            return value
        self.wrong(keys, f"'{keys[-1]}' is {_kind(value)}. Expected a section, such as [{'.'.join(keys)}].")
        return {}

    def only(self, table: dict[str, Any], keys: tuple[str, ...], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, 1)
                meant = f"Did you mean '{near[0]}'?" if near else f"Expected one of: {', '.join(known)}."
                self.wrong((*keys, key), f"'{key}' is not known here. {meant}")

    def title(self, table: dict[str, Any], keys: tuple[str, ...], otherwise: str = "") -> str:
        value = table.get("title", otherwise)
        if not isinstance(value, str):
            self.wrong((*keys, "title"), f"'title' is {_kind(value)}. Expected a text in quotes.")
            return ""
        if not value.strip() or not value.isprintable() or len(value) > 100:
            self.wrong(
                (*keys, "title"), f'{keys[-1]} has no title of one line. Expected title = "…", 100 signs at most.'
            )
        return value

    def people(self, table: dict[str, Any], keys: tuple[str, ...], key: str) -> tuple[str, ...]:
        at = (*keys, key)
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            self.wrong(
                at, f"'{key}' is {_kind(value)}. Expected account names in brackets, such as {key} = [\"grace\"]."
            )
            return ()
        if self.sign_in:
            value = [self.sign_in.plain(name) for name in value]
        for name in value:
            why = self.sign_in.why_nobody(name) if self.sign_in else why_no_account(name)
            if why and not FROM_ELSEWHERE.fullmatch(name):
                self.wrong(at, f"'{name}' cannot be a person's account: {why}.")
        for name in sorted({name for name in value if value.count(name) > 1}):
            self.wrong(at, f"{name} is named twice.")
        return tuple(value)

    def yes_or_no(self, table: dict[str, Any], keys: tuple[str, ...], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.wrong((*keys, key), f"'{key}' is {_kind(value)}. Expected true or false, without quotes.")
            return False
        return value

    def address(self, table: dict[str, Any]) -> str:
        value = table.get("address", School.address)
        expected = 'Expected what people type, such as address = "https://fieldguide.example.edu".'
        if not isinstance(value, str):
            self.wrong(("school", "address"), f"'address' is {_kind(value)}. {expected}")
            return School.address
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        host = parts.hostname or ""
        here = host in ("127.0.0.1", "localhost")
        plain = re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", host) and parts.path in ("", "/")
        if not plain or parts.query or parts.fragment or parts.username or parts.scheme not in ("http", "https"):
            self.wrong(("school", "address"), f"'{value}' is no address of a server. {expected}")
        elif parts.scheme == "http" and not here:
            self.wrong(
                ("school", "address"),
                f"'{value}' would send passwords in the open. Expected https:// (http:// is for 127.0.0.1 alone).",
            )
        elif port is not None and not here:
            self.wrong(("school", "address"), f"'{value}' names a port. Expected none: https is on 443. {expected}")
        return value.rstrip("/")

    def memory(self, table: dict[str, Any], key: str, otherwise: int) -> int:
        if key not in table:
            return otherwise
        value = table[key]
        found = _MEMORY.fullmatch(value) if isinstance(value, str) else None
        size = int(found[1]) << (20 if found[2] == "M" else 30) if found else 0
        if size < 256 << 20:
            self.wrong(("school", key), f"'{key}' is {_shown(value)}. Expected a size of 256M or more, such as \"1G\".")
            return otherwise
        return size

    def number(self, table: dict[str, Any], key: str, otherwise: int, what: str, least: int, most: int) -> int:
        value = table.get(key, otherwise)
        if type(value) is not int or not least <= value <= most:
            expected = f"Expected {what}, a whole number from {least} to {most}."
            self.wrong(("school", key), f"'{key}' is {_shown(value)}. {expected}")
            return otherwise
        return value


def why_no_id(id_: str) -> str | None:
    """Why a course cannot have this id, in a sentence; None where it can."""
    if _ID.fullmatch(id_) and len(id_) <= LONGEST_ID:
        return None
    return (
        f"'{id_}' cannot be a course's id. Expected small letters, digits and single dashes, a letter first, "
        f"{LONGEST_ID} signs at most with the section's, such as sw101 or sw101-a."
    )


def why_no_account(name: str) -> str | None:
    """Why a person cannot have an account of this name, in words; None where one can."""
    if not _NAME.fullmatch(name):
        return "expected small letters, digits, - and _, a letter first, 32 signs at most"
    if name.startswith(GRADER):
        return f"names that begin with {GRADER} are the courses' own"
    if name.startswith(SERVICES):
        return f"names that begin with {SERVICES} are this server's own"
    return None


def _together(first: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *more)))


def _kind(value: object) -> str:
    kinds = {
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a section",
    }
    return kinds.get(type(value), "a date or a time")


def _shown(value: object) -> str:
    return f"'{value}'" if type(value) in (str, int, float) else _kind(value)
