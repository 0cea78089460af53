"""What a licensed reader says of keys: agree, dispute or qualify, signed with license and date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

VERDICTS = ("agree", "dispute", "qualify")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader said of one key. ``seen`` is the fingerprint of the wording that they had before them."""

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
    """A form that cannot be taken as it is. ``problems`` says all that is wrong with it, for whoever sends it back."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))
