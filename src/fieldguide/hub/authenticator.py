"""Log-in for the try-out classroom: a name and its generated password."""

from __future__ import annotations

import json
from pathlib import Path
from secrets import compare_digest
from typing import Any

from jupyterhub.auth import Authenticator
from traitlets import Instance, Unicode

from fieldguide.hub.brake import Brake
from fieldguide.hub.handlers import EVERY, LOG_IN, refuse_for_now


class PasswordFileAuthenticator(Authenticator):  # type: ignore[misc]
    """Accepts the names in a JSON file, each with its password. For trying out on one machine only."""

    password_file = Unicode(help="JSON file: log-in name to password, readable by its owner alone.").tag(config=True)
    brake = Instance(Brake, args=())

    async def authenticate(self, handler: Any, data: dict[str, str]) -> str | None:
        """Return the name if the password is the one in the file, else None.

        Raises HTTPError, which the log-in page shows, after too many wrong passwords.
        """
        name = data["username"]
        wait = self.brake.seconds_to_wait(name)
        if wait:
            refuse_for_now(handler, wait)
        expected = json.loads(Path(self.password_file).read_text(encoding="utf-8")).get(name)
        if expected is None or not compare_digest(expected.encode(), data["password"].encode()):
            self.brake.was_wrong(name)
            return None
        self.brake.was_right(name)
        return name

    def get_handlers(self, app: Any) -> list[tuple[Any, ...]]:
        """The hub's pages of logging in and out."""
        return [*LOG_IN, *EVERY]
