"""Looks at a machine and finds what is not as planned; each find can be mended. Nothing that is right is touched.

Root works here in folders that belong to others, who may put links into them: a link is followed only where root alone
could have made it.
"""

from __future__ import annotations

import grp
import os
import pwd
import re
import secrets
import stat
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fieldguide.school import SchoolError
from fieldguide.school.accounts import MADE, is_person
from fieldguide.school.planning import FROM_LMS, SHARED, Account, File, Folder, Plan
from fieldguide.school.reading import ROOTS_PORTS

_FIRST_OF_ANYBODY = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
_SECRET = re.compile(r"[0-9a-f]{64}\n")
_KEY = re.compile(r"-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{1000,}-----END PRIVATE KEY-----\n")
#: Course sites ask for RSA with SHA-256, and for no less.
_KEY_BITS = 2048
_NOLOGIN = "/usr/sbin/nologin"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as planned: what is wrong, what mending it does, and how."""

    wrong: str
    done: str
    mend: Callable[[], None]


def looks(plan: Plan) -> Iterator[Iterator[Difference]]:
    """For each thing of a plan what is not as planned, in the order in which it can be mended.

    A look raises SchoolError where something stands in the way that no program should decide on.
    """
    yield from (_folder(folder) for folder in plan.folders if folder.kept)
    yield from (_named_group(group) for group in plan.groups)
    yield from (_account(account) for account in plan.accounts)
    for group, wanted in plan.members.items():
        spared = FROM_LMS if group in plan.lms_says else ""
        yield _members(group, wanted, strict=group in plan.strict, spared=spared)
    yield from (_homes(group, plan.root if group in SHARED else Path("/")) for group in plan.groups)
    yield from (_folder(folder) for folder in plan.folders if not folder.kept)
    yield from (_file(file) for file in plan.files)
    planned = {file.path for file in plan.files}
    yield from (_others(folder, planned) for folder in plan.only)


def apply(plan: Plan, tell: Callable[[str], None]) -> int:
    """Bring the machine to the plan; tells each change, and returns how many there were.

    Raises SchoolError where a change could not be made; what was changed before it stays. An account that cannot be
    taken is told before anything is changed.
    """
    for account in plan.accounts:
        next(_account(account), None)
    return mend(looks(plan), tell)


def check(plan: Plan) -> list[str]:
    """What is not as planned, in words; what could only be looked at where something else is there is left out."""
    return list(dict.fromkeys(differing(looks(plan))))  # somebody's home is looked at for each group


def mend(looked: Iterable[Iterator[Difference]], tell: Callable[[str], None]) -> int:
    """Mend what is found, one after the other; tells each, and returns how many there were. Raises SchoolError."""
    count = 0
    for look in looked:
        for found in look:
            found.mend()
            tell(found.done)
            count += 1
    return count


def differing(looked: Iterable[Iterator[Difference]]) -> Iterator[str]:
    """What is found, in words, and what stands in the way of looking."""
    for look in looked:
        try:
            for found in look:
                yield found.wrong
        except MissingError:
            continue
        except SchoolError as error:
            yield str(error)


def need_python_for_everybody(python: str) -> None:
    """Raise SchoolError where another account cannot run this Python: every student's server does."""
    try:
        nobody = pwd.getpwnam("nobody")
        words = [python, "-P", "-c", "import fieldguide"]
        done = subprocess.run(  # noqa: S603  (the Python that runs this)
            words,
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=(),
            cwd="/",
            env={},
            capture_output=True,
            check=False,
        )
        if done.returncode == 0:
            return
    except PermissionError:
        pass
    raise SchoolError(
        f"{python} can be run by root alone, with what is installed in it. Students' servers run it as the students: "
        "make an environment that all can read, by the system's own Python: /usr/bin/python3 -m venv /opt/fieldguide"
    )


def need_ports_of_roots() -> None:
    """Raise SchoolError where any account can listen at the ports that only root should."""
    first = int(_FIRST_OF_ANYBODY.read_text(encoding="ascii"))
    if first < ROOTS_PORTS:
        raise SchoolError(
            f"On this machine every account can listen at the ports from {first} on, and could stand in for the hub. "
            f"Run: sysctl -w net.ipv4.ip_unprivileged_port_start={ROOTS_PORTS}, and see in /etc/sysctl.d what sets it."
        )


def members_of(group: str) -> frozenset[str]:
    """Who is in a group of the system; nobody where there is none."""
    entry = _group(group)
    return frozenset(entry.gr_mem) if entry else frozenset()


class MissingError(SchoolError):
    """Something cannot be looked at, since what it is in or belongs to is not there."""


def _named_group(name: str) -> Iterator[Difference]:
    if _group(name) is None:
        yield Difference(f"there is no group {name}", f"group {name}: made", command("groupadd", "--system", name))


