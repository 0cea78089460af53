"""What JupyterHub is told on a cluster, over what its chart tells it."""

from __future__ import annotations

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


def settle(config: Config, told: dict[str, Any]) -> None:
    """Add the courses. ``config`` is get_config() of JupyterHub's settings; ``told`` is ``custom.fieldguide`` of
    values.yaml: ``courses``, each with a ``title``, and where the log-in brings no groups its people as ``instructors``
    and ``students``.

    Raises ValueError where a course has no title, or something is told of it that nobody knows.
    """
    courses = told["courses"]
    for course, about in courses.items():
        if not about.get("title") or about.keys() - {"title", "instructors", "students"}:
            raise ValueError(
                f"custom.fieldguide.courses.{course} in values.yaml needs a title, and may have instructors and "
                f"students; it has {', '.join(about) or 'nothing'}."
            )
    places = Places({course: about["title"] for course, about in courses.items()}, **SERVICES)
    hub, spawner = config.JupyterHub, config.KubeSpawner
    # Where the log-in brings the groups, JupyterHub takes none from here.
    if any(about.get("instructors") or about.get("students") for about in courses.values()):
        hub.load_groups = {
            Place(course, role).group: {"users": about.get(f"{role}s") or []}
            for course, about in courses.items()
            for role in ("instructor", "student")
        }
    may_use = [f"access:services!service={name}" for name in SERVICES]
    hub.setdefault("load_roles", []).extend(
        {"name": name, "groups": places.groups, "scopes": [scope]}
        for name, scope in zip(SERVICES, may_use, strict=True)
    )
    # What a server's token may by itself, and these.
    spawner.server_token_scopes = ["users:activity!user", "access:servers!server", *may_use]
    spawner.options_form = places.choice
    spawner.options_from_form = chosen
    spawner.pre_spawn_hook = places.prepare
    add_pages(config, places.own)
    hub.default_url = places.first_page
    # A service, which JupyterHub would rather have, could stop nobody's server without a right to do it to all.
    hub.extra_handlers = OWN_SERVER
