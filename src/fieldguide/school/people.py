"""Which course somebody goes to: a student's server is for one course, and who grades goes to the course's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fieldguide.hub.choosing import choice, one_of
from fieldguide.hub.environment import role_environment
from fieldguide.hub.pages import OwnCourse, language_asked
from fieldguide.school.reading import GRADER
from fieldguide.words import speaking


class People:
    """The courses of a server, each as the hub's settings name it, and who belongs to which by their groups."""

    def __init__(self, courses: list[dict[str, Any]]) -> None:
        self._courses = courses

    @property
    def groups(self) -> set[str]:
        """Every group of a course."""
        return {course[kind] for course in self._courses for kind in ("students", "instructors", "assistants")}

    def taken(self, user: Any) -> list[dict[str, Any]]:
        """The courses of which somebody is a student."""
        return self._in(user, "students")

    def graded(self, user: Any) -> list[dict[str, Any]]:
        """The courses that somebody grades, or scores essays of."""
        return self._in(user, "instructors", "assistants")

    def _in(self, user: Any, *kinds: str) -> list[dict[str, Any]]:
        groups = {group.name for group in user.groups}
        return [course for course in self._courses if any(course[kind] in groups for kind in kinds)]

    def own(self, user: Any) -> Iterator[OwnCourse]:
        """The courses of somebody: those that they grade, which have an address, then those that they take."""
        teaches = {course["id"] for course in self._in(user, "instructors")}
        for course in self.graded(user):
            role = "instructor" if course["id"] in teaches else "assistant"
            yield OwnCourse(course["id"], course["title"], role, f"/services/{course['id']}/fieldguide/desk")
        for course in self.taken(user):
            yield OwnCourse(course["id"], course["title"], "student")

    def first_page(self, handler: Any) -> str:
        """Where somebody arrives: who has one course, in it; who has more, where they all are."""
        user = handler.current_user
        if user is None:
            return ""
        graded = self.graded(user)
        if graded and (len(graded) > 1 or self.taken(user)):
            return f"{handler.hub.base_url}home"
        return f"{handler.base_url}services/{graded[0]['id']}/fieldguide/desk" if graded else ""

    def choice(self, spawner: Any) -> str:
        """What is asked before a student's server starts: which course. Nothing, where there is but one."""
        taken = self.taken(spawner.user)
        with speaking(language_asked(spawner.handler)):
            return choice((course["id"], f"{course['title']} ({course['id']})") for course in taken)

    def prepare(self, spawner: Any) -> None:
        """Tell a student's server which course it is for. Raises SpawnException, for the page, where it is for none."""
        taken = {course["id"]: course for course in self.taken(spawner.user)}
        course = taken[one_of(taken, spawner, "no_course")]
        spawner.environment = {
            **spawner.environment,
            **role_environment(
                "student",
                course_id=course["id"],
                exchange=course["exchange"],
                live=spawner.environment.get("FIELDGUIDE_LIVE_URL", ""),
            ),
            "FIELDGUIDE_COLLECTORS": f"{GRADER}{course['id']}",
        }