def _account(account: Account) -> Iterator[Difference]:
    entry = _user(account.name)
    home = account.home
    if entry is None:
        if account.person:
            if home.is_symlink() or home.exists():
                raise SchoolError(
                    f"There is no account {account.name}, and a home {home}, with the files of whoever had that name "
                    "before. Move it away, or remove it, then run this again."
                )
            options = ["--create-home", "--key", "HOME_MODE=0700", "--groups", MADE]
            how = "made, which cannot log in before it has a password"
        else:
            options = ["--system", "--no-create-home", "--shell", _NOLOGIN]  # its home comes with the folders
            how = "made, which nobody can log in with"
        yield Difference(
            f"there is no account {account.name}",
            f"account {account.name}: {how}",
            command("useradd", *options, "--user-group", "--home-dir", str(home), account.name),
        )
        return
    if account.person and not is_person(entry.pw_uid):
        raise SchoolError(
            f"{account.name} is an account of the system itself (number {entry.pw_uid}), and no person's. Name "
            "another in courses.toml."
        )
    if not account.person and is_person(entry.pw_uid):
        raise SchoolError(
            f"{account.name}, which is the course's, has the number of a person's account ({entry.pw_uid}). Give the "
            "course another id, or remove the account if nothing needs it."
        )
    if not account.person and Path(entry.pw_dir) != home:
        raise SchoolError(
            f"The account {account.name} has its home in {entry.pw_dir}, and not in {home}: it is that of a "
            "course that this machine serves, or served. While it does, try nothing out here with --root, but on "
            f"another machine. If nothing needs it any more, remove it (userdel {account.name}); else give the course "
            "another id."
        )


def _homes(group: str, below: Path) -> Iterator[Difference]:
    """The homes of a group's people, as far as they lie below a folder; nobody else may look into them."""
    entry = _group(group)
    for name in sorted(entry.gr_mem) if entry else ():
        person = _user(name)
        if person is None or not is_person(person.pw_uid):
            continue
        home = Path(person.pw_dir)
        if not home.is_relative_to(below):
            continue
        with inside(home.parent) as parent:
            found = _look(parent, home.name)
        if found is None:
            raise SchoolError(f"{name} has no home: there is no folder {home}. Make it, or remove the account.")
        if found.st_uid != person.pw_uid:
            raise SchoolError(
                f"{home} is the home of {name}, and belongs to {user_name(found.st_uid)}. See whose it is."
            )
        closed = Folder(home, name, group_name(found.st_gid), stat.S_IMODE(found.st_mode) & ~0o077)
        yield from _permissions(closed, found, os.O_DIRECTORY)


def _members(group: str, wanted: frozenset[str], *, strict: bool, spared: str = "") -> Iterator[Difference]:
    """Who is in a group; where that is ``strict``, nobody else but the people of the group that is ``spared``."""
    entry = _group(group)
    present = set(entry.gr_mem) if entry else set()
    for name in sorted(wanted - present):
        yield Difference(
            f"{name} is not in the group {group}",
            f"{name}: now in the group {group}",
            command("gpasswd", "--add", name, group),
        )
    for name in sorted(present - wanted - (members_of(spared) if spared else set())) if strict else ():
        yield Difference(
            f"{name} is in the group {group}, and courses.toml does not say so",
            f"{name}: no longer in the group {group}",
            command("gpasswd", "--delete", name, group),
        )


def _folder(folder: Folder) -> Iterator[Difference]:
    with inside(folder.path.parent) as parent:
        found = _look(parent, folder.path.name)
        if found is None:
            yield Difference(
                f"there is no folder {folder.path}",
                f"{folder.path}: made, {_owned(folder)}",
                lambda: _make_folder(folder),
            )
            return
        if not stat.S_ISDIR(found.st_mode):
            raise SchoolError(
                f"{folder.path} is no folder, and one has to be there. Move it away, then run this again."
            )
        if folder.kept:
            return
        if is_person(found.st_uid) and found.st_uid != _number(folder.owner):
            raise SchoolError(
                f"{folder.path} was made by {user_name(found.st_uid)}, and would be {folder.owner}'s with all that was "
                "put into it. Look into it and move it away, then run this again."
            )
        yield from _permissions(folder, found, os.O_DIRECTORY)


def _file(file: File) -> Iterator[Difference]:
    with inside(file.path.parent) as parent:
        found = _look(parent, file.path.name)
        if found is None or not stat.S_ISREG(found.st_mode):
            if found is not None:
                raise SchoolError(
                    f"{file.path} is no file, and one has to be there. Move it away, then run this again."
                )
            yield Difference(
                f"there is no file {file.path}", f"{file.path}: written, {_owned(file)}", lambda: _write(file)
            )
            return
        if file.text is not None and _text(parent, file.path.name) != file.text:
            yield Difference(
                f"{file.path} is not what courses.toml makes of it", f"{file.path}: written anew", lambda: _write(file)
            )
            return
        secret = _KEY if file.signs else _SECRET
        if file.text is None and not secret.fullmatch(_text(parent, file.path.name) or ""):
            yield Difference(f"{file.path} holds no secret", f"{file.path}: written anew", lambda: _write(file))
            return
        yield from _permissions(file, found, 0)


