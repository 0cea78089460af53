"""The standards that the course may cite, as ``modules/data/code-edition.yaml`` lists them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from fieldguide.items import Problem, ReadingError

CODE_EDITION = Path("modules", "data", "code-edition.yaml")
_EXPECTED = "Expected 'standards:' and below it, for each number, 'gist: …' and 'verdict: …'."


def read_listed(project: Path) -> dict[str, dict[str, Any]]:
    """What is said of each standard, by its full name ("1.07(r)", "Tech 3.09").

    Raises ReadingError when the file is missing or is not as it should be.
    """
    try:
        told = yaml.safe_load((project / CODE_EDITION).read_text(encoding="utf-8"))
        return {str(name): dict(entry) for name, entry in told["standards"].items()}
    except FileNotFoundError:
        raise _wrong(1, "the file is missing.", "The checks rest on it: see docs/authoring.md.") from None
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise _wrong(line, f"this is not readable as YAML ({problem.problem}).", _EXPECTED) from None
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError):
        raise _wrong(1, "no standards with verdicts were found.", _EXPECTED) from None


def read_gists(project: Path) -> dict[str, str]:
    """What each standard is about, in our words. Raises ReadingError."""
    return {name: str(entry["gist"]) for name, entry in read_listed(project).items() if "gist" in entry}


def _wrong(line: int, what: str, expected: str) -> ReadingError:
    return ReadingError([Problem(CODE_EDITION.as_posix(), line, what, expected)])
