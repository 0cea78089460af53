"""One of root's commands waits for another, so long and no longer, and says for which; how they end; courses.toml is
written as a whole."""

from __future__ import annotations

import os
import re
import stat
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest
from accounts import needs_root
from patience import DONE_WITHIN, seconds

from fieldguide.failing import LEFT
from fieldguide.school import SchoolError, admin
from fieldguide.school.alone import LOCK, alone
from fieldguide.school.doctor import Finds
from fieldguide.school.editing import write_settings
from fieldguide.school.planning import Places
from fieldguide.school.reading import School


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
        while not told:
            assert time.monotonic() < end
            time.sleep(0.01)
        assert not came_in.is_set()
    other.join(seconds(DONE_WITHIN))
    assert came_in.is_set()
    assert len(told) == 1 and told[0].startswith("fieldguide-admin backup is at work since 20")
    assert f"run by joan (process {os.getpid()})" in told[0]
    assert told[0].endswith(
        "Waiting until it is done, 10 minutes at most; Ctrl-C stops the waiting, and nothing is changed."
    )
    lock = Places(tmp_path).state / LOCK
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600 and lock.read_bytes() == b""


@pytest.mark.parametrize(("wait", "waited"), [(0, "did not wait for it"), (1e-6, "waited 1e-06 minutes for it")])
def test_who_has_waited_long_enough_ends_in_words_and_has_changed_nothing(
    tmp_path: Path, wait: float, waited: str
) -> None:
    lock = Places(tmp_path).state / LOCK
    with alone(Places(tmp_path), "fieldguide-admin backup", pytest.fail):
        held = lock.read_bytes()
        with (
            pytest.raises(SchoolError, match=rf"backup is at work since .* {waited}, and has changed nothing"),
            alone(Places(tmp_path), "fieldguide-admin roster", lambda _: None, wait),
        ):
            pytest.fail("it came in")
        assert lock.read_bytes() == held  # the first is told of as before
    assert lock.read_bytes() == b""


def test_the_limit_is_given_before_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        admin.main(["--root", str(tmp_path), "--wait", "soon", "apply"])
    assert ended.value.code == 2 and "'soon' are no minutes. Expected a number" in capsys.readouterr().err


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
    def held(places: Places, what: str, tell, wait: float):  # type: ignore[no-untyped-def]
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


@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize(
    ("command", "done_by"),
    [
        ("modules sw101 folder", ("bring_content", lambda left: ("said", left))),
        ("modules sw101 folder --plan", ("bring_content", lambda left: ("said", left))),
        ("roster sw101 class.csv", ("take", lambda left: left)),
        ("backup sw101 x.tar.gz", ("back_up", int)),
        ("restore x.tar.gz", ("restore", int)),
        ("forget ana", ("forget_everywhere", int)),
        ("forget ana --plan", ("forget_everywhere", int)),
        ("doctor", ("examine", lambda left: Finds([], ["whether units run"] if left else []))),
    ],
)
def test_whatever_leaves_something_to_people_ends_with_the_same_code(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    done_by: tuple[str, Callable[[bool], object]],
    left: bool,
) -> None:
    name, said = done_by
    (tmp_path / "etc/fieldguide").mkdir(parents=True)
    (tmp_path / "etc/fieldguide/courses.toml").write_text(
        '[courses.sw101]\ntitle = "Ethics"\ninstructors = ["grace"]\n', encoding="utf-8"
    )
    for needed in ("_need_root", "_need_applied", "need_python_for_everybody"):
        monkeypatch.setattr(admin, needed, lambda *_: None)
    monkeypatch.setattr(admin, name, lambda *_, **__: said(left))
    assert admin.main(["--root", str(tmp_path), *command.split()]) == (LEFT if left else 0), capsys.readouterr().err


@pytest.mark.parametrize("why", [None, "systemd is not running here"])
def test_what_apply_leaves_undone_ends_with_that_code_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], why: str | None
) -> None:
    monkeypatch.setattr(admin, "_school", lambda places: School(()))
    monkeypatch.setattr(admin.running, "left", lambda *_: ["caddy.service is stopped."] if why else [])
    monkeypatch.setattr(admin.running, "why_not", lambda _: why)
    assert admin._tell_left(Places(Path("/"))) == (LEFT if why else 0)
    assert capsys.readouterr().err == (f"caddy.service is stopped.\nNot done: {why}.\n" if why else "")


def test_help_tells_how_commands_end(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        admin.main(["--help"])
    told = capsys.readouterr().out
    assert re.findall(r"^  (\d+) ", told, re.MULTILINE) == ["0", "1", "2", str(LEFT), "130"]
