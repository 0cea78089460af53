"""Who comes from elsewhere, and which account of this machine is theirs: people of a course site or a sign-in service.

An account's name is seen by everybody on the machine and tells nothing of its person. It follows from who they are
there and a secret of this server, so that nobody else can find it out, and the same person always gets the same one.
Who is who stands in a file for root alone.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fieldguide.grading.names import BEGINS
from fieldguide.plainfiles import write_whole
from fieldguide.school import SchoolError, records
from fieldguide.school.planning import Places

#: The file of who is who, and the secret, by their names among the hub's own files.
FILES = ("identities.jsonl", "identities.key")
_LENGTH = 16
_LONGEST = 200
_KEYS = ("account", "issuer", "subject")


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody from elsewhere: ``issuer`` is the course site or service, and ``subject`` what it calls the person."""

    account: str
    issuer: str
    subject: str
    given_name: str = ""
    family_name: str = ""
    email: str = ""

    @property
    def name(self) -> str:
        """The name as people read it; empty where none was told."""
        return f"{self.given_name} {self.family_name}".strip()


def names_secret(path: Path) -> str:
    """The secret of this server that accounts are named by. Raises OSError."""
    return path.read_text(encoding="ascii").strip()


def account_name(secret: str, issuer: str, subject: str) -> str:
    """The name of somebody's account: 18 signs, the same for the same person as long as the secret is the same."""
    # Each part with its length, so that no two people are one text.
    said = "".join(f"{len(part)}:{part}" for part in (issuer, subject)).encode()
    digest = hmac.digest(secret.encode(), said, hashlib.sha256)
    return BEGINS + base64.b32encode(digest).decode("ascii").lower()[:_LENGTH]


class Identities:
    """The file of who is who. Of an account the last line counts. Methods raise OSError where the file is out of reach,
    and SchoolError where a line of it cannot be read and the file is to be written anew."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> dict[str, Identity]:
        """Everybody, by account."""
        return {one.account: one for one in self._read()[0]}

    def note(self, identity: Identity) -> bool:
        """Keep who somebody is; returns whether any of it is new. A name that is not told this time stays as it was."""
        with self._held():
            known = self.all().get(identity.account)
            told = {field: value[:_LONGEST] for field, value in asdict(identity).items() if value}
            told["subject"], told["issuer"] = identity.subject, identity.issuer
            new = replace(known, **told) if known else Identity(**told)
            if new != known:
                records.add(self._path, asdict(new))
            return new != known

    def forget(self, accounts: Iterable[str]) -> list[str]:
        """Take accounts out of the file; returns those that were in it. Raises SchoolError."""
        gone = {*accounts}
        with self._held():
            entries, torn = self._read()
            if torn:
                raise SchoolError("\n".join(torn))
            found = sorted({one.account for one in entries} & gone)
            if found:
                draft = self._path.with_name(f".{self._path.name}.new")
                draft.unlink(missing_ok=True)
                draft.touch(0o600)
                for one in {entry.account: entry for entry in entries if entry.account not in gone}.values():
                    records.add(draft, asdict(one))
                draft.replace(self._path)
        return found

    def _read(self) -> tuple[list[Identity], list[str]]:
        entries, torn = records.read(self._path, *_KEYS)
        return [*map(_identity, entries)], torn

    @contextmanager
    def _held(self) -> Iterator[None]:
        """One process at a time changes the file: the hub, or a command of root's."""
        lock = os.open(self._path.with_name(f".{self._path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def bring_identities(content: bytes, secret: bytes, places: Places) -> bool:
    """Take another time's file of who is who, with its secret: all of it where nobody is in this machine's, else whom
    it does not have. Returns False, and changes nothing, where this machine's names follow from another secret.

    Raises OSError.
    """
    here = Identities(places.identities)
    known = here.all()
    if not known and (not places.names_secret.exists() or places.names_secret.read_bytes() != secret):
        write_whole(places.names_secret, secret)
    if places.names_secret.read_bytes() != secret:
        return False
    entries, _ = records.parse(content, places.identities.name, *_KEYS)
    for account, one in {one.account: one for one in map(_identity, entries)}.items():
        if account not in known:
            here.note(one)
    return True


def _identity(entry: Mapping[str, Any]) -> Identity:
    return Identity(**{key: str(entry[key]) for key in Identity.__dataclass_fields__ if key in entry})
