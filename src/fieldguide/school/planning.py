"""What a school's machine should be like: accounts, groups, folders and files. Pure: it looks at nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from fieldguide.school import units
from fieldguide.school.accounts import MADE
from fieldguide.school.reading import GRADER, OF_HUB, Course, School


@dataclass(frozen=True, slots=True)
class Places:
    """Where a school's files are; all below ``root``, which is / but where it is tried out."""

    root: Path = Path("/")

    @property
    def settings(self) -> Path:
        """The school's settings: `courses.toml`, and nothing else that is edited."""
        return self.root / "etc/fieldguide"

    @property
    def state(self) -> Path:
        """What the hub itself keeps, for root alone."""
        return self.root / "var/lib/fieldguide"

    @property
    def hub(self) -> Path:
        """What the hub's settings read: what the courses are, as JSON."""
        return self.state / "hub.json"

    @property
    def courses(self) -> Path:
        """A folder for each course, with its exchange and its account's home."""
        return self.root / "srv/fieldguide"

    @property
    def homes(self) -> Path:
        """The homes of people."""
        return self.root / "home"

    @property
    def services(self) -> Path:
        """The units that systemd starts."""
        return self.root / "etc/systemd/system"

    @property
    def journal(self) -> Path:
        """Where systemd is told how long to keep what is logged."""
        return self.services.parent / "journald.conf.d"

    @property
    def identities(self) -> Path:
        """Who is who of those who come from elsewhere (identities.py), and beside it the secret of their names."""
        return self.state / "identities.jsonl"

    @property
    def names_secret(self) -> Path:
        """What the names of their accounts follow from. Without it everybody would get another account."""
        return self.state / "identities.key"

    @property
    def sign_in_secret(self) -> Path:
        """The word by which the school's sign-in service knows this server: whoever runs it writes it here."""
        return self.settings / "sign-in-secret"

    @property
    def lti(self) -> Path:
        """What the service of course sites keeps, for its account alone; its settings and its key are beside it."""
        return self.state / "lti"

    def course(self, course: Course) -> Path:
        """The folder of a course, which only those who are in it may enter."""
        return self.courses / course.id

    def exchange(self, course: Course) -> Path:
        """nbgrader's exchange of one course."""
        return self.course(course) / "exchange"

    def grader(self, course: Course) -> Path:
        """The home of a course's own account."""
        return self.course(course) / "grader"

    def folder(self, course: Course) -> Path:
        """The course folder: source, gradebook, what was collected."""
        return self.grader(course) / "course"

    def token(self, course: Course) -> Path:
        """The file with the word by which a course's server and the hub know each other."""
        return self.state / "tokens" / course.id

    def server(self, course: Course) -> Path:
        """What a course's own server reads: `server.py` is started with its name."""
        return self.state / "servers" / f"{course.id}.json"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the system. A course's own belongs to no person: nobody can log in with it."""

    name: str
    home: Path
    person: bool = True


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, with its owner, group and permissions. One that is ``kept`` is made where it is missing, and else left
    alone."""

    path: Path
    owner: str
    group: str
    mode: int
    kept: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file, with its owner, group and permissions. Without a text it holds a secret, made once and kept: a word, or
    where it ``signs`` a private key."""

    path: Path
    owner: str
    group: str
    mode: int
    text: str | None
    signs: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a machine has to have, in the order in which it can be made."""

    groups: tuple[str, ...]
    accounts: tuple[Account, ...]
    #: Who has to be in a group: those alone, or these at least where ``strict`` does not name it.
    members: dict[str, frozenset[str]]
    #: The groups in which nobody else may be; students come by the class list and not by `courses.toml`.
    strict: frozenset[str]
    folders: tuple[Folder, ...]
    files: tuple[File, ...]
    #: Folders in which nothing else may be: what a course had there that `courses.toml` no longer has.
    only: tuple[Path, ...] = ()
    #: The strict groups in which those may be, too, who are in ``FROM_LMS``: a course site says that they teach.
    lms_says: frozenset[str] = frozenset()
    #: The folder taken for /. In groups that all servers of a machine share, whose home lies elsewhere is another's.
    root: Path = Path("/")


def student_group(course: Course) -> str:
    """The group of a course's students, named as nbgrader looks for it."""
    return f"nbgrader-{course.id}"


