"""Made-up students: their names, and how much each of them knows."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from itertools import product

_FIRST = (
    *("Abena", "Alejandra", "Amir", "Aoife", "Carlos", "Dana", "Elif", "Femi", "Grace", "Hana", "Imani", "Jamal"),
    *("José", "Keiko", "Leila", "Marcus", "Mei", "Nadia", "Omar", "Priya", "Renée", "Sofía", "Tomasz", "Zoë"),
)
_LAST = (
    *("Adeyemi", "Brennan", "Castillo", "Dubois", "Eriksen", "Fernández", "Goldberg", "Haddad", "Ivanova", "Johnson"),
    *("Kim", "Lindqvist", "Mbeki", "Nguyen", "O'Connor", "Patel", "Quispe", "Rossi", "Silva", "Washington"),
)
#: How many students there can be.
MOST = 300
_SEED = 11
#: How many guesses the weakest and the strongest student have at a question; the best of them is the answer.
_GUESSES = (1, 40)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A student. ``guesses``: how many they have at a question, of which the best is what they answer."""

    id: str
    first_name: str
    last_name: str
    guesses: int


def students(count: int) -> list[MadeUp]:
    """The first ``count`` of them, at most `MOST`: the same each time."""
    chance = random.Random(_SEED)  # noqa: S311 (nothing secret)
    names = list(product(_FIRST, _LAST))
    chance.shuffle(names)
    fewest, most = _GUESSES
    return [
        MadeUp(_id(first, last), first, last, round(fewest * (most / fewest) ** chance.random()))
        for first, last in names[: min(count, MOST)]
    ]


def _id(first: str, last: str) -> str:
    """An account's name, as a school would make one."""
    plain = unicodedata.normalize("NFKD", f"{first}.{last}".casefold())
    return "".join(letter for letter in plain if letter == "." or (letter.isascii() and letter.isalpha()))
