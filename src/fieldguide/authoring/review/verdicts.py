"""The verdicts of a licensed reader on keys: agree, dispute or qualify, signed with license and date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

VERDICTS = ("agree", "dispute", "qualify")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reader's verdict on one key. ``seen`` is the fingerprint of the wording that they read."""

    verdict: str
    seen: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was filled in and signed."""

    by: str
    license: str
    on: date
    verdicts: dict[str, Verdict]


class FormError(ValueError):
    """A form that cannot be recorded. ``problems`` lists everything that is wrong with it, for the person who sends it
    back."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))