def instructor_group(course: Course) -> str:
    """The group of those who grade a course, named as nbgrader looks for it."""
    return f"formgrade-{course.id}"


def assistant_group(course: Course) -> str:
    """The group of those who score a course's essays and are no instructors of it."""
    return f"assist-{course.id}"


#: The system's group of the accounts whose people come from a course site.
FROM_LMS = "fieldguide-lms"
#: The groups that every server of a machine has, one that is tried out below a folder too.
SHARED = (MADE, FROM_LMS)
#: The account that the service of course sites runs as: it has its own state and nothing else of the machine.
LTI_ACCOUNT = "fieldguide-lti"
#: A change of who is in which course holds within a minute: after so many seconds the hub looks at the groups again,
#: and so long a course's server goes by what the hub told it of somebody.
LOOKS_AGAIN, ASKS_AGAIN = 30, 25
#: The home of an account that needs none, as Debian has it.
NO_HOME = Path("/nonexistent")


def grader(course: Course) -> str:
    """The account that has a course's folder and runs its server."""
    return f"{GRADER}{course.id}"


def service(course: Course) -> str:
    """The address of a course's own server, below the hub's."""
    return f"/services/{course.id}/"


def course_port(school: School, course: Course) -> int:
    """The port of a course's own server."""
    return school.port + OF_HUB + [other.id for other in school.courses].index(course.id)


def first_plan(places: Places) -> Plan:
    """What there has to be before anybody's account can be named: the secret of names, and where it lies."""
    kept = (places.settings.parent, places.state.parent.parent, places.state.parent)
    folders = (
        *(Folder(path, "root", "root", 0o755, kept=True) for path in kept),
        Folder(places.settings, "root", "root", 0o755),
        Folder(places.state, "root", "root", 0o711),
    )
    return Plan((), (), {}, frozenset(), folders, (File(places.names_secret, "root", "root", 0o600, None),))


def plan(school: School, places: Places, python: str) -> Plan:
    """What the machine of a school has to have; ``python`` is the program that runs everything."""
    people = sorted({name for course in school.courses for name in (*course.instructors, *course.assistants)})
    accounts = [Account(name, places.homes / name) for name in people]
    groups: list[str] = [*SHARED]
    members: dict[str, frozenset[str]] = {}
    around = (places.courses.parent, places.homes, places.services.parent, places.services, places.journal)
    folders = [Folder(path, "root", "root", 0o755, kept=True) for path in around]
    folders += [
        Folder(places.state / "hub", "root", "root", 0o700),
        Folder(places.state / "tokens", "root", "root", 0o711),
        Folder(places.state / "servers", "root", "root", 0o711),
        Folder(places.courses, "root", "root", 0o755),
    ]
    files = [
        File(places.hub, "root", "root", 0o600, hub_settings(school, places)),
    ]
    if school.lms:
        accounts.append(Account(LTI_ACCOUNT, NO_HOME, person=False))
        folders.append(Folder(places.lti, LTI_ACCOUNT, LTI_ACCOUNT, 0o700))
        files.append(File(places.lti.with_suffix(".key"), "root", "root", 0o600, None, signs=True))
        files.append(File(places.lti.with_suffix(".json"), "root", "root", 0o600, lti_settings(school, places)))
    for course in school.courses:
        own = grader(course)
        accounts.append(Account(own, places.grader(course), person=False))
        groups += [student_group(course), instructor_group(course), assistant_group(course)]
        members[instructor_group(course)] = frozenset((*course.instructors, own))
        members[assistant_group(course)] = frozenset(course.assistants)
        # What the course's account may read by its own group, such as the token, nobody else may.
        members[own] = frozenset()
        # The course's account reaches the exchange as its students do.
        members[student_group(course)] = frozenset((own,))
        folders += _folders(course, places)
        files.append(File(places.token(course), "root", own, 0o440, None))
        files.append(File(places.server(course), "root", own, 0o440, server_settings(course, school, places)))
    files += [
        File(places.services / name, "root", "root", 0o644, text)
        for name, text in units.units(school, str(places.state), str(places.courses), python).items()
    ]
    files.append(File(places.journal / "fieldguide.conf", "root", "root", 0o644, units.journal()))
    files.append(File(places.settings / "Caddyfile", "root", "root", 0o644, units.caddyfile(school)))
    first = first_plan(places)
    return Plan(
        tuple(groups),
        tuple(accounts),
        members,
        frozenset(
            group
            for course in school.courses
            for group in (instructor_group(course), assistant_group(course), grader(course))
        ),
        (*first.folders, *folders),
        (*first.files, *files),
        (places.state / "tokens", places.state / "servers"),
        frozenset(
            group
            for course in school.courses
            if course.lms_instructors
            for group in (instructor_group(course), assistant_group(course))
        ),
        places.root,
    )


