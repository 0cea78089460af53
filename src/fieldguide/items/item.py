"""What every interaction type has, and what each has to say of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Self

from fieldguide.items.fields import FieldReader
from fieldguide.items.passing import Passing

if TYPE_CHECKING:
    from random import Random

#: What a student gave: option ids (choice, hottext; in order: order), prompt id to option id (match), a text (entry,
#: essay).
Response = tuple[str, ...] | dict[str, str] | str
#: The most that an item, or a criterion of one, can carry.
MOST_POINTS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A part of a question as it was answered: an option, a prompt, a place in an order, or the entry itself.

    A part is one of three things, and whoever shows it asks which: an ``option``, which is selected or not; a place in
    an order, with its number in ``place``; else something that is filled in, after a prompt where it has a ``text``.

    ``text`` is what the part says, of a place in an order the option that belongs there. ``given`` is what was given
    for it, in the question's words, and None where nothing was. ``right`` says of an option whether it belongs to the
    answer, of other parts whether what was given is right. ``best`` are the texts that are right for it, the best one
    first, and ``why`` the rationale. ``unit`` stands behind what is filled in.
    ``miss`` is what an attempt that is not right is told instead, where ``why`` would give the answer away; None
    where that is nothing of this part's own.
    """

    id: str | None
    text: str
    given: str | None
    right: bool
    best: tuple[str, ...]
    why: str
    miss: str | None = None
    unit: str | None = None
    option: bool = False
    place: int | None = None

    @property
    def label(self) -> str:
        """Its text, with its number where it is a place in an order."""
        return f"{self.place}. {self.text}" if self.place else self.text

    @property
    def prompts(self) -> bool:
        """Whether its text asks for what is filled in."""
        return bool(self.text) and not self.option and not self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(ABC):
    """A question. Each interaction type is a class of its own in a file of its own, named as in QTI.

    ``points`` is ``None`` for items that never count (practice and check). ``complete`` tells whether
    the private part (key, rationale, exemplar, levels) is there: a student's edition of a graded item
    lacks it, and such an item can be shown but not scored. ``withdrawn`` says why an item no longer counts:
    everybody gets its points. ``turns_on`` is a note for authors: what somebody who has read the module knows here that
    others do not. ``again`` is the id of an earlier practice item that asks for the same skill in another setting.
    ``competencies`` are those of EPAS that it shows; ``objectives`` numbers those of its module that it asks for.
    """

    #: What ``type:`` calls it.
    TYPE: ClassVar[str]
    #: The fields of its own that every edition holds, and those that a student's file holds of a practice item alone.
    PUBLIC: ClassVar[Passing]
    EXPLAINED: ClassVar[Passing]
    #: Those that no student's file holds.
    WITHHELD: ClassVar[Passing] = {}
    #: Those of all of them that hold texts to translate: no ids, and nothing that a score rests on.
    TEXTS: ClassVar[Passing] = {}
    #: Whether a person scores it.
    BY_PERSON: ClassVar[bool] = False
    #: Whether its options are to be put in an order.
    ORDERED: ClassVar[bool] = False

    id: str
    use: str
    stem: str
    points: float | None = None
    hint: str | None = None
    covers: tuple[str, ...] = ()
    basis: str | None = None
    standards: tuple[str, ...] = ()
    complete: bool = True
    withdrawn: str | None = None
    turns_on: str | None = None
    again: str | None = None
    competencies: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()

    @property
    def maximum(self) -> float:
        """Points that a perfect response earns; 1 where the item carries none."""
        return 1.0 if self.points is None else self.points

    @classmethod
    @abstractmethod
    def read(cls, reader: FieldReader, common: dict[str, Any]) -> Self:
        """An item from its fields. ``common`` are those that every type has, read already."""

    @abstractmethod
    def parse(self, raw: object) -> tuple[Response | None, str | None]:
        """A response out of any JSON value but null, and a remark where part of it was set aside.

        Raises ValueError, with words for a person, when the form is not one the item can take.
        """

    @abstractmethod
    def fraction(self, response: Response) -> Fraction | None:
        """The part of the points that a response earns; None where a person has to say."""

    @abstractmethod
    def rows(self, response: Response | None) -> list[Row]:
        """The parts of the question with a response to it: what printing, feedback and the scorer's page show."""

    def asked(self, response: Response | None) -> list[Row]:
        """The same before anything is said of them: nothing in them is private, and they are in an order that was shown
        or given."""
        return [replace(row, right=False, best=(), why="", miss=None) for row in self.rows(response)]

    @property
    def any_option(self) -> bool:
        """Whether one option is selected, and any of those that are right will do."""
        return False

    def counted(self, response: Response) -> str | None:
        """How much of a response is right, in a sentence, where there are parts to count."""
        return None

    @abstractmethod
    def guess(self, chance: Random) -> object:
        """What somebody who guesses gives, as it goes on record; None where nobody can guess."""

    @abstractmethod
    def shown(self) -> dict[str, Any]:
        """What the page is told of it beside the stem, in JSON's types: nothing private."""

    @property
    def ids(self) -> frozenset[str]:
        """The ids that a response to it can name."""
        return frozenset()

    def takes(self) -> tuple[object, ...]:
        """What decides which responses it can take: equal for two items that take the same."""
        return (self.TYPE, self.any_option, self.ids)

    def listed(self) -> dict[str, str]:
        """The options that stand in a list to choose from, by id."""
        return {}

    def pieces(self) -> tuple[tuple[str, str | None], ...]:
        """The passage to select phrases of, in its pieces: the text of each, and the id of one that is a phrase."""
        return ()

    @property
    def variant(self) -> str:
        """What the blueprint of a check calls it: its type, or a variant of it."""
        return self.TYPE

    def shape(self) -> str:
        """What decides how likely a guess is right, in words."""
        return self.TYPE

    def unexplained(self) -> list[str]:
        """The ids of distractors that tell no misconception."""
        return []

    def parts(self) -> Iterator[str]:
        """The texts of it that a student reads beside the stem."""
        return (row.text for row in self.rows(None))

    def reasons(self) -> Iterator[str]:
        """Why each part is right or not."""
        for row in self.rows(None):
            yield row.why
            if row.miss is not None and row.miss != row.why:
                yield row.miss

    def thinking(self) -> float:
        """Minutes to think about it, and to write; reading comes on top."""
        return 1.0


def pairs(texts: dict[str, str]) -> list[dict[str, str]]:
    """Texts by their ids, as the page is told of them."""
    return [{"id": name, "text": text} for name, text in texts.items()]
