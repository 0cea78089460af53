"""Log-in for the try-out classroom: a name and the password that was made for it."""

from __future__ import annotations

import json
from pathlib import Path
from secrets import compare_digest
from typing import Any

from jupyterhub.auth import Authenticator
from traitlets import Unicode


class PasswordFileAuthenticator(Authenticator):  # type: ignore[misc]
    """Lets in the names in a JSON file, each with its own password. For trying out on one machine only."""

    password_file = Unicode(help="JSON file: log-in name to password, readable by its owner alone.").tag(config=True)

    async def authenticate(self, handler: Any, data: dict[str, str]) -> str | None:
        """Return the name if the password is the one in the file, else None."""
        expected = json.loads(Path(self.password_file).read_text(encoding="utf-8")).get(data["username"])
        if expected is None or not compare_digest(expected.encode(), data["password"].encode()):
            return None
        return data["username"]
