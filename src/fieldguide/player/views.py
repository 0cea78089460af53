"""The widgets: an item, the head of a module, and what both share in the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import ipywidgets
import traitlets

from fieldguide.items import Choice, Entry, Essay, Hottext, Item, Match, Order
from fieldguide.player.head import Head
from fieldguide.player.playing import Playing
from fieldguide.player.words import STATIC, words


class Assets(ipywidgets.Widget):  # type: ignore[misc]
    """Script, styles and words of the player. They cross to the browser once a notebook, not once an item."""

    script = traitlets.Unicode().tag(sync=True)
    styles = traitlets.Unicode().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(
            script=(STATIC / "player.js").read_text(encoding="utf-8"),
            styles=(STATIC / "player.css").read_text(encoding="utf-8"),
            words=words(),
        )


class _PlayerView(anywidget.AnyWidget):  # type: ignore[misc]
    """A view that fetches its script from the assets. ``text`` stands in for it where no widget can be shown."""

    _esm = STATIC / "loader.js"
    kind = traitlets.Unicode().tag(sync=True)
    assets = traitlets.Unicode().tag(sync=True)

    def __init__(self, text: str, **traits: Any) -> None:
        super().__init__(**traits)
        self._text = text

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle: tuple[dict[str, Any], dict[str, Any]] | None = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            bundle[0]["text/plain"] = self._text
        return bundle


class ItemView(_PlayerView):
    """One item. Its trait holds public data only and never a response: what a student answers travels in
    messages, so that no saved widget state can carry it."""

    item = traitlets.Dict().tag(sync=True)

    def __init__(self, playing: Playing, assets: Assets, number: int | None, on_change: Callable[[], None]) -> None:
        item = playing.item
        super().__init__(
            text=item.stem,
            kind="item",
            assets=assets.model_id,
            item=public_data(item, number, preview=playing.record is None),
        )
        self._playing = playing
        self._on_change = on_change
        self.on_msg(self._answer)

    def _answer(self, _widget: object, message: object, _buffers: object) -> None:
        state = self._playing.handle(message)
        if state is not None:
            self.send(state)
            self._on_change()


class ModuleView(_PlayerView):
    """The head of a module: title, minutes, objectives, and how many graded questions are answered."""

    module = traitlets.Dict().tag(sync=True)

    def __init__(self, head: Head, assets: Assets, unanswered: Callable[[], list[str]]) -> None:
        super().__init__(
            text=head.title,
            kind="module",
            assets=assets.model_id,
            module={
                "title": head.title,
                "number": int(head.id[:2]) if head.id[:2].isdigit() else None,
                "minutes": head.minutes,
                "objectives": list(head.objectives),
                "preview": head.edition == "instructor",
                "counts": {"practice": len(head.practice), "graded": len(head.graded), "check": len(head.check)},
            },
        )
        self._head = head
        self._unanswered = unanswered
        self.on_msg(lambda _widget, _message, _buffers: self.show_progress())

    def show_progress(self) -> None:
        """Send the view how many graded questions are answered, and which are not."""
        ids = self._unanswered()
        total = len(self._head.graded)
        self.send(
            {
                "kind": "progress",
                "graded": {
                    "total": total,
                    "answered": total - len(ids),
                    "unanswered": [{"id": item_id, "number": self._head.number(item_id)} for item_id in ids],
                },
            }
        )


def public_data(item: Item, number: int | None, *, preview: bool) -> dict[str, Any]:
    """What the browser is told of an item: never a key, a rationale, an exemplar or a level."""
    data: dict[str, Any] = {
        "id": item.id,
        "use": item.use,
        "points": item.points,
        "number": number,
        "stem": item.stem.split("\n\n"),
        "has_hint": item.hint is not None,
        "preview": preview,
        "type": None,
        "choose": None,
        "options": [],
        "prompts": [],
        "passage": [],
        "expect": None,
        "unit": None,
        "rubric": [],
        "words": None,
    }
    if isinstance(item, Choice):
        data |= {"type": "choice", "choose": item.choose, "options": _pairs(item.options)}
    elif isinstance(item, Match):
        data |= {"type": "match", "prompts": _pairs(item.prompts), "options": _pairs(item.options)}
    elif isinstance(item, Order):
        data |= {"type": "order", "options": _pairs(item.options)}
    elif isinstance(item, Hottext):
        passage = [{"text": text, "id": name} for text, name in item.passage]
        data |= {"type": "hottext", "passage": passage, "options": _pairs(item.options)}
    elif isinstance(item, Entry):
        data |= {"type": "entry", "expect": item.expect, "unit": item.unit}
    elif isinstance(item, Essay):
        rubric = [{"id": name, "criterion": line.text, "points": line.points} for name, line in item.rubric.items()]
        data |= {"type": "essay", "rubric": rubric, "words": item.words}
    return data


def _pairs(texts: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": name, "text": text} for name, text in texts.items()]
