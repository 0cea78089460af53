"""The command line: ``fieldguide build``, ``check``, ``grade``, ``score``, ``feedback``, ``digest`` and more."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide import __version__
from fieldguide.bench.commands import add_commands as add_bench_commands
from fieldguide.content.commands import add_commands as add_course_commands
from fieldguide.items import ReadingError
from fieldguide.unheard import go_on_unheard

if TYPE_CHECKING:
    from fieldguide.grading.course import Course


_CIRCLE = "its links lead in a circle"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code. What is wrong is told in words, not in a traceback."""
    go_on_unheard()
    options = _parser().parse_args(arguments)
    # nbgrader calls other programs of its environment (alembic) by name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        project = _entered(options.project)
    except OSError as error:
        return _fail(str(error))
    if options.needs_modules and not (project / "modules").is_dir():
        return _fail(f"{project} has no folder 'modules'. Run this in the project's folder, or name it with --project.")
    try:
        code: int = options.command(project, options)
    except ReadingError as error:
        return _fail(str(error))
    except RuntimeError as error:
        return _fail(str(error))
    except OSError as error:
        where = error.filename2 or error.filename
        return _fail(f"{where}: {error.strerror}." if where else str(error))
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return code


def _entered(given: Path) -> Path:
    """The project's folder as a whole path. Raises OSError, in words, where it cannot be entered."""
    try:
        path = Path(os.path.abspath(given))  # noqa: PTH100 (a link stays as it was named)
    except FileNotFoundError:
        raise OSError(
            "The folder in which this was called is no longer there. Change to one that is, or name the project's with "
            "--project, by its whole path."
        ) from None
    try:
        folder = path.resolve(strict=True)
        folder.joinpath(".").stat()
        os.scandir(folder).close()
    except FileNotFoundError:
        raise OSError(f"There is no folder {path}.") from None
    except (OSError, RuntimeError) as error:
        if os.path.isfile(path):  # noqa: PTH113 (what cannot be looked at is none)
            raise OSError(f"{path} is no folder. Name the project's folder with --project.") from None
        # Python itself says of a circle what no person can read, and in two ways.
        why = error.strerror if isinstance(error, OSError) and error.errno != errno.ELOOP else _CIRCLE
        raise OSError(f"{path} cannot be entered: {why}.") from None
    return folder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fieldguide", description="A Jupyter classroom course, from text to gradebook."
    )
    parser.add_argument("--project", type=Path, default=Path(), help="the project's folder (default: this one)")
    parser.add_argument("--version", action="version", version=f"Field Guide {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="make notebooks/, source/ and release/ from modules/")
    build.add_argument("--check", action="store_true", help="write nothing; say with a diff what is not as built")
    build.set_defaults(command=_build, needs_modules=True)

    check = commands.add_parser("check", help="check the content: coverage, minutes, keys, standards and more")
    check.add_argument(
        "--guide", type=Path, metavar="PATH", help="the file with the guide's text, to find copied words"
    )
    check.add_argument("--write", action="store_true", help="write docs/coverage.md and docs/items.md first")
    check.set_defaults(command=_check, needs_modules=True)

    printed = commands.add_parser("print", help="print a module as a worksheet with an answer sheet (docs/printing.md)")
    printed.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
    printed.add_argument(
        "--student", action="append", default=[], metavar="ID", help="one for this student (can be given again)"
    )
    printed.add_argument("--large", action="store_true", help="in large print")
    sheets = printed.add_mutually_exclusive_group()
    sheets.add_argument("--practice", action="store_true", help="what practice explains, for students, afterward")
    sheets.add_argument("--key", action="store_true", help="the answer key, for instructors alone")
    printed.add_argument("--to", type=Path, metavar="FOLDER", help="where (default: print/ in the course folder)")
    printed.add_argument("--no-pdf", action="store_true", help="the page alone, without a PDF")
    printed.set_defaults(command=_print, needs_modules=False)

    entered = commands.add_parser("enter", help="enter a student's answer sheet, to be graded like any submission")
    entered.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
    entered.add_argument("student", metavar="STUDENT", help="the student's id")
    entered.add_argument("sheet", type=Path, metavar="SHEET", help="the CSV file")
    entered.add_argument("--new", action="store_true", help="write the sheet, to type the answers into")
    entered.add_argument("--by", metavar="NAME", help="who typed them in (default: this account's name)")
    entered.add_argument(
        "--at", metavar="TIME", help="when it was handed in, such as '2026-11-30 17:00' (default: now)"
    )
    entered.set_defaults(command=_enter, needs_modules=False)

    review = commands.add_parser("review", help="have the keys read by a licensed social worker, by a form (.docx)")
    review.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05; or all")
    review.add_argument("form", type=Path, nargs="?", metavar="FORM", help="the form (default: in docs/review)")
    review.add_argument("--new", action="store_true", help="write the form, to be filled in")
    review.set_defaults(command=_review, needs_modules=True)

    translate = commands.add_parser("translate", help="bring the course into another language (docs/translating.md)")
    steps = translate.add_subparsers(required=True, metavar="WHAT")
    extracting = steps.add_parser("extract", help="write or update the catalogues of a language, for translators")
    extracting.add_argument("language", metavar="LANG", help="the language's code, such as es")
    extracting.add_argument("modules", metavar="MODULE", nargs="*", help="only these, by id or its beginning")
    extracting.set_defaults(command=_translate_extract, needs_modules=True)
    translated = steps.add_parser("build", help="make courses/LANG from the catalogues")
    translated.add_argument("language", metavar="LANG", help="the language's code, such as es")
    translated.set_defaults(command=_translate_build, needs_modules=True)
    marked = steps.add_parser("pseudo", help="make a course in which every text is marked and longer, to look at")
    marked.set_defaults(command=_translate_pseudo, needs_modules=True)

    roster = commands.add_parser("roster", help="bring the gradebook's students up to a class list (CSV)")
    roster.add_argument("list", type=Path, metavar="LIST", help="the CSV file, with a column id")
    roster.set_defaults(command=_roster, needs_modules=False)

    grade = commands.add_parser("grade", help="grade what a class handed in for a module; executes nothing")
    grade.add_argument(
        "--set-aside",
        action="store_true",
        help="go on where answers no longer fit a question that was changed: they count as no response",
    )
    grade.set_defaults(command=_grade, needs_modules=False)
    feedback = commands.add_parser("feedback", help="make the feedback pages of a class for a module")
    feedback.set_defaults(command=_feedback, needs_modules=False)
    for command in (grade, feedback):
        command.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
        command.add_argument(
            "--student", action="append", default=[], metavar="ID", help="only this student (can be given again)"
        )

    requests = commands.add_parser("requests", help="tell what students ask to be looked at again")
    requests.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
    requests.set_defaults(command=_requests, needs_modules=False)

    score = commands.add_parser(
        "score", help="score essays by criterion, from a sheet (CSV); see how far scorers agree"
    )
    score.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
    score.add_argument("sheet", type=Path, metavar="SHEET", help="the CSV file")
    score.add_argument(
        "--new", action="store_true", help="write the sheet, with every essay that waits, to be filled in"
    )
    score.add_argument("other", type=Path, nargs="?", metavar="OTHER", help="with --norm: another person's sheet")
    score.add_argument(
        "--norm",
        action="store_true",
        help="save nothing: hold the sheet against the key of the norming set, and against another person's sheet",
    )
    score.set_defaults(command=_score, needs_modules=False)

    export = commands.add_parser(
        "export", help="bring grades, or questions with their keys, into Canvas, Moodle or Blackboard (docs/lms.md)"
    )
    export.add_argument("module", metavar="MODULE", nargs="+", help="modules, by id or its beginning, such as 05")
    sites = ("canvas", "moodle", "blackboard")
    exported = export.add_mutually_exclusive_group(required=True)
    exported.add_argument("--lms", choices=sites, help="grades, for this course site")
    exported.add_argument("--items", choices=sites, help="the questions of a module, with keys, for this course site")
    export.add_argument("--into", type=Path, metavar="FILE", help="the file from its gradebook, to be filled in")
    export.add_argument("--to", type=Path, metavar="FILE", help="the file to write (default: beside the other)")
    export.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="MODULE=TITLE",
        help="the title of a module's column there, where it is another than the module's (can be given again)",
    )
    export.add_argument("--scale", action="store_true", help="bring the points to what the column there is worth")
    export.set_defaults(command=_export, needs_modules=False)

    digest = commands.add_parser("digest", help="make a page of a case for class, without names")
    digest.add_argument("module", metavar="MODULE", help="the module's id, or its beginning, such as 05")
    digest.add_argument("case", metavar="CASE", help="the case's id, or its beginning, such as thursday")
    digest.set_defaults(command=_digest, needs_modules=False)

    gain = commands.add_parser("gain", help="tell how much a class gained between two checks, without names")
    gain.add_argument("before", metavar="BEFORE", help="the module with the first check, such as 00")
    gain.add_argument("after", metavar="AFTER", help="the module with the second check, such as 07")
    gain.set_defaults(command=_gain, needs_modules=False)

    report = commands.add_parser("report", help="write what a class understood, and how well its questions work")
    report.add_argument("modules", metavar="MODULE", nargs="*", help="only these, by id or its beginning")
    report.add_argument("--epas", action="store_true", help="tell what students reached of EPAS competencies instead")
    for name, usual, of in (
        ("--threshold", 70, "the questions' points that a student should earn"),
        ("--rubric", 66, "the essay criteria's points that a student should earn"),
        ("--expected", 80, "the students who should reach it"),
    ):
        told = f"with --epas: the percentage of {of} (default: {usual})"
        report.add_argument(name, type=float, default=usual, metavar="PERCENT", help=told)
    report.add_argument(
        "--sheets",
        type=Path,
        nargs=2,
        metavar=("FIRST", "OTHER"),
        default=[],
        help="with --epas: two people's scoring sheets, to tell how far they agree (default: those of the desk)",
    )
    report.set_defaults(command=_report, needs_modules=False)

    add_bench_commands(commands)
    add_course_commands(commands)

    classroom = commands.add_parser("classroom", help="start a class on this machine, to try everything out")
    classroom.add_argument("--port", type=int, default=8000, help="the port to listen on (default: 8000)")
    classroom.add_argument("--folder", type=Path, help="where the class is kept (default: .classroom in the project)")
    classroom.add_argument(
        "--exchange-service", action="store_true", help="have the exchange be a service of the hub (docs/exchange.md)"
    )
    classroom.add_argument(
        "--with-class", type=int, default=0, metavar="N", help="fill a new class with N made-up students"
    )
    classroom.add_argument("--reset", action="store_true", help="ask, and delete the class that is kept there first")
    classroom.add_argument("--no-browser", action="store_true", help="do not open the log-in page")
    classroom.set_defaults(command=_classroom, needs_modules=False)
    return parser