def _others(folder: Path, planned: set[Path]) -> Iterator[Difference]:
    """What is in a folder besides what is planned: without it the server of a course that is gone cannot start."""
    with inside(folder) as descriptor:
        found = [name for name in sorted(os.listdir(descriptor)) if folder / name not in planned]  # noqa: PTH208
    for name in found:

        def remove(name: str = name) -> None:
            with inside(folder) as descriptor:
                os.unlink(name, dir_fd=descriptor)

        yield Difference(f"{folder / name} is of no course in courses.toml", f"{folder / name}: removed", remove)


def _permissions(wanted: Folder | File, found: os.stat_result, kind: int) -> Iterator[Difference]:
    owner, group = _number(wanted.owner), _group_number(wanted.group)
    if (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (owner, group, wanted.mode):
        return
    are = f"{user_name(found.st_uid)}:{group_name(found.st_gid)} {stat.S_IMODE(found.st_mode):04o}"

    def mend() -> None:
        with inside(wanted.path.parent) as parent, _opened(wanted.path.name, os.O_RDONLY | kind, parent) as descriptor:
            _own(descriptor, wanted)

    yield Difference(
        f"{wanted.path} is {are}, and should be {_owned(wanted)}", f"{wanted.path}: now {_owned(wanted)}", mend
    )


def _make_folder(folder: Folder) -> None:
    with inside(folder.path.parent) as parent:
        os.mkdir(folder.path.name, 0o700, dir_fd=parent)
        with _opened(folder.path.name, os.O_RDONLY | os.O_DIRECTORY, parent) as descriptor:
            _own(descriptor, folder)


def _write(file: File) -> None:
    """Replace a file in one step, so that it is never there in part, nor readable for others before it is theirs."""
    text = file.text
    if text is None:
        text = _private_key() if file.signs else secrets.token_hex(32) + "\n"
    content = text.encode()
    draft = f".{file.path.name}.new"
    with inside(file.path.parent) as parent:
        if _look(parent, draft) is not None:
            os.unlink(draft, dir_fd=parent)
        with _opened(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, parent) as descriptor:
            while content:
                content = content[os.write(descriptor, content) :]
            _own(descriptor, file)
            os.fsync(descriptor)
        os.replace(draft, file.path.name, src_dir_fd=parent, dst_dir_fd=parent)


def _private_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    way = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*way).decode("ascii")


def _own(descriptor: int, wanted: Folder | File) -> None:
    # The owner first: a change of owner takes setuid bits away.
    os.fchown(descriptor, _number(wanted.owner), _group_number(wanted.group))
    os.fchmod(descriptor, wanted.mode)


def _text(parent: int, name: str) -> str | None:
    with _opened(name, os.O_RDONLY, parent) as descriptor, os.fdopen(os.dup(descriptor), "rb") as stream:
        try:
            return stream.read().decode("utf-8")
        except UnicodeDecodeError:
            return None


@contextmanager
def _opened(name: str, flags: int, parent: int) -> Iterator[int]:
    descriptor = os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def inside(folder: Path) -> Iterator[int]:
    """A folder, opened part by part. Raises SchoolError where it is not there, or somebody's link is on the way."""
    descriptor = os.open("/", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in folder.absolute().parts[1:]:
            here = os.fstat(descriptor)
            roots = here.st_uid == 0 and not here.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (0 if roots else os.O_NOFOLLOW)
            try:
                deeper = os.open(part, flags, dir_fd=descriptor)
            except FileNotFoundError:
                raise MissingError(f"There is no folder {folder}.") from None
            except OSError as error:
                raise SchoolError(f"{folder} cannot be entered at '{part}': {error.strerror}.") from error
            os.close(descriptor)
            descriptor = deeper
        yield descriptor
    finally:
        os.close(descriptor)


def _look(parent: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return None


def command(*words: str) -> Callable[[], None]:
    """What runs a program of the system when it is called, and raises SchoolError with what it said where it fails."""

    def run() -> None:
        try:
            done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  (the system's own)
        except FileNotFoundError:
            raise SchoolError(f"There is no program {words[0]}. On Debian the package passwd has it.") from None
        if done.returncode:
            said = (done.stderr or done.stdout).strip() or f"it ended with {done.returncode}"
            raise SchoolError(f"{' '.join(words)}: {said}")

    return run


def _owned(wanted: Folder | File) -> str:
    return f"{wanted.owner}:{wanted.group} {wanted.mode:04o}"


def _user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _group(name: str) -> grp.struct_group | None:
    try:
        return grp.getgrnam(name)
    except KeyError:
        return None


def _number(name: str) -> int:
    entry = _user(name)
    if entry is None:
        raise MissingError(f"There is no account {name}.")
    return entry.pw_uid


def _group_number(name: str) -> int:
    entry = _group(name)
    if entry is None:
        raise MissingError(f"There is no group {name}.")
    return entry.gr_gid


def user_name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def group_name(number: int) -> str:
    """The name of a group, or its number where it has none."""
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
