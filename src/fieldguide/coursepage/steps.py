"""nbgrader's own steps between a student and the exchange, in a process of their own.

    python -m fieldguide.coursepage.steps FOLDER

FOLDER is the root of the student's server. Reads a line of JSON for each step (``step``, ``module``, ``course``) and
answers with one: ``listing`` and what the step tells, or ``trouble``, a name that exchange.py has a sentence for. What
nbgrader logs goes to the standard error stream. Ends with its input.

nbgrader's classes stand in the working folder, change it, and are imported in seconds and with 70 MB, none of which a
server should do. exchange.py starts this program, and is where the reasons are.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from traitlets.config import Config

from fieldguide.coursepage.listing import Changes, HandedIn, Listed, Listing
from fieldguide.coursepage.placing import OwnWorkError, add_missing, changes, missing, replace_with
from fieldguide.courseplan import BEGUN_SEEN, NOTES, PLAN_FILE, Note, Plan, newest, read_note, read_plan
from fieldguide.grading.course import CourseError, read_config
from fieldguide.grading.names import own_id
from fieldguide.grading.times import read_time
from fieldguide.responses.names import RECEIPTS

#: Where the notebooks lie that gave way to a newer one.
EARLIER = "earlier versions"
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class TroubleError(Exception):
    """Why a step did not do what it should, by a name of exchange.py's."""


