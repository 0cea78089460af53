"""Where somebody goes on a cluster: their server is for one course, in which they instruct, assist or learn."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from jupyterhub.orm import Group

from fieldguide.hub.choosing import choice, one_of
from fieldguide.hub.environment import NAMED, role_environment
from fieldguide.hub.pages import OwnCourse, Spoken, language_asked
from fieldguide.words import speaking

#: Where an instructor's or an assistant's server has the course folder: in the home, as Jupyter shows nothing outside.
COURSE_FOLDER = "/home/jovyan/course"
#: The secret that has each course's gradebook as SQLAlchemy names it, by the course's id.
GRADEBOOKS = "fieldguide-gradebooks"
#: The label by which the network lets instructors' and assistants' servers, and no student's, reach the gradebooks.
LABEL = "fieldguide/role"
#: nbgrader wants a folder even where the exchange is a service.
_NO_FOLDER = "/tmp/no-exchange"  # noqa: S108 (nothing is written there)
_ROLES = {"instructor": "formgrade", "assistant": "assist", "student": "nbgrader"}


class Place(NamedTuple):
    """A course, and what somebody is in it: ``instructor``, ``assistant`` or ``student``."""

    course: str
    role: str

    @property
    def group(self) -> str:
        """The hub's group of those who are."""
        return f"{_ROLES[self.role]}-{self.course}"


class Places:
    """The courses of a cluster, by id, with their titles; ``exchange`` and ``live`` are the services' addresses."""

    def __init__(self, titles: Mapping[str, str], exchange: str, live: str) -> None:
        self._titles, self._exchange, self._live = titles, exchange, live

    def groups(self, *roles: str) -> list[str]:
        """The groups of those who are something in a course."""
        return [Place(course, role).group for course in self._titles for role in roles]

    def of(self, user: Any) -> list[Place]:
        """Where somebody can go, by the hub's groups that they are in."""
        groups = {group.name for group in user.groups}
        every = (Place(course, role) for course in self._titles for role in _ROLES)
        return [place for place in every if place.group in groups]

    def own(self, user: Any) -> Iterator[OwnCourse]:
        """The same, as the hub's page of somebody's courses tells it."""
        for place in self.of(user):
            yield OwnCourse(place.group, self._titles[place.course], place.role)

    def first_page(self, handler: Any) -> str:
        """Where somebody arrives: who has one place, there; who has more, or none, where they all are."""
        user = handler.current_user
        return "" if user is None or len(self.of(user)) == 1 else f"{handler.hub.base_url}home"

    def choice(self, spawner: Any) -> str:
        """What is asked before a server starts: where to go. Nothing, where there is but one place."""
        language = language_asked(spawner.handler)
        role = Spoken("hub", language)
        with speaking(language):
            return choice(
                (place.group, f"{self._titles[place.course]} ({place.course}): {role.say(f'as_{place.role}')}")
                for place in self.of(spawner.user)
            )

    def prepare(self, spawner: Any) -> None:
        """Make a server one for its place. Raises SpawnException, for the page, where somebody can go nowhere."""
        places = {place.group: place for place in self.of(spawner.user)}
        place = places[one_of(places, spawner, "in_no_course")]
        grades = place.role != "student"
        told: dict[str, Any] = role_environment(
            place.role,
            course_id=place.course,
            exchange=_NO_FOLDER,
            service=self._exchange,
            live=self._live,
            course=COURSE_FOLDER if grades else None,
        )
        if place.role == "assistant":
            told[NAMED] = json.dumps(self._instructors(spawner.user.db, place.course))
            # Nothing that they wrote, in a home that they have as a student of another course, runs beside the course.
            spawner.volumes, spawner.volume_mounts, spawner.storage_pvc_ensure = {}, {}, False
        if grades:
            kept = {"name": GRADEBOOKS, "key": place.course}
            told["FIELDGUIDE_GRADEBOOK"] = {"valueFrom": {"secretKeyRef": kept}}
            claim = {"claimName": f"fieldguide-course-{place.course}"}
            # The chart's own are named, too.
            spawner.volumes = {**spawner.volumes, "course": {"name": "course", "persistentVolumeClaim": claim}}
            mount = {"name": "course", "mountPath": COURSE_FOLDER}
            spawner.volume_mounts = {**spawner.volume_mounts, "course": mount}
        spawner.cmd = ["python", "-P", "-m", f"fieldguide.cluster.{place.role}"]
        spawner.default_url = "/fieldguide/desk" if grades else "/fieldguide/"
        spawner.environment = {**spawner.environment, **told}
        spawner.extra_labels = {**spawner.extra_labels, LABEL: place.role}

    def _instructors(self, db: Any, course: str) -> list[str]:
        """Whom an assistant can ask, by their names in the log-in."""
        group = Group.find(db, Place(course, "instructor").group)
        return sorted(user.name for user in group.users) if group else []
