"""One of root's commands waits for another, and says for which; courses.toml is written as a whole."""

from __future__ import annotations

import os
import stat
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from accounts import needs_root
from patience import DONE_WITHIN, seconds

from fieldguide.school import SchoolError, admin
from fieldguide.school.alone import LOCK, alone
from fieldguide.school.editing import write_settings
from fieldguide.school.planning import Places


def test_the_second_command_waits_and_is_told_for_whom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "joan")
    told: list[str] = []
    came_in = threading.Event()

    def second() -> None:
        with alone(Places(tmp_path), "fieldguide-admin roster", told.append):
            came_in.set()

    other = threading.Thread(target=second)
    with alone(Places(tmp_path), "fieldguide-admin backup", told.append):
        other.start()
        end = time.monotonic() + seconds(DONE_WITHIN)
        while not came_in.is_set() and not _somebody_waits(Places(tmp_path).state / LOCK):
            assert time.monotonic() < end
        assert not came_in.is_set()
    other.join(seconds(DONE_WITHIN))
    assert came_in.is_set()
    assert len(told) == 1 and told[0].startswith("fieldguide-admin backup is at work since 20")
    assert f"run by joan (process {os.getpid()})" in told[0]
    lock = Places(tmp_path).state / LOCK
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600 and lock.read_bytes() == b""


def _somebody_waits(lock: Path) -> bool:
    """Whether the kernel has somebody wait for a lock."""
    end = f":{lock.stat().st_ino}"
    lines = (line.split() for line in Path("/proc/locks").read_text(encoding="ascii").splitlines())
    return any("->" in words and any(word.endswith(end) for word in words) for words in lines)


def test_what_a_killed_command_left_holds_nobody_up(tmp_path: Path) -> None:
    with alone(Places(tmp_path), "fieldguide-admin apply", pytest.fail):
        left = (Places(tmp_path).state / LOCK).read_bytes()
    (Places(tmp_path).state / LOCK).write_bytes(left or b"{torn")
    with alone(Places(tmp_path), "fieldguide-admin apply", pytest.fail):
        pass


@pytest.mark.parametrize(
    ("command", "waits"),
    [
        ("init", False),
        ("apply --check", False),
        ("doctor", False),
        ("forget ana --plan", False),
        ("lms", False),
        ("people", False),
        ("modules sw101 folder --plan", False),
        ("apply", True),
        ("forget ana", True),
        ("roster sw101 class.csv", True),
        ("modules sw101 folder", True),
        ("password", True),
        ("backup --all x.tar.gz", True),
        ("restore x.tar.gz", True),
        ("course add sw102 --title x --instructor ann", True),
        ("instructor add sw101 ann", True),
        ("term new sw101 sw101-27 --archive x.tar.gz", True),
    ],
)
def test_whatever_changes_something_is_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, waits: bool
) -> None:
    asked = []

    @contextmanager
    def held(places: Places, what: str, tell):  # type: ignore[no-untyped-def]
        asked.append(what)
        raise SchoolError("somebody is at work")
        yield

    monkeypatch.setattr(admin, "alone", held)
    monkeypatch.setattr(admin, "_need_root", lambda: None)
    code = admin.main(["--root", str(tmp_path), *command.split()])
    assert asked == ([f"fieldguide-admin {command.split()[0]}"] if waits else [])
    assert code == 1 or not waits
    assert "ana" not in "".join(asked)


def test_a_link_stays_a_link_and_the_file_keeps_its_permissions(tmp_path: Path) -> None:
    real, link = tmp_path / "kept" / "school.toml", tmp_path / "courses.toml"
    real.parent.mkdir()
    real.write_text("before", encoding="utf-8")
    real.chmod(0o640)
    (real.parent / ".school.toml.new").symlink_to(tmp_path / "elsewhere")
    link.symlink_to(real)
    write_settings(link, "before", "after")
    assert link.is_symlink() and real.read_text(encoding="utf-8") == "after"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640 and [*real.parent.iterdir()] == [real]
    assert not (tmp_path / "elsewhere").exists()
    with pytest.raises(SchoolError, match="was changed meanwhile"):
        write_settings(link, "before", "another")


@needs_root
def test_whose_file_it_is_stays(tmp_path: Path) -> None:
    path = tmp_path / "courses.toml"
    path.write_text("before", encoding="utf-8")
    os.chown(path, 12, 34)
    write_settings(path, "before", "after")
    assert (path.stat().st_uid, path.stat().st_gid) == (12, 34)


def test_it_is_on_disk_before_it_is_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "courses.toml"
    path.write_text("before", encoding="utf-8")
    synced = []

    def fsync(descriptor: int) -> None:
        folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        synced.append(("folder" if folder else "file", path.read_text(encoding="utf-8")))

    monkeypatch.setattr(os, "fsync", fsync)
    write_settings(path, "before", "after")
    assert synced == [("file", "before"), ("folder", "after")]

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_settings(path, "after", "more")
    assert path.read_text(encoding="utf-8") == "after" and [*tmp_path.iterdir()] == [path]
