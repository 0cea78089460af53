"""What a student can do with one item: open it, save a response, check an attempt, ask for a hint or the answer."""

from __future__ import annotations

from typing import Any

from fieldguide.items import Essay, Item, parse_response, score
from fieldguide.player.explaining import explain, reveal
from fieldguide.player.words import say
from fieldguide.responses import ResponseRecord

#: The answer is shown on request after one retry.
ATTEMPTS_BEFORE_REVEAL = 2


class Playing:
    """One item in play. Every message of the view is answered by the whole state, so a view can be rebuilt
    from any single answer. Without a record (the instructor's preview) nothing is kept."""

    def __init__(self, item: Item, record: ResponseRecord | None) -> None:
        self.item = item
        self.record = record
        self._hint_shown = False
        self._preview_attempts: list[object] = []

    def handle(self, message: object) -> dict[str, Any] | None:
        """The state that answers a message of the view; None for one that is not of its making."""
        if not isinstance(message, dict):
            return None
        kind, response = message.get("kind"), message.get("response")
        problem = None
        feedback = None
        if kind == "save" and self.item.use != "practice":
            problem = self._keep(response)
        elif kind == "check" and self.item.use == "practice":
            problem = self._attempt(response)
        elif kind == "hint":
            self._hint_shown = True
        elif kind == "reveal" and self._can_reveal():
            feedback = reveal(self.item)
        elif kind != "open":
            return None
        state = self._state() | {"n": message.get("n"), "problem": problem}
        if feedback:
            state["feedback"] = feedback
        return state

    def answered(self) -> bool:
        """Whether there is a response on record."""
        return self._response() is not None

    def _keep(self, raw: object) -> str | None:
        try:
            response, _ = parse_response(self.item, raw)
            if self.record is None:
                return None
            if isinstance(self.item, Essay):
                self.record.save_essay(self.item.id, str(response) if response is not None else None)
            else:
                self.record.save(self.item.id, response)
        except ValueError as error:
            return say("problem_form", reason=error)
        except OSError as error:
            return say("problem_disk", reason=error.strerror or error)
        return None

    def _attempt(self, raw: object) -> str | None:
        try:
            response, _ = parse_response(self.item, raw)
            if response is None:
                return None
            if self.record is None:
                self._preview_attempts.append(response)
            else:
                self.record.check(self.item.id, response)
        except ValueError as error:
            return say("problem_form", reason=error)
        except OSError as error:
            return say("problem_disk", reason=error.strerror or error)
        return None

    def _attempts(self) -> list[object]:
        return self._preview_attempts if self.record is None else self.record.of(self.item.id).attempts

    def _response(self) -> object:
        if self.item.use == "practice":
            attempts = self._attempts()
            return attempts[-1] if attempts else None
        if self.record is None:
            return None
        raw = self.record.essay(self.item.id)[0] if isinstance(self.item, Essay) else self.record.of(self.item.id).saved
        try:
            return parse_response(self.item, raw)[0]
        except ValueError:
            return None

    def _can_reveal(self) -> bool:
        attempts = self._attempts()
        return (
            self.item.use == "practice"
            and len(attempts) >= ATTEMPTS_BEFORE_REVEAL
            and score(self.item, attempts[-1]).state != "right"
        )

    def _saved_at(self) -> str | None:
        if self.record is None or self.item.use == "practice":
            return None
        if isinstance(self.item, Essay):
            return self.record.essay(self.item.id)[1]
        return self.record.of(self.item.id).saved_at

    def _state(self) -> dict[str, Any]:
        feedback = None
        response = self._response()
        if self.item.use == "practice" and response is not None:
            outcome = score(self.item, response)
            if outcome.response is not None:
                feedback = explain(self.item, outcome)
        return {
            "kind": "state",
            "response": response,
            "saved": self._saved_at(),
            "attempts": len(self._attempts()) if self.item.use == "practice" else 0,
            "can_reveal": self._can_reveal(),
            "hint": self.item.hint if self._hint_shown else None,
            "feedback": feedback,
        }
