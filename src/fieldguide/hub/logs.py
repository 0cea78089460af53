"""What the log of the hub and of everybody's servers must not hold: sessions, and what a log-in is carried by.

JupyterHub hides them where they stand in an address of its own, but not where that address is carried inside another
one, nor when it tells of a cookie. Whoever read such a line could take part in somebody's session.
"""

from __future__ import annotations

import logging
import re

_COOKIE = re.compile(r"""(xsrf cookie for )b?(['"]).*?\2""")
# In an address, or percent-encoded, once or twice, in the address that a log-in leads back to.
_PARAMETER = re.compile(
    r"""([\w-]*(?:session|state|code|token)[\w-]*(?:=|%3D|%253D))(?!\[secret\]).*?(?=&|%26|%2526|[\s'"]|$)""",
    re.IGNORECASE,
)


def hide_secrets(text: str) -> str:
    """The text of a log entry with "[secret]" for every session and every value that carries a log-in."""
    return _PARAMETER.sub(r"\1[secret]", _COOKIE.sub(r"\1[secret]", text))


class HideSecrets(logging.Filter):
    """Hides them in whatever passes through a handler."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the entry where it holds one; let every entry pass."""
        record.msg, record.args = hide_secrets(record.getMessage()), None
        return True


#: For `logging_config` of a Jupyter application: its own handler, with this filter.
LOGGING = {
    "filters": {"secrets": {"()": HideSecrets}},
    "handlers": {"console": {"filters": ["secrets"]}},
}
