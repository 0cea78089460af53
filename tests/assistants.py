"""What tests of assistants on different hubs share: how one scores an essay, and what is not for them."""

from __future__ import annotations

import re

#: Pages and tools that are instructors' alone, below the address of a server.
INSTRUCTORS_ALONE = (
    "fieldguide/desk/roster",
    "fieldguide/desk/report",
    "formgrader",
    "formgrader/api/assignments",
    "lab",
    "tree",
)


def scored(page: str) -> dict[str, str]:
    """What the form of an essay sends once each criterion has one point."""
    sent = {name: re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in ("_xsrf", "version", "saw")}
    sent |= dict.fromkeys(re.findall(r'name="(points\.[^"]+)" value="1"', page), "1")
    assert len(sent) > 4
    return sent