def _folders(course: Course, places: Places) -> list[Folder]:
    own, students = grader(course), student_group(course)
    exchange = places.exchange(course)
    inside = exchange / course.id
    return [
        # Who is not in the course comes no further than here.
        Folder(places.course(course), "root", students, 0o750),
        Folder(places.grader(course), own, own, 0o700),
        Folder(places.folder(course), own, own, 0o700),
        Folder(places.folder(course) / "source", own, own, 0o700),
        # nbgrader wants an exchange in which all may write. Nobody but the course's account can replace what is in it,
        # and what it needs is made here, so that nobody is there first.
        Folder(exchange, "root", "root", 0o1777),
        Folder(inside, own, own, 0o755),
        Folder(inside / "outbound", own, own, 0o755),
        # Once a course is closed its account still reads what was handed in, and cannot open the folder again.
        Folder(inside / "inbound", "root", own, 0o750)
        if course.closed
        else Folder(inside / "inbound", own, own, 0o3733),
        Folder(inside / "feedback", own, own, 0o711),
    ]


def hub_settings(school: School, places: Places) -> str:
    """What `jupyterhub_config.py` reads, as JSON: the courses, and where their files are."""
    return _as_json(
        {
            "address": school.address,
            "port": school.port,
            "state": str(places.state / "hub"),
            "student_memory": school.student_memory,
            "stop_idle_after_minutes": school.stop_idle_after_minutes,
            "looks_again_after": LOOKS_AGAIN,
            "lti": str(places.lti.with_suffix(".json")) if school.lms else "",
            "root": str(places.root),
            "sign_in": asdict(school.sign_in) if school.sign_in else None,
            "courses": [
                {
                    "id": course.id,
                    "title": course.title,
                    "students": student_group(course),
                    "instructors": instructor_group(course),
                    "assistants": assistant_group(course),
                    "exchange": str(places.exchange(course)),
                    "token": str(places.token(course)),
                    "port": course_port(school, course),
                    "closed": course.closed,
                    "teaching": course.instructors,
                    "assisting": course.assistants,
                    "lms": course.lms,
                    "lms_instructors": course.lms_instructors,
                }
                for course in school.courses
            ],
        }
    )


def lti_settings(school: School, places: Places) -> str:
    """What the service of course sites reads (lti/settings.py), as JSON."""
    return _as_json(
        {
            "address": school.address,
            "key": str(places.lti.with_suffix(".key")),
            "names_secret": str(places.names_secret),
            "state": str(places.lti),
            "platforms": [asdict(site) for site in school.lms],
            "courses": [
                {
                    "id": course.id,
                    "title": course.title,
                    "lms": course.lms,
                    "context": course.lms_context,
                }
                for course in school.courses
                if course.lms
            ],
        }
    )


def server_settings(course: Course, school: School, places: Places) -> str:
    """What a course's own server reads, as JSON."""
    return _as_json(
        {
            "course": course.id,
            "account": grader(course),
            "instructors": instructor_group(course),
            "folder": str(places.folder(course)),
            "exchange": str(places.exchange(course)),
            "token": str(places.token(course)),
            "port": course_port(school, course),
            "prefix": service(course),
            "public": f"{school.address}{service(course)}",
            "hub": f"http://127.0.0.1:{school.port + 2}/hub/api",
            "live": f"http://127.0.0.1:{school.port + 9}/services/live",
            "lti": f"http://127.0.0.1:{school.port + 8}/services/lti" if course.lms else "",
            "sign_in": school.sign_in.title if school.sign_in else "",
            "asks_again_after": ASKS_AGAIN,
        }
    )


def _as_json(settings: dict[str, object]) -> str:
    return json.dumps(settings, indent=2) + "\n"
