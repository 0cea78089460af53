"""Runs a program as another account: what belongs to an account is written by it, and never by root."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from fieldguide.failing import LEFT
from fieldguide.school import SchoolError

_PLAIN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}


def run_as(
    account: str,
    command: Sequence[str],
    folder: Path,
    given: bytes | IO[bytes] = b"",
    *,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Run a program as an account, with its groups, in a folder; returns what it printed. It reads what is ``given``.

    Its files are for the account alone, and it has no terminal: with root's it could type there. Raises SchoolError
    where it fails, and where there is no such account.
    """
    return _run(account, command, folder, given, environment, well=(0,)).stdout


def run_command_as(
    account: str, command: Sequence[str], folder: Path, given: bytes = b"", *, environment: Mapping[str, str]
) -> tuple[bytes, bool]:
    """The same of one of our own commands: what it printed, and whether it left something to people (LEFT)."""
    done = _run(account, command, folder, given, environment, well=(0, LEFT))
    return done.stdout, done.returncode == LEFT


def _run(
    account: str,
    command: Sequence[str],
    folder: Path,
    given: bytes | IO[bytes],
    environment: Mapping[str, str] | None,
    *,
    well: Sequence[int],
) -> subprocess.CompletedProcess[bytes]:
    try:
        entry = pwd.getpwnam(account)
    except KeyError:
        raise SchoolError(
            f"There is no account {account} on this machine, whose files these are. Run: fieldguide-admin apply. Where "
            f"courses.toml needs it no more, make it again: useradd --system {account}"
        ) from None
    done = subprocess.run(  # noqa: S603  (our own commands)
        command,
        cwd=folder,
        env=environment or _PLAIN,
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=os.getgrouplist(account, entry.pw_gid),  # a course's folder is open to its own
        umask=0o077,
        start_new_session=True,
        input=given if isinstance(given, bytes) else None,
        stdin=None if isinstance(given, bytes) else given,
        capture_output=True,
        check=False,
    )
    if done.returncode not in well:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise SchoolError(
            f"{account} could not run {Path(command[0]).name}: {said or f'it ended with {done.returncode}'}"
        )
    return done
