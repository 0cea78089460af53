"""One form in play: what a student can do with it, and what is on record of it."""

from __future__ import annotations

from typing import Any

from fieldguide.forms.words import say
from fieldguide.player.ownrecord import told_of
from fieldguide.player.session import Answer, OnRecord, why_not_kept
from fieldguide.responses import ResponseRecord

#: Characters; ten times what anybody writes into one box.
LONGEST_TEXT = 50_000


class Form(OnRecord):
    """The session of one form.

    Each text is on record as the essay ``<form>.<name>``, and the choices together as the response of the form.
    ``own`` are the texts of the form itself.
    """

    def __init__(
        self, form_id: str, names: tuple[str, ...], record: ResponseRecord | None, known: list[str], own: list[str]
    ) -> None:
        super().__init__(record, known)
        self.id = self.cell = form_id
        self.names = names
        self._own = own
        self._texts: dict[str, str] = {}
        self._choices: object = None
        # What the views of this kernel were last told, to notice what came from elsewhere.
        self._last_sent: dict[str, Any] | None = None

    def handle(self, message: object) -> Answer | None:
        """What stands in the boxes, or what was asked for."""
        if not isinstance(message, dict):
            return None
        self.look()
        return self.answer(message.get("kind"), message)

    def answer(self, kind: object, message: dict[str, Any]) -> Answer | None:
        """The answer to one kind of message. Forms that know more kinds come here last."""
        if kind == "open":
            return Answer(self.state())
        if kind == "save":
            note = say("changed_elsewhere") if self._changed_elsewhere(message.get("values")) else None
            problem = self._keep(message.get("values"))
            return Answer(self.state() | {"note": note, "problem": problem})
        if kind == "review":
            return self.review(message, *self._own)
        return None

    def state(self) -> dict[str, Any]:
        """Everything that the views show of what is on record."""
        essays, choices = {name: self.essay(name) for name in self.names}, self.choices()
        self._last_sent = {name: text for name, (text, _) in essays.items()} | choices
        times = [time for _, time in essays.values() if time]
        if saved := self.now.of(self.id).saved_at:
            times.append(saved)
        return {
            "kind": "state",
            "values": {name: self.shown(name, text) for name, (text, _) in essays.items()} | choices,
            "saved": max(times, default=None),
            "note": None,
            "problem": None,
            "handed_in": told_of(self.now, self.id, *(f"{self.id}.{name}" for name in self.names)),
        }

    def shown(self, name: str, written: str | None) -> str:
        """What stands in one of the boxes, from what the student wrote there."""
        return written or ""

    def essay(self, name: str) -> tuple[str | None, str | None]:
        """The text that the student wrote into one of the boxes, and when it was saved."""
        if self.record is None:
            return self._texts.get(name), None
        return self.now.essay(f"{self.id}.{name}")

    def choices(self) -> dict[str, Any]:
        """The choices on record, as far as they fit."""
        return self.read_choices(self.raw_choices())

    def raw_choices(self) -> object:
        """The response on record, whatever it is."""
        return self._choices if self.record is None else self.now.of(self.id).saved

    def read_choices(self, raw: object) -> dict[str, Any]:
        """What of a response, which may hold anything, counts. A form without choices has none."""
        return {}

    def keep_text(self, name: str, text: str) -> None:
        """Keep what one of the boxes holds now. Raises OSError when the disk refuses."""
        if self.record is not None:
            self.now = self.record.save_essay(f"{self.id}.{name}", text)
        else:
            self._texts[name] = text

    def keep_choices(self, choices: dict[str, Any]) -> None:
        """Keep the choices. Raises OSError when the disk refuses."""
        if self.record is not None:
            self.now = self.record.save(self.id, choices)
        self._choices = choices

    def _changed_elsewhere(self, values: object) -> bool:
        """Whether another kernel changed what is to be saved, since this one told its views of it."""
        if self._last_sent is None or not isinstance(values, dict):
            return False
        now = {name: self.essay(name)[0] for name in self.names if name in values} | self.choices()
        return any(now[name] != self._last_sent[name] for name in now if name in values)

    def _keep(self, values: object) -> str | None:
        """Keep what was sent; what went wrong, if anything did."""
        try:
            if not isinstance(values, dict):
                raise ValueError(say("no_form"))
            texts = {name: text_of(values[name]) for name in self.names if name in values}
            before = self.choices()
            choices = self.read_choices({**before, **values})
            for name, text in texts.items():
                self.keep_text(name, text)
            if choices != before:
                self.keep_choices(choices)
        except (ValueError, OSError) as error:
            return why_not_kept(error)
        return None


def text_of(raw: object) -> str:
    """A text that was sent. Raises ValueError, with words for people, for anything else."""
    if raw is not None and not isinstance(raw, str):
        raise ValueError(say("no_text"))
    if len(raw or "") > LONGEST_TEXT:
        raise ValueError(say("too_long", most=f"{LONGEST_TEXT:,}"))
    return raw or ""
