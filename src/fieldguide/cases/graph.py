"""What can be wrong with the way scenes lead on: some are never reached, some lead back to themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: From each scene, where each of its options leads: to a scene, or to anything else.
Ways = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Loop:
    """Scenes that come round again, in order, and the option of the last that leads back to the first."""

    scenes: tuple[str, ...]
    option: str


def reached(start: str, ways: Ways) -> set[str]:
    """Every scene and whatever else can be come to from ``start``, itself included."""
    found = {start}
    waiting = [start]
    while waiting:
        new = set(ways.get(waiting.pop(), {}).values()) - found
        found |= new
        waiting += new
    return found


def loops(ways: Ways) -> list[Loop]:
    """A loop for each option that leads back; together they leave no loop unnamed."""
    found: list[Loop] = []
    done: set[str] = set()

    def visit(scene: str, path: tuple[str, ...]) -> None:
        path = (*path, scene)
        for option, to in ways[scene].items():
            if to in path:
                found.append(Loop(path[path.index(to) :], option))
            elif to in ways and to not in done:
                visit(to, path)
        done.add(scene)

    for scene in ways:
        if scene not in done:
            visit(scene, ())
    return found
