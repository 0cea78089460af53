"""The hub's own pages: log-in, the list of courses, waiting, errors. In the course's look and each browser's language.

The templates are in ``templates/``. JupyterHub renders them, and takes its own for what is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from tornado.web import HTTPError

import fieldguide.coursepage
from fieldguide.words import ENGLISH, Words, asked_first, in_html, speaking

_SECTIONS = ("hub", "starting", "sign_in")


class Spoken:
    """The texts of a section of the words in one language, whatever is spoken elsewhere meanwhile."""

    def __init__(self, section: str, language: str) -> None:
        self._words, self._language = Words(section), language

    def words(self) -> dict[str, str]:
        """All of them by name, for a page to say."""
        with speaking(self._language):
            return self._words.words()

    def say(self, name: str, /, **values: object) -> str:
        """One text with its values filled in."""
        with speaking(self._language):
            return self._words.say(name, **values)

    def count(self, name: str, n: float, /) -> str:
        """One text in the plural form that a number asks for."""
        with speaking(self._language):
            return self._words.count(name, n)


class OwnCourse(NamedTuple):
    """A course of somebody's, as the hub's page of all their courses tells it.

    ``role`` is ``instructor``, ``assistant`` or ``student``. ``address`` is where the course is; nothing where it is on
    the person's own server.
    """

    id: str
    title: str
    role: str
    address: str = ""


class Pages:
    """What the templates ask for. ``courses`` tells of a user of the hub's which courses are theirs."""

    def __init__(self, courses: Callable[[Any], Iterable[OwnCourse]]) -> None:
        self._courses = courses

    @cached_property
    def style(self) -> str:
        """The style sheet of the course page."""
        built = Path(fieldguide.coursepage.__file__).parent / "static" / "built"
        return (built / "theme.css").read_text(encoding="utf-8")

    def asked_by(self, static_url: Any) -> tuple[str, Spoken, Spoken, Spoken]:
        """The language as attributes of an element of HTML, and what the pages say in it.

        ``static_url`` is what JupyterHub gives each template of the handler of a request, which knows the browser.
        """
        language = language_asked(getattr(static_url, "__self__", None))
        with speaking(language):
            told = in_html()
        hub, starting, sign_in = (Spoken(section, language) for section in _SECTIONS)
        return told, hub, starting, sign_in

    def courses(self, user: Any) -> list[OwnCourse]:
        """The courses of somebody."""
        return list(self._courses(user))


def language_asked(handler: Any) -> str:
    """The language that the browser asks for whose request ``handler`` answers; English where there is none."""
    return ENGLISH if handler is None else asked_first(handler.request.headers.get("Accept-Language", ""))


def refusal(status: int, said: str) -> HTTPError:
    """What is raised where something is not done: ``said`` is what its page says, in the words of ``Spoken``."""
    refused = HTTPError(status, "%s", said)
    refused.jupyterhub_message = said  # type: ignore[attr-defined]  # JupyterHub's name for it
    return refused


def add_pages(c: Any, courses: Callable[[Any], Iterable[OwnCourse]]) -> None:
    """Tell a hub, whose settings ``c`` is, to show our pages. ``courses`` is as for ``Pages``."""
    c.JupyterHub.template_paths = [str(Path(__file__).with_name("templates"))]
    c.JupyterHub.template_vars = {"pages": Pages(courses)}
