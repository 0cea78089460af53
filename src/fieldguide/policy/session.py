"""A policy in play: a part of it in a module, or the whole of it, put together and made into documents."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from fieldguide.forms.form import Form, text_of
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.printed import Printed
from fieldguide.player.session import Answer
from fieldguide.policy.documents import NAME, document_of
from fieldguide.policy.gathering import Earlier, gather
from fieldguide.policy.printed import printed_policy
from fieldguide.policy.reading import ABOUT, Policy
from fieldguide.policy.words import say
from fieldguide.responses import ResponseRecord

_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html",
}


class PolicySession(Form):
    """The form of one policy. Where it gathers, a heading begins with what an earlier module holds, until the student
    has decided on it: a text that they deleted stays deleted. What is decided is the form's response on record."""

    page = "policy"

    def __init__(self, policy: Policy, record: ResponseRecord | None, known: list[str]) -> None:
        names = (*policy.headings, *(ABOUT if policy.gather else ()))
        super().__init__(policy.id, names, record, known, policy.texts())
        self.policy = policy
        self._earlier: dict[str, Earlier] = {}

    @classmethod
    def open(cls, policy: Policy, module: OpenModule) -> PolicySession:
        """The session of a policy in a module."""
        return cls(policy, module.record, module.known)

    def public(self) -> dict[str, Any]:
        """What the page is told first: what the author wrote."""
        return {
            "id": self.id,
            "preview": self.record is None,
            "intro": self.policy.intro,
            "gather": self.policy.gather,
            "sample": self.policy.sample,
            "headings": [asdict(heading) for heading in self.policy.headings.values()],
            "about": [{"id": name, "title": say(label)} for name, label in ABOUT.items() if self.policy.gather],
        }

    def printed(self) -> Printed:
        """The headings with their questions."""
        self.look()
        return printed_policy(self.policy, {name for name in self.names if self.essay(name)[0]})

    def answer(self, kind: object, message: dict[str, Any]) -> Answer | None:
        """A policy that gathers also makes documents."""
        if self.policy.gather and kind == "open" and self.record is not None:
            self._earlier = gather(self.record, self.id)
        if self.policy.gather and kind == "documents":
            return self._documents(message.get("values"))
        return super().answer(kind, message)

    def state(self) -> dict[str, Any]:
        """With it, the texts of earlier modules, and whether each still is the start of its heading."""
        earlier = {
            name: {"text": one.text, "module": one.module, "start": self._is_start(name, self.essay(name)[0])}
            for name, one in self._earlier.items()
            if name in self.names
        }
        return super().state() | {"earlier": earlier}

    def shown(self, name: str, written: str | None) -> str:
        """What the student wrote here, or the start that an earlier module gives."""
        return self._earlier[name].text if self._is_start(name, written) else written or ""

    def keep_text(self, name: str, text: str) -> None:
        """Keep also that the heading is decided: before the text goes, after it comes."""
        if not text.strip():
            self._decide(name)
        super().keep_text(name, text)
        self._decide(name)

    def _is_start(self, name: str, written: str | None) -> bool:
        return written is None and name in self._earlier and name not in self._decided()

    def _decided(self) -> list[str]:
        raw = self.raw_choices()
        names = raw.get("decided") if isinstance(raw, dict) else None
        return [name for name in self.names if isinstance(names, list) and name in names]

    def _decide(self, name: str) -> None:
        decided = self._decided()
        if self.policy.gather and name in self.policy.headings and name not in decided:
            self.keep_choices({"decided": [one for one in self.names if one in (*decided, name)]})

    def _documents(self, values: object) -> Answer:
        """Documents of what stands in the boxes, saved beside the notebook and sent along to be downloaded.

        What came of it is named by its word: a page of the course says some things otherwise than a notebook.
        """
        from fieldguide.policy.docxfile import as_docx  # python-docx is read when a document is made
        from fieldguide.policy.htmlfile import as_html
        from fieldguide.policy.saving import save_documents

        try:
            given = values if isinstance(values, dict) else {}
            texts = {name: text_of(given.get(name)) for name in self.names}
        except ValueError as error:
            return Answer({"kind": "documents", "files": [], "word": None, "told": str(error), "problem": True})
        document = document_of(self.policy, texts, date.today())
        if not document.sections and not document.unsettled:
            return Answer({"kind": "documents", "files": [], "word": "write_first", "values": {}, "problem": True})
        files = {".docx": as_docx(document), ".html": as_html(document)}
        names = [NAME + ending for ending in files]
        word, values = "made_only", {}
        if self.record is not None:
            try:
                names = save_documents(self.record.path.parent, files)
                word, values = "made", {"names": ", ".join(names)}
            except OSError as error:
                word, values = "not_written", {"reason": error.strerror or str(error)}
        offered = [
            {"name": name, "type": _TYPES[ending], "label": say(f"download_{ending[1:]}")}
            for name, ending in zip(names, files, strict=True)
        ]
        told = {"word": word, "values": values, "problem": word == "not_written"}
        return Answer({"kind": "documents", "files": offered, **told}, tuple(files.values()))
