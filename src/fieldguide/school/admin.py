"""``fieldguide-admin``: a school's server, from `courses.toml` to the machine.

How a command ends is one rule for all, told by `--help`: 1 where it is to be run again once something is mended, LEFT
where it is done and has named something that is left to people.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from fieldguide import __version__
from fieldguide.docs import page, where_pages_are
from fieldguide.failing import LEFT
from fieldguide.grading.names import show
from fieldguide.school import SchoolError, running
from fieldguide.school.addresses import addresses
from fieldguide.school.alone import WAIT, alone
from fieldguide.school.apart import both, need_apart, students_of, take_out
from fieldguide.school.backup import back_up
from fieldguide.school.classlist import find_course, give_passwords, take
from fieldguide.school.doctor import examine
from fieldguide.school.editing import with_course, with_person, write_settings
from fieldguide.school.forgetting import forget_everywhere
from fieldguide.school.gone import courses_gone
from fieldguide.school.identities import Identities
from fieldguide.school.machine import apply, check, differing, mend, need_ports_of_roots, need_python_for_everybody
from fieldguide.school.modules import bring_content
from fieldguide.school.naming import account_of, client_secret, note_named, with_accounts
from fieldguide.school.planning import Places, Plan, first_plan, plan
from fieldguide.school.reading import School, parse_school, read_school
from fieldguide.school.restoring import restore
from fieldguide.school.terms import new_term
from fieldguide.unheard import go_on_unheard

_EXAMPLE = Path(__file__).with_name("courses.toml")
#: How every command ends.
_ENDS = f"""\
how a command ends (its exit code):
  0    it is done, or there was nothing to do
  1    it is not done, or not all of it: mend what it tells, and run it again;
       of apply --check and doctor: something is to mend
  2    it was not given as --help tells
  {LEFT}    it is done, and has named something that is left to you, such as
       what it left out, and what to look into
  130  it was stopped by Ctrl-C
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code. What is wrong is told in words, not in a traceback."""
    go_on_unheard()
    options = _parser().parse_args(arguments)
    places = Places(options.root.absolute())
    try:
        with _alone(places, options):
            code: int = options.command(places, options)
    except SchoolError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}." if error.filename else str(error))
    except KeyboardInterrupt:
        return _fail("Stopped. Run it again to go on.", 130)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fieldguide-admin",
        description="The course on a school's own server (docs/deploy.md).",
        epilog=f"{_ENDS}\n{where_pages_are()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--root", type=Path, default=Path("/"), help="the folder to take for / (to try it out)")
    parser.add_argument(
        "--wait",
        type=_minutes,
        default=WAIT,
        metavar="MINUTES",
        help=f"how long to wait where another command is at work (default: {WAIT}; 0: not at all)",
    )
    parser.add_argument("--version", action="version", version=f"Field Guide {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="named")

    init = commands.add_parser("init", help="write a courses.toml to begin with")
    init.set_defaults(command=_init)

    applying = commands.add_parser("apply", help="bring this machine to what courses.toml says; can be run again")
    applying.add_argument("--check", action="store_true", help="change nothing; say what is not so")
    applying.set_defaults(command=_apply)

    roster = commands.add_parser("roster", help="bring a course up to a class list (CSV): accounts, group, gradebook")
    roster.add_argument("course", metavar="COURSE", help="the course's id, as in courses.toml")
    roster.add_argument("list", type=Path, metavar="FILE.csv", help="a row for each student, with the column id")
    roster.add_argument("--remove", action="store_true", help="who is not in the list leaves the course")
    roster.add_argument(
        "--existing", action="store_true", help="students have accounts of the school here, which are taken as they are"
    )
    roster.set_defaults(command=_roster)

    modules = commands.add_parser("modules", help="bring modules, with keys, into a course, or a newer text of them")
    modules.add_argument("course", metavar="COURSE", help="the course's id, as in courses.toml")
    modules.add_argument(
        "content", type=Path, metavar="FILE", help="fieldguide-content-….tar, or a project's folder that has source/"
    )
    modules.add_argument("--plan", action="store_true", help="change nothing; tell what would be done, and why")
    modules.add_argument(
        "--replace", action="append", default=[], metavar="MODULE", help="one that was changed by hand gives way too"
    )
    modules.set_defaults(command=_modules)

    password = commands.add_parser("password", help="give a first password to instructors whose account was made here")
    password.set_defaults(command=_password)

    backup = commands.add_parser("backup", help="write a course's data, or all courses', into one file")
    backup.add_argument("--all", action="store_true", help="every course; then FILE alone is named")
    backup.add_argument("names", nargs="+", metavar="COURSE FILE", help="the course's id; the file to write")
    backup.add_argument("--homes", action="store_true", help="also each student's own folder of the course")
    backup.set_defaults(command=_backup)

    restoring = commands.add_parser("restore", help="bring back what a backup holds, where there is no data yet")
    restoring.add_argument("file", type=Path, metavar="FILE", help="the file that backup wrote")
    restoring.add_argument(
        "--existing", action="store_true", help="students have accounts of the school here, which are taken as they are"
    )
    restoring.add_argument(
        "--course", action="append", default=[], metavar="COURSE", help="this course alone; can be repeated"
    )
    restoring.set_defaults(command=_restore)

    forgetting = commands.add_parser("forget", help="delete what there is of one student, for good")
    forgetting.add_argument("student", metavar="STUDENT", help="the account's name")
    forgetting.add_argument(
        "--course",
        metavar="COURSE",
        help="in this course alone; else in all, also those that were taken out of courses.toml",
    )
    forgetting.add_argument("--plan", action="store_true", help="delete nothing; show what would be deleted")
    forgetting.add_argument("--home", action="store_true", help="also the courses' folders in the student's home")
    forgetting.set_defaults(command=_forget)

    doctor = commands.add_parser("doctor", help="look this machine over, and say what to do; changes nothing")
    doctor.set_defaults(command=_doctor)

    lms = commands.add_parser("lms", help="tell what a course site's administrator enters there; changes nothing")
    lms.set_defaults(command=_lms)

    people = commands.add_parser("people", help="tell whose accounts those are of people who come from elsewhere")
    people.add_argument("account", nargs="*", metavar="ACCOUNT", help="of these alone; else of all")
    people.set_defaults(command=_people)

    course = commands.add_parser("course", help="add a course to courses.toml, and apply it")
    course = course.add_subparsers(required=True, metavar="add").add_parser("add", help="add a course")
    course.add_argument("course", metavar="ID", help="the course's id, which stays")
    course.add_argument("--title", required=True, help="what people read")
    course.add_argument(
        "--instructor", required=True, action="append", metavar="NAME", help="an account; can be repeated"
    )
    course.set_defaults(command=_course_add)

    instructor = commands.add_parser("instructor", help="add somebody who teaches to courses.toml, and apply it")
    instructor = instructor.add_subparsers(required=True, metavar="add").add_parser("add", help="add an instructor")
    instructor.add_argument("course", metavar="COURSE", help="the course's id, or a section's")
    instructor.add_argument("name", metavar="NAME", help="the account's name")
    instructor.add_argument("--assistant", action="store_true", help="as an assistant")
    instructor.add_argument(
        "--was-student", action="store_true", help="a student of this course leaves the class, and takes it no longer"
    )
    instructor.set_defaults(command=_instructor_add)

    term = commands.add_parser("term", help="begin a new term: save and close a course, and begin one like it")
    term = term.add_subparsers(required=True, metavar="new").add_parser("new", help="begin a new term")
    term.add_argument("course", metavar="OLD", help="the course's id")
    term.add_argument("new", metavar="NEW", help="the new course's id, such as sw101-27")
    term.add_argument("--title", help="the new course's title; else the old one's")
    term.add_argument("--archive", type=Path, required=True, metavar="FILE", help="where the old course is saved to")
    term.set_defaults(command=_term_new)
    return parser


def _alone(places: Places, options: argparse.Namespace) -> AbstractContextManager[None]:
    """Commands that only look, and the one that writes what is nowhere yet, wait for nobody."""
    looks = options.command in (_init, _doctor, _lms, _people) or any(
        vars(options).get(name) for name in ("check", "plan")
    )
    if looks:
        return nullcontext()
    _need_root()
    return alone(places, f"fieldguide-admin {options.named}", _say, options.wait)


def _minutes(given: str) -> float:
    try:
        minutes = float(given)
    except ValueError:
        minutes = -1
    if not 0 <= minutes < float("inf"):
        raise argparse.ArgumentTypeError(f"'{given}' are no minutes. Expected a number, such as 30.")
    return minutes


def _init(places: Places, options: argparse.Namespace) -> int:
    path = _settings(places)
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    text = _EXAMPLE.read_bytes()
    try:
        with path.open("xb") as stream:
            stream.write(text)
    except FileExistsError:
        return _fail(f"{path} is there already, and stays as it is.")
    _say(f"{path}: written. Say in it what your courses are, then run: fieldguide-admin apply")
    _say(where_pages_are())
    return 0


def _apply(places: Places, options: argparse.Namespace) -> int:
    _need_root()
    named = read_school(_settings(places))
    if _settings(places).read_bytes() == _EXAMPLE.read_bytes():
        raise SchoolError(
            f"{_settings(places)} is still the example. Say in it what your courses are, then run this again."
        )
    if named.sign_in:
        client_secret(places)
        if not options.check:
            apply(first_plan(places), _say)
    school, wanted = _school(places), _plan(places)
    need_python_for_everybody(sys.executable)
    need_ports_of_roots()
    if options.check:
        wrong = [*check(wanted), *differing(running.looks(school, places)), *_left(school, places)]
        if wrong:
            return _fail("\n".join([*wrong, f"{len(wrong)} to mend. Run: fieldguide-admin apply"]))
        _say("Everything is as courses.toml says.")
        return 0
    try:
        changed = _bring(places)
    except SchoolError as error:
        raise SchoolError("\n".join([str(error), *running.left(school, places)])) from error
    _say(f"{changed} changed." if changed else "Nothing to change: everything is as courses.toml says.")
    return _tell_left(places)


def _bring(places: Places) -> int:
    """Bring the machine to what courses.toml says, with what runs on it; returns how many changes there were."""
    need_apart(_school(places).courses)
    note_named(read_school(_settings(places)), places)
    return apply(_plan(places), _say) + mend(running.looks(_school(places), places), _say)


def _tell_left(places: Places) -> int:
    """Tell what is left to people once the machine is as courses.toml says; returns the exit code."""
    left = [*_left(_school(places), places)]
    if places.root == Path("/") and (why := running.why_not(places)):
        left.append(f"Not done: {why}.")
    return _fail("\n".join(left), LEFT) if left else 0


def _left(school: School, places: Places) -> list[str]:
    return [*running.left(school, places), *both(school.courses)]


def _roster(places: Places, options: argparse.Namespace) -> int:
    school = _school(places)
    course = find_course(school, options.course)
    _need_applied(places)
    left = take(
        course,
        places,
        options.list,
        remove=options.remove,
        existing=options.existing,
        tell=_say,
        sign_in=school.sign_in,
    )
    return LEFT if left else 0


def _modules(places: Places, options: argparse.Namespace) -> int:
    course = find_course(_school(places), options.course)
    _need_applied(places)
    replacing = [word for module in options.replace for word in ("--replace", module)]
    said, left = bring_content(course, places, options.content, [*(["--plan"] if options.plan else []), *replacing])
    _say(said)
    return LEFT if left else 0


def _password(places: Places, options: argparse.Namespace) -> int:
    school = _school(places)
    people = {name for course in school.courses for name in (*course.instructors, *course.assistants)}
    _need_applied(places)
    if school.sign_in:
        _say(f"Nobody has a password here: people sign in with {school.sign_in.title}.")
        return 0
    give_passwords(tuple(sorted(people)), places, "instructors", _say)
    return 0


def _backup(places: Places, options: argparse.Namespace) -> int:
    school = _school(places)
    *course, file = options.names
    if len(course) != (0 if options.all else 1):
        raise SchoolError("Name one course and the file, or all courses: backup COURSE FILE, backup --all FILE.")
    courses = school.courses if options.all else (find_course(school, course[0]),)
    left_out = back_up(courses, places, Path(file), homes=options.homes, tell=_say)
    return LEFT if left_out else 0


def _restore(places: Places, options: argparse.Namespace) -> int:
    need_python_for_everybody(sys.executable)
    left = restore(options.file, places, _say, only=options.course, existing=options.existing)
    return LEFT if left else 0


def _forget(places: Places, options: argparse.Namespace) -> int:
    _need_root()
    school = _school(places)
    gone, unknown = courses_gone(school, places)
    courses = (*school.courses, *gone)
    if options.course:
        courses, unknown = (find_course(replace(school, courses=courses), options.course),), ()
    left = forget_everywhere(
        options.student,
        courses,
        places,
        home=options.home,
        really=not options.plan,
        everywhere=not options.course,
        tell=_say,
        gone=gone,
        unknown=unknown,
    )
    return LEFT if left else 0


def _doctor(places: Places, options: argparse.Namespace) -> int:
    wanted = _plan(places)
    finds = examine(_school(places), places, wanted)
    for what in finds.not_looked_at:
        _say(f"Not looked at: {what}.")
    if finds.wrong:
        return _fail("\n".join([*(f"- {wrong}" for wrong in finds.wrong), f"{len(finds.wrong)} to mend."]))
    _say("Nothing to mend was found.")
    return LEFT if finds.not_looked_at else 0


def _lms(places: Places, options: argparse.Namespace) -> int:
    school = _school(places)
    at = addresses(school.address)
    for what, said in _ENTERED.items():
        _say(f"{said}: {at[what]}")
    for site in school.lms:
        of = [course for course in school.courses if course.lms == site.name]
        _say(f"{site.name} ({site.issuer}):")
        for course in of:
            _say(f"  {course.id}: {course.lms_context or 'not linked yet. Open its link there; the page says how.'}")
        if not of:
            _say(f'  no course is linked. Write lms = "{site.name}" into the section of one.')
    if not school.lms:
        _say(f"courses.toml has no course site yet: {page('lti.md')} says what to write.")
    return 0


#: What a course site's administrator calls each address.
_ENTERED = {
    "login": "Login initiation (OpenID Connect)",
    "redirect": "Redirect",
    "target": "Target link, also called tool or launch",
    "picking": "Deep Linking, also called content selection",
    "keys": "Public keys (JWK Set)",
    "canvas": "All of it for Canvas, as JSON",
}


def _people(places: Places, options: argparse.Namespace) -> int:
    _need_root()
    known = Identities(places.identities).all()
    unknown = sorted({*options.account} - known.keys())
    for account in sorted({*options.account} & known.keys() if options.account else known):
        person = known[account]
        told = ", ".join(filter(None, (person.name, person.email))) or "no name was told"
        _say(f"{account}: {told} ({person.subject} at {person.issuer})")
    if unknown:
        raise SchoolError(f"Nobody who comes from elsewhere has such an account: {', '.join(unknown)}.")
    if not known:
        _say("Nobody has come from elsewhere yet.")
    return 0


def _course_add(places: Places, options: argparse.Namespace) -> int:
    table = {"title": options.title, "instructors": options.instructor, "assistants": []}
    _edit(places, lambda text: with_course(text, options.course, table))
    _say("Next, where an account is new: fieldguide-admin password")
    return _tell_left(places)


def _instructor_add(places: Places, options: argparse.Namespace) -> int:
    role = "assistants" if options.assistant else "instructors"
    school, before = _school(places), _settings(places).read_text(encoding="utf-8-sig")
    account = account_of(school.sign_in, options.name, places)
    named = any(one.id == options.course and account in (*one.instructors, *one.assistants) for one in school.courses)
    already = options.was_student and named  # by hand; then there is only the class to leave
    if not already:
        _need_applied(places)
    after = before if already else with_person(before, options.course, role, options.name)
    courses = with_accounts(parse_school(after), places).courses
    for course in courses if options.was_student else ():
        if account in students_of(course) and account in (*course.instructors, *course.assistants):
            take_out(account, course)
            _say(
                f"{options.name} has left the class of {course.id}. What they handed in there stays, with its grades: "
                "have somebody else look after these, as nobody grades their own work."
            )
    need_apart(courses)
    if already:
        _bring(places)
    else:
        _edit(places, lambda text: with_person(text, options.course, role, options.name))
    _say("Next, where the account is new: fieldguide-admin password")
    return _tell_left(places)


def _term_new(places: Places, options: argparse.Namespace) -> int:
    _need_applied(places)
    left_out = new_term(options.course, options.new, options.title, options.archive, places, _settings(places), _say)
    _bring(places)
    _say(f"Next: fieldguide-admin roster {options.new} FILE.csv")
    return _tell_left(places) or (LEFT if left_out else 0)


def _edit(places: Places, change: Callable[[str], str]) -> None:
    """Change courses.toml, and bring the machine to it."""
    _need_applied(places)
    text = _settings(places).read_text(encoding="utf-8-sig")
    write_settings(_settings(places), text, change(text))
    _say(f"{_settings(places)}: changed")
    _bring(places)


def _need_root() -> None:
    if os.geteuid() != 0:
        raise SchoolError("This looks at accounts and folders that are root's alone. Run it as root (sudo).")


def _need_applied(places: Places) -> None:
    wrong = check(_plan(places))
    if wrong:
        raise SchoolError(f"This machine is not as courses.toml says ({wrong[0]}). Run: fieldguide-admin apply")


def _plan(places: Places) -> Plan:
    _need_root()
    return plan(_school(places), places, sys.executable)


def _school(places: Places) -> School:
    return with_accounts(read_school(_settings(places)), places)


def _settings(places: Places) -> Path:
    return places.settings / "courses.toml"


def _say(text: str) -> None:
    sys.stdout.write(_shown(text) + "\n")
    sys.stdout.flush()


def _fail(message: str, code: int = 1) -> int:
    sys.stderr.write(_shown(message) + "\n")
    return code


def _shown(text: str) -> str:
    """What is told, in which students may have named files: no name writes to root's terminal but text."""
    return "\n".join(show(line, len(line)) for line in text.split("\n"))


if __name__ == "__main__":
    sys.exit(main())
