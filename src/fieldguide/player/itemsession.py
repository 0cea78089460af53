"""What a student can do with one item: open it, save a response, check an attempt, ask for a hint or the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fieldguide.items import Essay, Item, Response, parse_response, score
from fieldguide.player.certainty import LEVELS, Certainty, calibration
from fieldguide.player.explaining import explain, reveal
from fieldguide.player.ownrecord import told_of
from fieldguide.player.printed import Printed, printed_item
from fieldguide.player.public import public_data
from fieldguide.player.session import Answer, News, OnRecord, is_written, why_not_kept
from fieldguide.player.words import say
from fieldguide.responses import ItemResponses, ResponseRecord, Snapshot

if TYPE_CHECKING:
    from fieldguide.player.openmodule import OpenModule

#: The answer is shown on request after one retry.
ATTEMPTS_BEFORE_REVEAL = 2


class ItemSession(OnRecord):
    """The session of one item. ``number`` and ``half`` are what the head says of it: its place, and for which half of a
    class it is. ``news`` are what views of other cells are told when the response has changed."""

    def __init__(
        self,
        item: Item,
        record: ResponseRecord | None,
        certainty: Certainty | None = None,
        known: Sequence[str] = (),
        *,
        number: int | None = None,
        half: str | None = None,
        news: Callable[[Snapshot], tuple[News, ...]] = lambda now: (),
    ) -> None:
        super().__init__(record, known)
        self.item = item
        self.cell = item.id
        #: A practice text is made with what compares it.
        self.page = "task" if isinstance(item, Essay) and item.use == "practice" else "item"
        self._number = number
        self._half = half
        self._news = news
        self._certainty = certainty or Certainty(record)
        #: Whether the response is an attempt that is checked; others are kept as they stand.
        self._checked = item.use == "practice" and not isinstance(item, Essay)
        self._hint_shown = False
        self._preview = ItemResponses()
        self._right: dict[str, bool] = {}
        # The last response that a view of this kernel was told of, to notice one that came from elsewhere.
        self._last_sent: tuple[object, str | None] | None = None

    @classmethod
    def open(cls, item: Item, module: OpenModule) -> ItemSession | None:
        """The session of an item in a module; None where it is the other half's of the class."""
        return module.session_of(item) if module.asks(item) else None

    def public(self) -> dict[str, Any]:
        """What the page is told first: the item without its key."""
        return public_data(self.item, self._number, preview=self.record is None, half=self._half)

    def printed(self) -> Printed:
        """The item with the response marked."""
        self.look()
        return printed_item(self.item, self.public(), self.response(self.now))

    def handle(self, message: object) -> Answer | None:
        """The state, what was found in the text that a view asks to review, or what there is to compare a text with."""
        if not isinstance(message, dict):
            return None
        kind = message.get("kind")
        if kind == "review" and isinstance(self.item, Essay):
            return self.review(message, self.item.stem)
        if kind == "compare" and isinstance(self.item, Essay) and self.item.task:
            return Answer(_comparison(self.item, message))
        if kind not in ("save", "check", "hint", "reveal", "open"):
            return None
        self.look()
        problem = note = feedback = None
        try:
            if kind == "save" and not self._checked:
                note = self._given_elsewhere()
                self._keep(message.get("response"))
            elif kind == "check" and self._checked:
                self._attempt(message.get("response"), message.get("certainty"))
            elif kind == "hint" and self._tried_in_vain(1):
                self._hint_shown = True
            elif kind == "reveal" and self._tried_in_vain(ATTEMPTS_BEFORE_REVEAL):
                feedback = reveal(self.item)
            elif kind != "open":
                return None
        except (ValueError, OSError) as error:
            problem = why_not_kept(error)
        state = self._state() | {"problem": problem}
        if note:
            state["note"] = note
        if feedback:
            state["feedback"] = feedback
        changed = state["note"] or kind != "open"
        return Answer(state, news=self._news(self.now) if changed else ())

    def response(self, now: Snapshot) -> Response | None:
        """The response on record, as far as it fits the item."""
        return self._read(now)[0]

    def said_and_right(self, now: Snapshot) -> Iterator[tuple[str | None, bool]]:
        """For each attempt, how sure the student said to be, and whether it was right."""
        if self._checked:
            tried = self._tried(now)
            for response, said in zip(tried.attempts, tried.certainties, strict=True):
                if said is not None:
                    yield said, self._is_right(response)

    def _is_right(self, response: object) -> bool:
        """Whether an attempt was right. The head of the notebook asks it of all of them after every answer."""
        written = repr(response)
        if written not in self._right:
            self._right[written] = score(self.item, response).state == "right"
        return self._right[written]

    def _keep(self, raw: object) -> None:
        response, _ = parse_response(self.item, raw)
        if self.record is None:
            return
        if isinstance(self.item, Essay):
            self.now = self.record.save_essay(self.item.id, str(response) if response is not None else None)
        else:
            self.now = self.record.save(self.item.id, response)

    def _attempt(self, raw: object, certainty: object) -> None:
        said = certainty if isinstance(certainty, str) and certainty in LEVELS else None
        response, _ = parse_response(self.item, raw)
        if response is None:
            return
        if self.record is None:
            self._preview.attempts.append(response)
            self._preview.certainties.append(said)
        else:
            self.now = self.record.check(self.item.id, response, said)

    def _tried(self, now: Snapshot) -> ItemResponses:
        return self._preview if self.record is None else now.of(self.item.id)

    def _tried_in_vain(self, times: int) -> bool:
        if not self._checked:
            return False
        attempts = self._tried(self.now).attempts
        return len(attempts) >= times and not self._is_right(attempts[-1])

    def _raw(self, now: Snapshot) -> tuple[object, str | None]:
        """What is on record, and since when."""
        if self._checked:
            attempts = self._tried(now).attempts
            return (attempts[-1] if attempts else None), None
        if isinstance(self.item, Essay):
            return now.essay(self.item.id)
        saved = now.of(self.item.id)
        return saved.saved, saved.saved_at

    def _read(self, now: Snapshot) -> tuple[Response | None, str | None]:
        """The response on record, and a note for the student where it does not, or not wholly, fit the item."""
        try:
            response, remark = parse_response(self.item, self._raw(now)[0])
        except ValueError:
            return None, say("answer_unreadable")
        return response, say("answer_outdated") if remark else None

    def _given_elsewhere(self) -> str | None:
        """A note where another kernel has saved a response since this one told its view of one."""
        if self._last_sent is None or self._raw(self.now) == self._last_sent:
            return None
        return say("answered_elsewhere")

    def _state(self) -> dict[str, Any]:
        feedback = None
        response, note = self._read(self.now)
        tried = self._tried(self.now) if self._checked else ItemResponses()
        if self._checked and response is not None:
            feedback = explain(self.item, score(self.item, response))
            feedback["calibration"] = calibration(tried.certainties[-1], feedback["verdict"])
        self._last_sent = self._raw(self.now)
        return {
            "kind": "state",
            "response": response,
            "saved": None if self._checked else self._last_sent[1],
            "attempts": len(tried.attempts),
            "can_hint": self._tried_in_vain(1),
            "can_reveal": self._tried_in_vain(ATTEMPTS_BEFORE_REVEAL),
            "hint": self.item.hint if self._hint_shown else None,
            "ask_certainty": self._checked and self._certainty.on(self.now),
            "certainty": tried.certainties[-1] if tried.certainties else None,
            "feedback": feedback,
            "note": note,
            # Nobody waits for what is written or tried for practice.
            "handed_in": None if self.item.use == "practice" else told_of(self.now, self.item.id),
        }


def _comparison(task: Essay, message: dict[str, Any]) -> dict[str, Any]:
    """The exemplar and what to look for cross to the page only when something was written, or writing is skipped."""
    shown = is_written(message.get("text")) or message.get("skip") is True
    return {
        "kind": "compared",
        "text": task.exemplar if shown else None,
        "look_for": list(task.look_for) if shown else [],
    }
