"""What a student did in a case, as the record holds it: paths, decision, and whether the reason may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.cases.model import Case, Ending, Scene
from fieldguide.player.certainty import LEVELS
from fieldguide.words import Words

_WORDS = Words("paths")
say = _WORDS.say

#: More than anybody walks; the record of somebody who did would outgrow its line.
MOST_PATHS = 200

#: The ids of the options chosen, from the first scene on.
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseResponse:
    """The response to a case. The last of ``paths`` is the one the student is on; ``option`` is ``None`` until the
    decision was sent. ``remark`` says in words what was set aside, if anything."""

    paths: tuple[Path, ...] = ()
    option: str | None = None
    certainty: str | None = None
    share: bool = False
    remark: str | None = None


def parse_case_response(case: Case, raw: object) -> CaseResponse:
    """Turn what a record holds (any JSON value) into a response to ``case``.

    Choices that the case no longer has are set aside, and with them what came after. Of more than ``MOST_PATHS`` paths
    the first and the latest are kept. ``None`` is no response. Raises ValueError, with words for a person, when the
    form is none that a case can take.
    """
    if raw is None:
        return CaseResponse()
    if not isinstance(raw, dict):
        raise ValueError(say("no_case"))
    unknown: list[str] = []
    given = _paths(raw.get("paths", []))
    paths = []
    for path in given[:1] + given[1:][-(MOST_PATHS - 1) :]:
        steps, _ = walk(case, path)
        paths.append(path[: len(steps)])
        unknown += path[len(steps) : len(steps) + 1]
    option, certainty = _decision(raw.get("decision"))
    if option is not None and option not in case.decision.options:
        unknown.append(option)
        option = certainty = None
    if certainty is not None and certainty not in LEVELS:
        unknown.append(certainty)
        certainty = None
    share = raw.get("share") is True  # nothing but a plain yes shows a reason to a class
    return CaseResponse(tuple(paths), option, certainty, share, _remark(unknown, len(given) - len(paths)))


def walk(case: Case, path: Path) -> tuple[list[tuple[str, str]], Scene | Ending]:
    """The scenes of a path, each with the option chosen there, and where it stands now.

    It goes as far as the choices fit the case.
    """
    steps: list[tuple[str, str]] = []
    here: Scene | Ending = case.start
    for option in path:
        if option not in here.ways:
            break
        steps.append((here.id, option))
        here = case.place(here.ways[option])
    return steps, here


def ending(case: Case, path: Path) -> Ending | None:
    """The ending that a path came to; None while it is under way."""
    here = walk(case, path)[1]
    return here if isinstance(here, Ending) else None


def _paths(raw: object) -> list[Path]:
    if not isinstance(raw, list | tuple):
        raise ValueError(say("no_paths"))
    for path in raw:
        if not isinstance(path, list | tuple) or not all(isinstance(option, str) for option in path):
            raise ValueError(say("no_path"))
    return [tuple(path) for path in raw]


def _decision(raw: object) -> tuple[str | None, str | None]:
    match raw:
        case None:
            return None, None
        case {"option": str(option), "certainty": str(certainty)}:
            return option, certainty
    raise ValueError(say("no_decision"))


def _remark(unknown: list[str], too_many: int) -> str | None:
    told = []
    if unknown:
        shown = ", ".join(name[:40] for name in dict.fromkeys(unknown[:5]))
        told.append(say("set_aside", parts=shown))
    if too_many:
        told.append(_WORDS.count("too_many", too_many))
    return " ".join(told) or None
