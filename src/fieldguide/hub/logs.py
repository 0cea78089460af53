"""What the logs of the hub and the servers must not contain: sessions, and the values that carry a log-in.

JupyterHub hides them in its own addresses, but not where such an address is part of another one, nor where it logs a
cookie. Anybody who read such a line could take over a session.
"""

from __future__ import annotations

import logging
import re

_COOKIE = re.compile(r"""(xsrf cookie for )b?(['"]).*?\2""")
# In an address, or percent-encoded once or twice in the address to which a log-in returns.
_PARAMETER = re.compile(
    r"""([\w-]*(?:session|state|code|token)[\w-]*(?:=|%3D|%253D))(?!\[secret\]).*?(?=&|%26|%2526|[\s'"]|$)""",
    re.IGNORECASE,
)


def hide_secrets(text: str) -> str:
    """The text of a log entry with "[secret]" in place of every session and every value that carries a log-in."""
    return _PARAMETER.sub(r"\1[secret]", _COOKIE.sub(r"\1[secret]", text))


class HideSecrets(logging.Filter):
    """Hides secrets in everything that a handler logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change an entry that holds a secret; let every entry pass."""
        record.msg, record.args = hide_secrets(record.getMessage()), None
        return True


#: For `logging_config` of a Jupyter application: its own handler, with this filter.
LOGGING = {
    "filters": {"secrets": {"()": HideSecrets}},
    "handlers": {"console": {"filters": ["secrets"]}},
}
