"""Which half of a class a student belongs to, where a check has two forms.

One half meets form A first and the other form B. So what one form is harder than the other makes no gain of the class.
"""

from __future__ import annotations

import getpass
import hashlib
import os

from fieldguide.player.beside import modules_beside
from fieldguide.responses import ResponseRecord
from fieldguide.responses.names import RECORD

EVEN, ODD = "even", "odd"
#: The setting of the record that says which half it is, from the first answer to a check on.
HALF = "half"


def half_of(record: ResponseRecord) -> str:
    """The half on record, here or in another module of the course; else the one of the account that asks."""
    here = record.path.parent
    others = (ResponseRecord(folder, module) for folder, module in modules_beside(here, RECORD))
    for one in (record, *others):
        if (half := one.snapshot().settings.get(HALF)) in (EVEN, ODD):
            return str(half)
    return half_of_student(_account())


def half_of_student(student: str | None) -> str:
    """The half of a student by id: a digest decides, so every machine says the same. Nobody in particular is even."""
    if not student:
        return EVEN
    return ODD if hashlib.sha256(student.encode("utf-8", "surrogateescape")).digest()[0] % 2 else EVEN


def _account() -> str | None:
    """The name under which this account hands in: the hub's, or the system's."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such account has a name
        return None
