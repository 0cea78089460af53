"""How the graded notebook and feedback show a cell whose answer nobody scores: its kind names what renders it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cache
from typing import Any, Generic, TypeVar

from fieldguide.cells.kind import Kind, named
from fieldguide.grading.blocks import Block
from fieldguide.grading.submission import Submission
from fieldguide.grading.told import For

Asked = TypeVar("Asked")
Submitted = TypeVar("Submitted")


class Rendering(ABC, Generic[Asked, Submitted]):
    """Tells of the cells of a kind in blocks. ``essay`` numbers the graded essay that belongs to one, if any."""

    @abstractmethod
    def read(self, asked: Asked, submission: Submission) -> Submitted:
        """What a student left in a cell."""

    @abstractmethod
    def for_scorer(self, asked: Asked, submitted: Submitted, essay: int | None) -> list[Block]:
        """What a scorer reads of it."""

    def kept(self, submitted: Submitted) -> dict[str, Any] | None:
        """What the graded notebook keeps for feedback, in JSON's types; None where feedback says nothing of it."""
        return None

    def for_student(self, asked: Asked, kept: dict[str, Any], essay: int | None, reader: For) -> list[Block]:
        """What a student reads of it in feedback, from what was kept."""
        raise NotImplementedError


@cache
def rendering_of(kind: Kind[Any]) -> Rendering[Any, Any]:
    """What renders the cells of a kind. It is imported when the first is rendered."""
    assert kind.rendering is not None
    rendering: Rendering[Any, Any] = named(kind.rendering)()
    return rendering
