"""Log-in for the try-out classroom: a name and its generated password."""

from __future__ import annotations

import json
import math
from pathlib import Path
from secrets import compare_digest
from typing import Any

from jupyterhub.auth import Authenticator
from tornado.web import HTTPError
from traitlets import Instance, Unicode

from fieldguide.hub.brake import Brake


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
            minutes = math.ceil(wait / 60)
            raise HTTPError(
                429,
                "There were too many wrong passwords. Try again in "
                + ("a minute." if minutes == 1 else f"{minutes} minutes."),
            )
        expected = json.loads(Path(self.password_file).read_text(encoding="utf-8")).get(name)
        if expected is None or not compare_digest(expected.encode(), data["password"].encode()):
            self.brake.was_wrong(name)
            return None
        self.brake.was_right(name)
        return name
