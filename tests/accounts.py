"""A school's server with accounts of the system, made for a test and removed after it. Only root can have one."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldguide.bench.everybody import python_for_everybody
from fieldguide.school import SchoolError
from fieldguide.school.admin import main
from fieldguide.school.planning import Places

#: Said by every test that could not be run.
NEEDS_ROOT = "NOT RUN: needs root, as it makes accounts of the system and removes them again"

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason=NEEDS_ROOT)


class Server:
    """A school's server below a folder. Every name in ``text`` is made one of this test's by ``{tag}``."""

    def __init__(self, root: Path) -> None:
        self.tag = f"fgt{secrets.token_hex(2)}"
        self.places = Places(root)
        try:
            self.python = python_for_everybody(root / "env")
        except SchoolError as error:
            pytest.skip(f"NOT RUN: {error}")

    def name(self, text: str) -> str:
        """An account's or a course's name, with the mark of this server in it."""
        return f"{self.tag}{text}"

    def write(self, text: str) -> None:
        """Write courses.toml; in it ``@`` stands for the mark of this server."""
        self.places.settings.mkdir(parents=True, exist_ok=True)
        (self.places.settings / "courses.toml").write_text(text.replace("@", self.tag), encoding="utf-8")

    def admin(self, *command: str) -> int:
        """Run fieldguide-admin on this server, in a Python that every account can run."""
        with pytest.MonkeyPatch.context() as patch, _one_after_another():
            patch.setattr(sys, "executable", str(self.python))
            return main(["--root", str(self.places.root), *command])

    def run(self, account: str, *command: str, **options: object) -> subprocess.CompletedProcess[str]:
        """Run a program as an account, with its groups, in /."""
        words = ["setpriv", "--reuid", account, "--regid", account, "--init-groups", "--reset-env", *command]
        return subprocess.run(words, capture_output=True, text=True, cwd="/", **options)  # type: ignore[call-overload]

    def may(self, account: str, what: str, path: Path) -> bool:
        """Whether an account may read (-r), write (-w) or enter (-x) a path, as the kernel sees it."""
        return self.run(account, "test", what, str(path)).returncode == 0

    def enroll(self, name: str, *courses: str) -> None:
        """Make a student with a password, in the groups of courses (by their names without the mark)."""
        groups = ",".join(f"nbgrader-{self.name(course)}" for course in courses) or "users"
        home = self.places.homes / self.name(name)
        options = ["--create-home", "--home-dir", str(home), "--user-group", "--key", "HOME_MODE=0700"]
        subprocess.run(["useradd", *options, "--groups", groups, self.name(name)], check=True, capture_output=True)
        self.let_in(name)

    def let_in(self, name: str) -> None:
        """Give an account its password, which is its name backwards."""
        said = f"{self.name(name)}:{self.password(name)}\n"
        subprocess.run(["chpasswd"], input=said, text=True, check=True, capture_output=True)

    def password(self, name: str) -> str:
        """The password of an account."""
        return self.name(name)[::-1]

    def remove(self) -> None:
        """Remove every account and group with this server's mark, and all files.

        What stays are the groups and the account that every server has: tests that run beside this one need them.
        """
        for entry in pwd.getpwall():
            # Who signed in elsewhere has a name without it.
            if self.tag in entry.pw_name or Path(entry.pw_dir).is_relative_to(self.places.root):
                _remove_temporary(entry.pw_uid)  # before another process of tests may be given the number
                subprocess.run(["userdel", "--force", entry.pw_name], capture_output=True)
        groups = Path("/etc/group").read_text("utf-8").splitlines()
        for name in (line.split(":")[0] for line in groups):
            if self.tag in name:
                subprocess.run(["groupdel", name], capture_output=True)
        shutil.rmtree(self.places.root, ignore_errors=True)


@contextlib.contextmanager
def _one_after_another() -> Iterator[None]:
    """Of processes of tests that are in here at once one goes on: where the machine has not yet the groups that every
    server needs, both would make them."""
    folder = os.open(tempfile.gettempdir(), os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _remove_temporary(owner: int) -> None:
    """Remove an account's folders for sockets, which lie apart where the name of its home is too long for them."""
    for path in Path(tempfile.gettempdir()).glob("fieldguide-*"):
        with contextlib.suppress(FileNotFoundError):
            if path.lstat().st_uid == owner:
                shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def school_server() -> Iterator[Server]:
    """A server whose folder other accounts can enter, as they cannot pytest's."""
    root = Path(tempfile.mkdtemp(prefix="fieldguide-school-"))
    root.chmod(0o755)
    server = Server(root)
    try:
        yield server
    finally:
        server.remove()
