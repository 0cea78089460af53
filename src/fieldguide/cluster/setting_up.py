"""What JupyterHub is told on a cluster, over what its chart tells it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from fieldguide.cluster.places import Place, Places
from fieldguide.hub.choosing import chosen
from fieldguide.hub.ownserver import OWN_SERVER
from fieldguide.hub.pages import add_pages

if TYPE_CHECKING:
    from traitlets.config import Config

#: The services, and where servers reach them: past the proxy, which sends whoever comes without HTTPS to it.
SERVICES = {
    "exchange": "http://fieldguide-exchange:10101/services/exchange",
    "live": "http://fieldguide-live:10102/services/live",
}
#: The lists of people of a course, with what who stands there is.
_PEOPLE = {"instructors": "instructor", "assistants": "assistant", "students": "student"}


def settle(config: Config, told: dict[str, Any]) -> None:
    """Add the courses. ``config`` is get_config() of JupyterHub's settings; ``told`` is ``custom.fieldguide`` of
    values.yaml: ``courses``, each with a ``title``, and where the log-in brings no groups its people as
    ``instructors``, ``assistants`` and ``students``.

    Raises ValueError where a course has no title, somebody is two things in it, or something is told of it that nobody
    knows.
    """
    courses = told["courses"]
    for course, about in courses.items():
        if not about.get("title") or about.keys() - {"title", *_PEOPLE}:
            raise ValueError(
                f"custom.fieldguide.courses.{course} in values.yaml needs a title, and may have instructors, "
                f"assistants and students; it has {', '.join(about) or 'nothing'}."
            )
        named = Counter(name for people in _PEOPLE for name in {*(about.get(people) or ())})
        if twice := sorted(name for name, count in named.items() if count > 1):
            raise ValueError(
                f"custom.fieldguide.courses.{course} in values.yaml names {', '.join(twice)} more than once. Expected "
                f"everybody in one of {', '.join(_PEOPLE)}: who grades a course cannot take it."
            )
    places = Places({course: about["title"] for course, about in courses.items()}, **SERVICES)
    hub, spawner = config.JupyterHub, config.KubeSpawner
    # Where the log-in brings the groups, JupyterHub takes none from here.
    if any(about.get(people) for about in courses.values() for people in _PEOPLE):
        hub.load_groups = {
            Place(course, role).group: {"users": about.get(people) or []}
            for course, about in courses.items()
            for people, role in _PEOPLE.items()
        }
    may_use = [f"access:services!service={name}" for name in SERVICES]
    # Who assists hands nothing out and in.
    users = {"exchange": ("instructor", "student"), "live": _PEOPLE.values()}
    hub.setdefault("load_roles", []).extend(
        {"name": name, "groups": places.groups(*users[name]), "scopes": [scope]}
        for name, scope in zip(SERVICES, may_use, strict=True)
    )
    # What a server's token may by itself, and these.
    spawner.server_token_scopes = ["users:activity!user", "access:servers!server", *may_use]
    # When ten start at once, the last answers after a minute; by itself a hub waits half of that.
    spawner.http_timeout = 300
    spawner.options_form = places.choice
    spawner.options_from_form = chosen
    spawner.pre_spawn_hook = places.prepare
    add_pages(config, places.own)
    hub.default_url = places.first_page
    # A service, which JupyterHub would rather have, could stop nobody's server without a right to do it to all.
    hub.extra_handlers = OWN_SERVER
