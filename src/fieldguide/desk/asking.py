"""Asking what only nbgrader's classes can answer, and waiting for it: a process of its own for each question."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

from fieldguide.grading.course import CourseError
from fieldguide.words import Words, spoken

_PROGRAM = "fieldguide.desk.answering"
#: In seconds. A class of 500 takes some of them.
LONGEST = 120


def ask(start: Path, question: str, **asked: Any) -> dict[str, Any]:
    """The answer to a question, by the settings that are read from ``start``.

    An answer with ``trouble`` says in a sentence why there is no other. Raises CourseError where none comes.
    """
    told = json.dumps({"question": question, "language": spoken(), **asked})
    try:
        done = subprocess.run(  # noqa: S603  (our own program)
            [sys.executable, "-P", "-m", _PROGRAM, str(start)],
            input=told.encode(),
            stdout=subprocess.PIPE,
            cwd=start,
            timeout=LONGEST,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        logging.getLogger(__name__).error("The desk asked for '%s' and got no answer: %s", question, error)
        raise CourseError(Words("desk").say("failed")) from error
    return answer