def _build(project: Path, options: argparse.Namespace) -> int:
    # Imported here, as in every command: nbgrader and JupyterHub take seconds that no other command should wait.
    from fieldguide.authoring.building import build, differences, write

    files = build(project)
    if options.check:
        diff = differences(project, files)
        if diff:
            print(diff, end="")
            return _fail("What is committed is not what modules/ builds (see above). Run: ./run build")
        print(f"{len(files)} notebooks are as modules/ builds them.")
        return 0
    touched = write(project, files)
    for path in touched:
        print(path)
    print(f"{len(touched)} of {len(files)} notebooks changed.")
    return 0


def _check(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.authoring.checks import run

    if options.guide and not options.guide.is_file():
        return _fail(f"{options.guide} is no file. Name the one that holds the guide's text.")
    report = run(project, options.guide, write=options.write)
    for finding in report.findings:
        print(finding)
    print(f"{report.coverage}. {len(report.errors)} errors, {len(report.remarks)} remarks.")
    return 1 if report.errors else 0


def _translate_extract(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.translate.building import extract

    for path, (texts, translated, changed) in extract(project, options.language, options.modules).items():
        print(f"{path}: {translated} of {texts} texts are translated{'' if changed else '; nothing has changed'}.")
    return 0


def _translate_build(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.translate.building import build_language, summary

    print(summary(build_language(project, options.language)))
    return 0


def _translate_pseudo(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.translate.building import build_pseudo, summary

    print(summary(build_pseudo(project)))
    return 0


def _print(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course
    from fieldguide.paper.printing import Wish, print_module

    course = Course(project)
    module = course.find_module(options.module)
    wish = Wish(options.student, options.practice, options.key, options.large, not options.no_pdf)
    written = print_module(course, module, wish, options.to)
    for path in written:
        print(path)
    if wish.pdf and not any(path.suffix == ".pdf" for path in written):
        print("No Chromium, Chrome or Edge was found, so there is no PDF. Open the page in one, and print it to a PDF.")
    if wish.key:
        print("This holds the answers to graded questions: give it to nobody but instructors.")
    return 0


def _enter(project: Path, options: argparse.Namespace) -> int:
    from getpass import getuser

    from fieldguide.desk.notes import alone
    from fieldguide.grading.course import Course
    from fieldguide.grading.names import show
    from fieldguide.paper.entering import enter_sheet, write_entry_sheet

    course = Course(project)
    module = course.find_module(options.module)
    if options.new:
        places = write_entry_sheet(course, module, options.student, options.sheet)
        print(f"{options.sheet}: {places} places to fill in. Leave empty what is empty; then give it without --new.")
        return 0
    by = options.by or os.environ.get("JUPYTERHUB_USER") or getuser()
    with alone(course.root):  # else collecting could bring what is then replaced
        entered = enter_sheet(course, module, options.student, options.sheet, by, options.at)
    of = f"{entered.written} of {entered.places} places"
    print(
        f"{module}, {show(options.student)}: {of} entered by {show(by)}, handed in {entered.time:%Y-%m-%d %H:%M} UTC."
    )
    print(f"Grade it like any other: fieldguide grade {module[:2]}")
    return 0


def _review(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.authoring.review.taking import find_modules, form_path, take_form, write_form
    from fieldguide.authoring.review.verdicts import FormError

    modules = find_modules(project, options.module)
    if options.form and len(modules) > 1:
        return _fail(f"One form is for one module, and '{options.module}' names {len(modules)}. Name one of them.")
    for module in modules:
        path = options.form or form_path(project, module)
        try:
            if options.new:
                print(f"{path}: {write_form(project, module, path)} keys and commentaries to be read.")
                continue
            taken = take_form(project, module, path)
        except FileExistsError:
            return _fail(f"{path} is there already, and may have been filled in. Name another, or move it away.")
        except FileNotFoundError:
            return _fail(f"{path} is not there. Write it with --new, or name the form that came back.")
        except FormError as error:
            return _fail(f"{path}: nothing was taken.\n" + "\n".join(f"- {problem}" for problem in error.problems))
        print(f"{module.id}: {taken.readers_line}")
        for name in taken.changed:
            print(f"{name} has changed since it was read: have it read again.")
    return 0


def _grade(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.classgrader import grade_class
    from fieldguide.grading.course import Course
    from fieldguide.grading.summary import exit_code, progress_bar, summary

    course = Course(project)
    module = course.find_module(options.module)
    try:
        bar = progress_bar("Grading")
        report = grade_class(course, module, options.student, bar, set_aside=options.set_aside)
    except KeyboardInterrupt:
        return _fail("Stopped. The gradebook has all of this run or nothing of it; grade again when you like.", 130)
    print(summary(report))
    return exit_code(report)


def _feedback(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.classfeedback import feedback_for_class
    from fieldguide.grading.course import Course
    from fieldguide.grading.names import show
    from fieldguide.grading.penalties import settle
    from fieldguide.grading.summary import progress_bar

    course = Course(project)
    module = course.find_module(options.module)
    settle(course, module)
    written, without = feedback_for_class(course, module, options.student, progress_bar("Writing feedback"))
    for student, why in without.items():
        print(f"{show(student)} {why}.")
    print(f"{module}: feedback for {len(written)} students, in {course.folder('feedback', '*', module)}.")
    return 1 if without else 0


def _requests(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course
    from fieldguide.grading.requested import tell_requests

    course = Course(project)
    module = course.find_module(options.module)
    lines, troubles = tell_requests(course, module)
    print("\n".join(lines or [f"{module}: nobody whose submission was collected asks for another look."]))
    return _fail("\n".join(troubles)) if troubles else 0


def _roster(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course
    from fieldguide.grading.roster import summary, take_roster

    report = take_roster(Course(project), options.list)
    print(summary(report))
    return 3 if report.twins else 0


def _score(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course
    from fieldguide.grading.sheet import take_sheet, write_sheet

    course = Course(project)
    module = course.find_module(options.module)
    if options.norm:
        return _norm(course, module, options)
    if options.other:
        return _fail("Two sheets are for --norm, which tells how far they agree. To save scores, name one.")
    if options.new:
        count = write_sheet(course, module, options.sheet)
        print(f"{options.sheet}: {count} essays to be scored. Fill in the points, then give the sheet without --new.")
        return 0
    taken, trouble = take_sheet(course, module, options.sheet)
    for given, before in taken:
        if before != given.points:
            said = "" if before is None else f"{before:g} → "
            print(f"{given.student}, {given.item}: {said}{given.points:g} points")
    print(f"{module}: {len(taken)} essays have their levels.")
    return _fail(trouble, 3) if trouble else 0


def _norm(course: Course, module: str, options: argparse.Namespace) -> int:
    from fieldguide.grading.norming import tell_agreement, write_norming_sheet

    if options.new:
        count = write_norming_sheet(course, module, options.sheet)
        print(f"{options.sheet}: {count} samples to be scored. Fill in the points, then give the sheet without --new.")
        return 0
    print("\n".join(tell_agreement(course, module, [options.sheet, *([options.other] if options.other else [])])))
    return 0


def _export(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course

    course = Course(project)
    modules = tuple(course.find_module(module) for module in options.module)
    if options.items:
        return _export_items(course, modules, options)
    columns = {}
    for given in options.column:
        module, equals, title = given.partition("=")
        if not equals or not title.strip():
            return _fail(f"--column {given}: expected a module and its column's title, such as 05=Essay.")
        columns[course.find_module(module.strip())] = title.strip()
    from nbgrader.api import Gradebook

    from fieldguide.grading.penalties import settle
    from fieldguide.grading.schema import gradebook_at
    from fieldguide.lms.exporting import Wanted, export_grades

    wanted = Wanted(options.lms, modules, options.into, options.to, columns, options.scale)
    settle(course, *modules)
    with gradebook_at(course.db_url), Gradebook(course.db_url, course.course_id) as gradebook:
        target, told = export_grades(course, gradebook, wanted)
    print("\n".join([*told.done, f"{target}: written."]))
    return _fail("\n".join(["To look into:", *(f"  {line}" for line in told.doubts)]), 3) if told.doubts else 0


def _export_items(course: Course, modules: tuple[str, ...], options: argparse.Namespace) -> int:
    from fieldguide.itemfiles.exporting import export_items

    if len(modules) > 1:
        return _fail("A file holds the questions of one module. Name one.")
    if options.into or options.column or options.scale:
        return _fail("--into, --column and --scale are for grades: leave them out.")
    target, told = export_items(course, modules[0], options.items, options.to)
    print("\n".join([f"{target}: {told[0]}", *told[1:]]))
    return 0


def _digest(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.digest.making import digest_command
    from fieldguide.grading.course import Course

    print(digest_command(Course(project), options.module, options.case))
    return 0


def _gain(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.digest.gain import gain_command
    from fieldguide.grading.course import Course

    print(gain_command(Course(project), options.before, options.after))
    return 0


def _report(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.grading.course import Course
    from fieldguide.report.epas import Levels
    from fieldguide.report.making import epas_command, report_command

    if options.epas:
        levels = Levels(options.threshold, options.rubric, options.expected)
        if not all(0 < level <= 100 for level in (levels.questions, levels.rubric, levels.expected)):
            return _fail("A threshold is a percentage above 0, and 100 at most.")
        print(epas_command(Course(project), options.modules, levels, options.sheets))
        return 0
    if options.sheets:
        return _fail("Two sheets are for --epas, which tells how far their scorers agree.")
    print(report_command(Course(project), options.modules))
    return 0


def _classroom(project: Path, options: argparse.Namespace) -> int:
    from fieldguide.hub import ClassroomError
    from fieldguide.hub.classroom import start
    from fieldguide.hub.resetting import reset

    folder = (options.folder or project / ".classroom").resolve()
    try:
        if options.reset and not reset(project, folder, _asked):
            return _fail("Nothing was deleted, and the classroom was not started.")
        return start(
            project,
            folder,
            options.port,
            service=options.exchange_service,
            made_up=options.with_class,
            browser=sys.stdout.isatty() and not options.no_browser,
        )
    except ClassroomError as error:
        return _fail(str(error))


def _asked(question: str) -> str:
    """What somebody types; nothing where nobody can."""
    try:
        return input(question)
    except EOFError:
        return ""


def _fail(message: str, code: int = 1) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
