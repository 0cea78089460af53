"""What a student can do in one case: go on from scene to scene, go back, try another way, decide, and say why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from fieldguide.cases.model import Case, Ending, Scene
from fieldguide.cases.paths import MOST_PATHS, CaseResponse, ending, parse_case_response, walk
from fieldguide.cases.printed import printed_case
from fieldguide.cases.words import say
from fieldguide.player.certainty import LEVELS
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.ownrecord import told_of
from fieldguide.player.printed import Printed
from fieldguide.player.session import Answer, OnRecord, why_not_kept
from fieldguide.responses import ResponseRecord

#: A reason has at least so many words.
FEWEST_WORDS = 3


class CaseSession(OnRecord):
    """The session of one case. Asking twice does no harm."""

    page = "case"

    def __init__(self, case: Case, record: ResponseRecord | None, known: Sequence[str] = ()) -> None:
        super().__init__(record, known)
        self.case = case
        self.cell = case.id
        self._preview = CaseResponse()
        self._preview_reason = ""
        # What a view of this kernel was last told of, to notice what came from elsewhere.
        self._last_sent: object = None
        self._messages: dict[object, Callable[[dict[str, Any]], str | None]] = {
            "open": lambda message: None,
            "choose": self._choose,
            "back": lambda message: self._go_back(message.get("to")),
            "again": lambda message: self._go_back(0),
            "commit": self._commit,
            "reason": self._explain,
            "share": self._allow,
        }

    @classmethod
    def open(cls, case: Case, module: OpenModule) -> CaseSession:
        """The session of a case in a module. What the case says may be named in every text of the notebook."""
        if module.head.edition == "open":
            case = case.by_itself()
        module.known.extend(text for text in case.texts() if text not in module.known)
        return cls(case, module.record, module.known)

    def public(self) -> dict[str, Any]:
        """What the page is told first: what comes before the first choice."""
        options = [{"id": name, "text": text} for name, text in self.case.decision.options.items()]
        return {
            "id": self.case.id,
            "title": self.case.title,
            "note": self.case.note,
            "vignette": self.case.vignette,
            "decision": {"question": self.case.decision.question, "options": options},
            "graded": self.case.graded,
            "preview": self.record is None,
        }

    def printed(self) -> Printed:
        """The case as far as it was told."""
        self.look()
        return printed_case(self.public(), self.state())

    def handle(self, message: object) -> Answer | None:
        """The state, or what was found in the text that a view asks to review."""
        if not isinstance(message, dict) or not isinstance(message.get("kind"), str):
            return None
        if message["kind"] == "review" and not self.case.graded:
            return self.review(message)
        act = self._messages.get(message["kind"])
        if act is None:
            return None
        self.look()
        elsewhere = message["kind"] != "open" and self._last_sent is not None and self._last_sent != self._on_record()
        problem = note = None
        try:
            note = act(message)
        except OSError as error:
            problem = why_not_kept(error)
        if elsewhere:
            note = say("went_on_elsewhere")
        state = self.state()
        return Answer(state | {"problem": problem, "note": note or state["note"]})

    # -- what a message does; each returns a note for the student, if there is something to say ------

    def _choose(self, message: dict[str, Any]) -> str | None:
        response, path = self._response_and_path()
        steps, here = walk(self.case, path)
        choice = (message.get("scene"), message.get("option"))
        if choice in steps:
            return None  # asked again because the answer was slow
        if not isinstance(here, Scene) or (here.id, choice[1]) != choice or choice[1] not in list(here.ways):
            return say("not_taken")
        self._save(replace(response, paths=(*response.paths[:-1], (*path, choice[1]))))
        return None

    def _go_back(self, to: object) -> str | None:
        response, path = self._response_and_path()
        if not isinstance(to, int) or not 0 <= to < len(path):
            return None
        earlier = response.paths[:-1]
        # A way on which nothing new was chosen yet is given up rather than kept.
        if not any(way[: len(path)] == path for way in earlier):
            earlier = response.paths
        if len(earlier) == MOST_PATHS:
            return say("too_many_ways")
        self._save(replace(response, paths=(*earlier, path[:to])))
        return None

    def _commit(self, message: dict[str, Any]) -> str | None:
        response, _ = self._response_and_path()
        option, certainty, reason = (message.get(name) for name in ("option", "certainty", "reason"))
        if response.option is not None:
            return None  # it stays
        if (
            option not in list(self.case.decision.options)
            or certainty not in LEVELS
            or not any(ending(self.case, path) for path in response.paths)
            or not (self.case.graded or self._is_reason(reason))
        ):
            return say("not_taken")
        self._explain({"text": reason})
        self._save(replace(response, option=option, certainty=certainty))
        return None

    def _explain(self, message: dict[str, Any]) -> str | None:
        text = message.get("text")
        if self.case.graded or not isinstance(text, str):
            return None
        if self.record is None:
            self._preview_reason = text
        elif text != self._reason()[0]:
            self.now = self.record.save_essay(self.case.id, text)
        return None

    def _allow(self, message: dict[str, Any]) -> None:
        self._save(replace(self._read()[0], share=message.get("on") is True))

    def _save(self, response: CaseResponse) -> None:
        if self.record is None:
            self._preview = response
            return
        raw = {
            "paths": response.paths,
            "decision": response.option and {"option": response.option, "certainty": response.certainty},
            "share": response.share,
        }
        self.now = self.record.save(self.case.id, raw)

    # -- what is on record -------------------------------------------------------------------------

    def _on_record(self) -> object:
        """Everything on record of this case, to be compared."""
        return self.now.of(self.case.id).saved, self._reason()

    def _read(self) -> tuple[CaseResponse, str | None]:
        """The response, and a note for the student where what is on record does not, or not wholly, fit the case."""
        if self.record is None:
            return self._preview, None
        try:
            response = parse_case_response(self.case, self.now.of(self.case.id).saved)
        except ValueError:
            return CaseResponse(), say("case_unreadable")
        return response, say("case_outdated") if response.remark else None

    def _response_and_path(self) -> tuple[CaseResponse, tuple[str, ...]]:
        response = self._read()[0]
        return response, response.paths[-1] if response.paths else ()

    def _reason(self) -> tuple[str, str | None]:
        """The text of the reason, and since when it is on record."""
        if self.record is None:
            return self._preview_reason, None
        text, time = self.now.essay(self.case.id)
        return text or "", time

    @staticmethod
    def _is_reason(text: object) -> bool:
        return isinstance(text, str) and len(text.split()) >= FEWEST_WORDS

    # -- what the view is told ---------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """All that is shown of the case now, in JSON's types."""
        response, note = self._read()
        steps, here = walk(self.case, response.paths[-1] if response.paths else ())
        reason, reason_saved = self._reason()
        saved = self.now.of(self.case.id).saved_at
        self._last_sent = self._on_record()
        return {
            "kind": "state",
            "steps": [self._step(scene, option) for scene, option in steps],
            "here": _scene(here) if isinstance(here, Scene) else _ending(here),
            "ways": len({path for path in response.paths if ending(self.case, path)}),
            "decision": None if response.option is None else self._decided(response.option, response.certainty),
            "reason": reason,
            "share": response.share,
            "saved": max(filter(None, (saved, reason_saved)), default=None),
            "note": note,
            "handed_in": told_of(self.now, self.case.id),
        }

    def _step(self, scene: str, option: str) -> dict[str, Any]:
        this = self.case.scenes[scene]
        return {"scene": scene, "text": this.text, "question": this.question, "choice": this.chosen(option)}

    def _decided(self, option: str, certainty: str | None) -> dict[str, Any]:
        """The decision and what there is to compare it with: told of a decision that was sent, and never before."""
        decision = self.case.decision
        return {
            "text": decision.options[option],
            "certainty": certainty,
            "commentary": decision.commentary,
            "positions": list(decision.positions.values()),
            "prompts": list(decision.prompts),
        }


def _scene(scene: Scene) -> dict[str, Any]:
    options = [{"id": name, "text": option.text} for name, option in scene.options.items()]
    return {"scene": scene.id, "text": scene.text, "question": scene.question, "options": options}


def _ending(end: Ending) -> dict[str, Any]:
    return {"ending": end.id, "title": end.title, "text": end.text, "feedback": end.feedback, "now": end.now}
