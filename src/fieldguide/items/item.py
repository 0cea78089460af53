"""What every interaction type has, and what each has to say of itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Self

from fieldguide.items.fields import FieldReader
from fieldguide.items.passing import Passing

#: What a student gave: option ids (choice, hottext; in order: order), prompt id to option id (match), a text (entry,
#: essay).
Response = tuple[str, ...] | dict[str, str] | str
#: The most that an item, or a criterion of one, can carry.
MOST_POINTS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A part of a question as it was answered: an option, a prompt, a place in an order, or the entry itself.

    ``text`` is what the part says, empty for an entry. ``given`` is what was given for it, in the question's words, and
    None where nothing was. ``right`` says of an option whether it belongs to the answer, of other parts whether what
    was given is right. ``best`` are the texts that are right for it, the best one first, and ``why`` the rationale.
    ``unit`` stands behind what is filled in.
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

    @property
    @abstractmethod
    def form(self) -> str:
        """How it is answered, which decides how its rows are shown: ``one`` or ``several`` options are selected,
        ``pairs`` are made, options are put in ``order``, a ``blank`` is filled, a ``text`` is written."""

    @abstractmethod
    def rows(self, response: Response | None) -> list[Row]:
        """The parts of the question with a response to it: what printing, feedback and the scorer's page show."""

    @abstractmethod
    def shown(self) -> dict[str, Any]:
        """What the page is told of it beside the stem, in JSON's types: nothing private."""

    @property
    def ids(self) -> frozenset[str]:
        """The ids that a response to it can name."""
        return frozenset()

    def takes(self) -> tuple[object, ...]:
        """What decides which responses it can take: equal for two items that take the same."""
        return (self.TYPE, self.form, self.ids)

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
