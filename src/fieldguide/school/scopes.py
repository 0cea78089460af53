"""The roles of a course, as scopes of the hub: what JupyterHub is told, and how a course's server asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_TEACH, _SCORE = "custom:fieldguide:teach", "custom:fieldguide:score"

#: For JupyterHub's ``custom_scopes``.
CUSTOM = {
    _TEACH: {"description": "Do everything in a course", "subscopes": [_SCORE]},
    _SCORE: {"description": "Score essays of a course"},
}


def teach(course: str) -> str:
    """The scope of a course's instructors."""
    return f"{_TEACH}!service={course}"


def score(course: str) -> str:
    """The scope of a course's assistants, which its instructors have too."""
    return f"{_SCORE}!service={course}"


def roles(courses: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For JupyterHub's ``load_roles``: two for each course, as the hub's settings name it, with its groups."""
    return [
        {
            "name": f"{role}-{course['id']}",
            "description": f"{says} {course['id']}",
            "scopes": [f"access:services!service={course['id']}", scope(course["id"])],
            "groups": [course[group]],
        }
        for course in courses
        for role, says, scope, group in (
            ("grade", "Grade", teach, "instructors"),
            ("score", "Score essays of", score, "assistants"),
        )
    ]
