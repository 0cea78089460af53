"""An assistant's own server, with the desk behind the gate: ``python -P -m fieldguide.hub.assisting``.

On a school's server assistants come to the one server of their course (`school.gate`). In a try-out and on a cluster
everybody has a server of their own, and whoever this one belongs to is an assistant.
"""

from __future__ import annotations

import json
import os
from typing import Any

from fieldguide.hub.environment import NAMED
from fieldguide.hub.singleuser import keep_light

keep_light()  # before anything of Jupyter's is imported

from jupyter_server.serverapp import ServerApp  # noqa: E402
from jupyterhub.singleuser.extension import JupyterHubSingleUser  # noqa: E402

from fieldguide.desk.gate import BehindGate, Gate, Grader  # noqa: E402


class AssistantGate(Gate):
    """Takes whoever is let in for an assistant."""

    async def grader_of(self, person: dict[str, Any]) -> Grader:
        """Somebody as the hub tells of them."""
        return Grader(person, teaches=False, instructors=tuple(json.loads(os.environ.get(NAMED, "[]"))))


class AssistantServerApp(BehindGate, ServerApp):
    """Jupyter's server behind the gate."""

    gate = AssistantGate


def serve() -> None:
    """Serve until this process is ended."""
    JupyterHubSingleUser.serverapp_class = AssistantServerApp
    JupyterHubSingleUser.launch_instance()


if __name__ == "__main__":
    serve()
