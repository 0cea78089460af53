"""The widgets that bring scripts, styles and words to a page, once a notebook; every view asks for what it needs."""

from __future__ import annotations

import ipywidgets
import traitlets

from fieldguide.player.parts import PARTS_OF, loader, packed


class Part(ipywidgets.Widget):  # type: ignore[misc]
    """One part, deflated. It has no view."""

    content = traitlets.Bytes().tag(sync=True)


class Assets(ipywidgets.Widget):  # type: ignore[misc]
    """What puts a view together of its parts, for the views of one notebook. It has no view itself."""

    loader = traitlets.Unicode().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(loader=loader())
        self._parts: dict[str, Part] = {}
        #: One for all views: each would bring its own, and with it a second message to the page.
        self.layout = ipywidgets.Layout()

    def parts_of(self, kind: str) -> list[str]:
        """The ids of the parts that a view of this kind needs; those that no view needed yet cross now."""
        names = PARTS_OF[kind]
        for name in names:
            if name not in self._parts:
                self._parts[name] = Part(content=packed(name))
        return [self._parts[name].model_id for name in names]