class Steps:
    """The steps for one module, with the settings that hold in a student's folder."""

    def __init__(self, root: Path, module: str, course: str) -> None:
        from nbgrader.exchange import ExchangeFactory

        self._config = read_config(root)
        self._factory = ExchangeFactory(config=self._config)
        self._module, self._course = module, course
        self._root = root
        self._base = root / str(self._step(self._factory.List).assignment_dir)
        if self._base.resolve() != root.resolve():  # JupyterLab's list of assignments reads the settings there too
            self._config = read_config(self._base)
            self._factory = ExchangeFactory(config=self._config)

    def _step(self, make: Callable[..., Any], folder: Path | None = None) -> Any:
        from nbgrader.auth import Authenticator
        from nbgrader.coursedir import CourseDirectory

        config = Config(self._config)
        config.CourseDirectory.assignment_id = self._module
        if self._course:
            config.CourseDirectory.course_id = self._course
        coursedir = CourseDirectory(config=config)
        coursedir.ignore = [*coursedir.ignore, RECEIPTS]
        step = make(coursedir=coursedir, authenticator=Authenticator(config=config), config=config)
        if folder is not None:
            step.assignment_dir = str(folder)
        return step

    # -- listing -----------------------------------------------------------------------------------

    def listing(self) -> Listing:
        """What the exchange holds of every module, whichever these steps are for."""
        named, self._module = self._module, ""
        try:
            lister = self._step(self._factory.List, self._base)
            released = {(one["course_id"], one["assignment_id"]) for one in lister.start()}
            handed_in = self._step(self._factory.List, self._base)
            handed_in.cached = True
            submissions = {
                (one["course_id"], one["assignment_id"]): tuple(self._submissions(handed_in, one))
                for one in handed_in.start()
            }
        finally:
            self._module = named
        plans = {course: self._plan(lister, course) for course, _ in released | submissions.keys()}
        notes = {course: self._note(lister, course) for course in plans}
        planned = {(course, one.module) for course, plan in plans.items() if plan for one in plan.modules}
        modules = (
            self._listed(
                lister,
                course,
                name,
                plans[course],
                notes[course],
                (course, name) in released,
                submissions.get((course, name), ()),
            )
            for course, name in sorted(released | submissions.keys() | planned)
        )
        seen = any(Path(lister.root, course, BEGUN_SEEN).is_file() for course in plans) if _in_files(lister) else False
        return Listing(datetime.now(UTC).strftime(_TIME), tuple(modules), _in_files(lister), seen)

    def _plan(self, lister: Any, course: str) -> Plan | None:
        """The plan that a course has now; in an exchange that is no folder, as it was at the last fetch."""
        outbound = _outbound(lister, course, "")
        folders = outbound or self._folder(lister, course, "")
        return newest(read_plan(folder) for folder in folders.glob("[!.]*"))

    def _note(self, lister: Any, course: str) -> Note:
        """What is told to this student alone."""
        return read_note(Path(lister.root, course, NOTES), own_id(lister.coursedir)) if _in_files(lister) else Note()

    def _listed(
        self,
        lister: Any,
        course: str,
        module: str,
        plan: Plan | None,
        note: Note,
        released: bool,
        submissions: tuple[HandedIn, ...],
    ) -> Listed:
        own = self._folder(lister, course, module)
        there = _outbound(lister, course, module) if released else None
        lacks: tuple[str, ...] = ()
        differs = Changes()
        if there is not None and own.is_dir():
            lacks = missing(there, own, (*lister.coursedir.ignore, PLAN_FILE))
            differs = changes(there / f"{module}.ipynb", own / f"{module}.ipynb")
        told = plan.of(module) if plan else None
        due = note.due.get(module) or (told.due if told else None)
        looked = note.looked.get(module)
        return Listed(
            course,
            module,
            self._below_root(own),
            released,
            own.is_dir(),
            lacks,
            differs,
            submissions,
            told.title if told else None,
            told.minutes if told else None,
            due.strftime(_TIME) if due else None,
            module in note.due,
            looked.strftime(_TIME) if looked else None,
        )

    def _submissions(self, lister: Any, told: dict[str, Any]) -> Iterator[HandedIn]:
        found = []
        for one in told.get("submissions", ()):
            when = read_time(str(one["timestamp"]), lister.timezone)
            if when is None:
                continue
            page = one.get("local_feedback_path") if one.get("has_local_feedback") else None
            waiting = bool(one.get("has_exchange_feedback")) and (page is None or bool(one.get("feedback_updated")))
            feedback = None if page is None else self._below_root(Path(self._base, page))
            found.append(HandedIn(when.strftime(_TIME), feedback, waiting))
        yield from sorted(found, key=lambda one: one.time)

    def _folder(self, step: Any, course: str, module: str, base: Path | None = None) -> Path:
        return Path(base or self._base, course if getattr(step, "path_includes_course", False) else "", module)

    def _below_root(self, path: Path) -> str:
        return os.path.relpath(path, self._root)

    # -- what changes something --------------------------------------------------------------------

    def fetch(self) -> dict[str, Any]:
        """Fetch the module, or what is missing of it; tells which files were ``added``.

        nbgrader copies into the place where the module is to be, and refuses where something is: what stopped halfway,
        as on a full disk, would stay so. So it copies to a folder beside, which then takes its name.
        """
        with self._fetched() as (fetched, own):
            if not os.path.lexists(own):
                own.parent.mkdir(parents=True, exist_ok=True)
                fetched.rename(own)
                return {"added": [self._module]}
            return {"added": list(add_missing(fetched, own))}

    def renew(self) -> dict[str, Any]:
        """Have the released files take the place of the student's copies; tells where the notebook was put by."""
        with self._fetched() as (fetched, own):
            aside = self._base / EARLIER / f"{self._module} until {datetime.now(UTC):%Y-%m-%d %H%M%S}.ipynb"
            replace_with(fetched, own, self._module, aside)
            return {"aside": self._below_root(aside) if aside.exists() else None}

    @contextmanager
    def _fetched(self) -> Iterator[tuple[Path, Path]]:
        """The module as it is released, in a folder that is removed afterwards, and where it is to be."""
        with tempfile.TemporaryDirectory(prefix=".fieldguide-", dir=self._base) as place:
            step = self._step(self._factory.FetchAssignment, Path(place))
            step.start()
            fetched = self._folder(step, step.coursedir.course_id, self._module, Path(place))
            if not (fetched / f"{self._module}.ipynb").is_file():
                raise TroubleError("empty")
            yield fetched, self._folder(step, step.coursedir.course_id, self._module)

    def submit(self) -> dict[str, Any]:
        """Hand in the module; tells the ``time``, in UTC (ISO 8601)."""
        step = self._step(self._factory.Submit, self._base)
        if not self._folder(step, step.coursedir.course_id, self._module).is_dir():
            raise TroubleError("not_fetched")
        step.start()
        when = read_time(step.timestamp, step.timezone)
        return {"time": when.strftime(_TIME) if when else None}

    def feedback(self) -> dict[str, Any]:
        """Fetch the module's feedback; an error where there is none yet."""
        self._step(self._factory.FetchFeedback, self._base).start()
        return {}

    # -- why something failed ----------------------------------------------------------------------

    def why_refused(self, step: str) -> str:
        """The trouble behind an error of nbgrader's that has no kind, found by looking at what is there."""
        from nbgrader.exchange.default import Exchange

        lister = self._step(self._factory.List, self._base)
        if isinstance(lister, Exchange):
            root = Path(lister.root)
            if not root.is_dir():
                return "no_exchange" if "root" not in self._config.Exchange else "unreachable"
            if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
                return "no_permission"
        course = lister.coursedir.course_id
        if course and not lister.authenticator.has_access(lister.coursedir.student_id, course):
            return "no_access"
        try:
            found = self.listing().of(self._module, self._course)
        except Exception:  # the listing is another step of the same exchange
            logging.exception("Nor can the exchange be listed.")
            return "unreachable"
        if step == "feedback":
            return "no_feedback"
        return "withdrawn" if self._module and (found is None or not found.released) else "failed"


