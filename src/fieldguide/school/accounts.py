"""Which accounts of a machine are people's, and which of them Field Guide has made: those alone get a password."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd

#: The system's group of the accounts that Field Guide has made for people.
MADE = "fieldguide-made"
#: Who is in one of these may change the machine, or read what is everybody's.
_ADMINISTER = frozenset(
    ("root", "sudo", "wheel", "admin", "adm", "disk", "shadow", "docker", "lxd", "incus-admin", "libvirt")
)


def is_person(number: int) -> bool:
    """Whether an account of this number can be a person's, by Debian's numbers: the others are the system's own."""
    return 1000 <= number < 60_000 or number > 65_535


def groups_of(name: str, group: int) -> set[str]:
    """The names of the groups that an account is in; ``group`` is the number of its first."""
    names = set()
    for number in os.getgrouplist(name, group):
        with contextlib.suppress(KeyError):  # it has none
            names.add(grp.getgrgid(number).gr_name)
    return names


def why_no_student(name: str) -> str | None:
    """Why an account of this name cannot become a student's, or be made for one, in words; None where it can."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        try:
            grp.getgrnam(name)
        except KeyError:
            return None
        return "this machine has a group of that name, so no account can have it"
    if not is_person(entry.pw_uid):
        return f"that is an account of the system itself (number {entry.pw_uid})"
    administers = sorted(groups_of(name, entry.pw_gid) & _ADMINISTER)
    return f"that account administers this machine (it is in the group {administers[0]})" if administers else None


def is_anothers(name: str) -> bool:
    """Whether there is an account of this name that Field Guide has not made."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return False
    return MADE not in groups_of(name, entry.pw_gid)
