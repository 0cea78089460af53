"""Sessions as a view meets them."""

from __future__ import annotations

from typing import Any

from fieldguide.notebook.widget import CellView, Views
from fieldguide.player.session import Session, addressed


def answer_of(session: Session, message: object) -> Any:
    """What a view hears of a session in answer to its message; None where that is nothing."""
    answer = session.handle(message)
    return None if answer is None else addressed(answer, message)


def view_of(kind: str, session: Session) -> CellView:
    """The widget of a session, in a notebook of its own."""
    return Views().show(kind, session)