def _in_files(step: Any) -> bool:
    """Whether the exchange is nbgrader's own, of folders."""
    from nbgrader.exchange.default import Exchange

    return isinstance(step, Exchange)


def _outbound(lister: Any, course: str, module: str) -> Path | None:
    """Where a released module lies, in an exchange of folders."""
    return Path(lister.root, course, "outbound", module) if _in_files(lister) else None


_TAKEN: dict[str, Callable[[Steps], dict[str, Any]]] = {
    "look": lambda steps: {},
    "fetch": Steps.fetch,
    "renew": Steps.renew,
    "submit": Steps.submit,
    "feedback": Steps.feedback,
}


def take(root: Path, step: str, module: str = "", course: str = "") -> dict[str, Any]:
    """Take a step; returns what is told of it, or the trouble. Nothing is raised."""
    steps = None
    try:
        steps = Steps(root, module, course)
        told = _TAKEN[step](steps)
        return told | {"listing": steps.listing().as_json()}
    except TroubleError as trouble:
        return {"trouble": str(trouble)}
    except OwnWorkError:
        return {"trouble": "own_work"}
    except CourseError:
        logging.exception("nbgrader's settings cannot be read.")
        return {"trouble": "settings"}
    except Exception as error:  # an exchange may be any program, and raise anything
        logging.exception("The step '%s' of the exchange failed, of module '%s'.", step, module)
        return {"trouble": _trouble(error, step, steps)}


def _trouble(error: Exception, step: str, steps: Steps | None) -> str:
    from nbgrader.exchange import ExchangeError

    if isinstance(error, ExchangeError) and steps is not None:
        # An exchange that is a service knows why.
        return getattr(error, "trouble", None) or steps.why_refused(step)
    if isinstance(error, shutil.Error):  # of a whole folder: the reasons are texts
        found = [number for number in _FULL | _FORBIDDEN if os.strerror(number) in str(error)]
        return _of_number(found[0] if found else None)
    if isinstance(error, ConnectionError | TimeoutError):
        return "unreachable"
    if isinstance(error, OSError):
        return _of_number(error.errno)
    return "too_large" if step == "submit" and isinstance(error, RuntimeError) else "failed"


def _of_number(number: int | None) -> str:
    if number in _FULL:
        return "disk_full"
    # An error of the network has no number of the file system's.
    return "no_permission" if number in _FORBIDDEN else "failed" if number else "unreachable"


def main(root: Path) -> None:
    """Answer steps until the input ends."""
    # Whatever else is printed, by nbgrader or the settings, goes where the log goes.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    logging.basicConfig(level=logging.WARNING, format="[fieldguide] %(levelname)s %(message)s")
    # jsonschema would import it for the formats of addresses, which takes longer than all of nbgrader.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    for line in sys.stdin:
        os.chdir(root)
        answers.write(json.dumps(take(root, **json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
