"""Bad input to the instructor's commands: each says what is wrong in a sentence, hangs on nothing and loses nothing."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from case_class import case_source, decided
from course import Course
from graded import with_config
from test_grading import CLASS

from fieldguide.cli import main
from fieldguide.digest.figures import LEAST

#: Where the files stand that the commands open, below the course's folder.
FILES = {
    "settings": "nbgrader_config.py",
    "settings in JSON": "nbgrader_config.json",
    "source": "source/small/small.ipynb",
    "release": "release/small/small.ipynb",
    "gradebook": "gradebook.db",
    "log": "grading-log.jsonl",
    "submitted folders": "submitted",
    "graded notebook": "autograded/s00/small/small.ipynb",
    "graded folder": "autograded/s00/small",
    "graded folders": "autograded",
    "feedback": "feedback/s00/small/small.html",
    "feedback folders": "feedback",
    "sheet": "sheet.csv",
    "new sheet": "out/new.csv",
    "folder of new sheet": "out",
    "page": "digests/small/thursday.html",
    "reasons": "digests/small/thursday.reasons.csv",
    "digests": "digests",
}
COMMANDS = {
    "grade": ["grade", "small"],
    "feedback": ["feedback", "small"],
    "score": ["score", "small", "sheet.csv"],
    "score --new": ["score", "small", "out/new.csv", "--new"],
    "digest": ["digest", "small", "thursday"],
}
#: What has to be named where it is not the file.
MENTIONED = {"graded notebook": "s00", "graded folder": "s00", "graded folders": "autograded", "feedback": "s00"}
LARGE = 1 << 40


def _absent(path: Path) -> None:
    pass


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere/at-all")


def _writes(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGE)


#: What can stand in a file's place. ``cut`` keeps the first half of it.
DAMAGES: dict[str, Callable[[Path], None]] = {
    "absent": _absent,
    "folder": Path.mkdir,
    "pipe": _pipe,
    "dangling": _dangling,
    "empty": _writes(b""),
    "text": _writes(b"Dear colleague,\nthis is no such file.\n"),
    "cut": _absent,
    "list": _writes(b"[]"),
    "lacks": _writes(b"{}"),
    "cells": _writes(b'{"cells": [1], "metadata": {"fieldguide": {}}}'),
    "bytes": _writes(b"\xff\xfe\x00\x01" * 40),
    "huge": _huge,
    "unreadable": _absent,
}
with tempfile.NamedTemporaryFile() as _probe:
    Path(_probe.name).chmod(0)
    if os.access(_probe.name, os.R_OK):
        del DAMAGES["unreadable"]  # root reads it all the same

ANY = set(DAMAGES)
NOT_PLAIN = {"folder", "pipe", "dangling", "huge", "unreadable"} & ANY
CONTENT = ANY - NOT_PLAIN - {"absent"}
#: command, file, and which damages stop it. With others it goes on, with 0, or with 3 where there is something to say.
TABLE: list[tuple[str, str, set[str]]] = [
    *((command, "settings", NOT_PLAIN | {"text", "bytes"}) for command in COMMANDS),
    *((command, "settings in JSON", NOT_PLAIN | CONTENT - {"lacks", "cells"}) for command in COMMANDS),
    *((command, "source", ANY) for command in COMMANDS if command != "feedback"),
    *((command, "gradebook", ANY) for command in COMMANDS if command != "digest"),
    ("grade", "release", set()),
    ("grade", "log", set()),
    ("grade", "submitted folders", ANY - {"absent", "folder"}),
    ("grade", "graded notebook", {"folder"}),
    ("grade", "graded folder", ANY - {"absent", "folder"}),
    ("grade", "graded folders", ANY - {"absent", "folder"}),
    ("feedback", "graded notebook", ANY),
    ("feedback", "graded folder", ANY),
    ("feedback", "graded folders", ANY),
    ("feedback", "feedback", {"folder"}),
    ("feedback", "feedback folders", ANY - {"absent", "folder"}),
    ("score", "sheet", ANY),
    ("score --new", "new sheet", ANY - {"absent"}),
    ("score --new", "folder of new sheet", ANY - {"folder"}),
    ("score", "log", set()),
    ("score --new", "graded notebook", ANY),
    ("digest", "submitted folders", ANY - {"absent", "folder"}),
    ("digest", "page", {"folder"}),
    ("digest", "reasons", ANY - {"absent"}),
    ("digest", "digests", ANY - {"absent", "folder"}),
]
CASES = [(command, file, damage, damage in stops) for command, file, stops in TABLE for damage in DAMAGES]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course in which every command has run once, on a class of the fewest that a digest is made of."""
    folder = tmp_path_factory.mktemp("whole")
    course = Course(folder / "course", "small", case_source(folder))
    course.generate()
    with_config(course)
    (course.root / FILES["settings in JSON"]).write_text('{"CourseDirectory": {"groupshared": false}}', "utf-8")
    for number in range(LEAST):
        record = {**CLASS["right"], "thursday": decided("speak", share=True)}
        course.submit(f"s{number:02}", record, {"the-group-chat": f"I would ask, {number} times."})
    (course.root / "sheet.csv").write_text(
        "student,item,criterion,points\n"
        + "".join(f"s00,the-group-chat,{name},1\n" for name in ("people", "decision")),
        encoding="utf-8",
    )
    (course.root / "out").mkdir()
    for command in ("grade", "feedback", "digest"):
        assert main(["--project", str(course.root), *COMMANDS[command]]) in (0, 3)
    return course


def put_in_place(path: Path, damage: str) -> None:
    """Put in a file's place what a damage makes of it."""
    if damage == "unreadable":
        path.touch()
        path.chmod(0)
        return
    half = path.read_bytes()[: path.stat().st_size // 2] if path.is_file() else b""
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    DAMAGES[damage](path)
    if damage == "cut":
        path.write_bytes(half)


def state_of(root: Path | str) -> dict[str, object]:
    """Every file below a folder: its kind, its size, and its content where that is small."""
    found: dict[str, object] = {}
    for entry in os.scandir(root):
        about = entry.stat(follow_symlinks=False)
        small = stat.S_ISREG(about.st_mode) and about.st_size < LARGE and os.access(entry, os.R_OK)
        content = Path(entry).read_bytes() if small else None
        found[entry.name] = (about.st_mode, content, 0 if entry.is_dir() else about.st_size)
        if entry.is_dir(follow_symlinks=False) and os.access(entry, os.R_OK | os.X_OK):
            found |= {f"{entry.name}/{name}": state for name, state in state_of(entry.path).items()}
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("no_hanging")
@pytest.mark.parametrize(("command", "file", "damage", "stops"), CASES)
def test_a_command_tells_what_is_wrong_and_loses_nothing(
    whole: Course,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    file: str,
    damage: str,
    stops: bool,
) -> None:
    root = whole.copy(tmp_path / "course", stock=False).root
    monkeypatch.chdir(root)
    if file == "log":
        (root / FILES["source"]).write_text(
            (root / FILES["source"]).read_text("utf-8").replace("key: wait", "key: reply"), "utf-8"
        )
    put_in_place(root / FILES[file], damage)
    before = state_of(root)
    code = main(["--project", str(root), *COMMANDS[command]])
    said = capsys.readouterr()
    told = said.err + said.out
    assert "Traceback" not in told and " object at 0x" not in told
    if not stops:
        assert code in (0, 3), told
        return
    assert code == 1, told
    assert MENTIONED.get(file, Path(FILES[file]).name) in told
    after = state_of(root)
    assert set(before) <= set(after)
    if FILES[file] in before:  # whatever it is, its owner may want it
        assert after[FILES[file]] == before[FILES[file]]
    if said.out == "":  # refused as a whole, and not for one student
        assert after == before
        assert len(said.err.splitlines()) <= 3


@pytest.mark.parametrize("command", COMMANDS)
def test_a_project_that_is_not_there_is_told(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(tmp_path / "nowhere"), *COMMANDS[command]]) == 1
    assert capsys.readouterr().err == f"There is no folder {tmp_path / 'nowhere'}.\n"


def test_a_project_that_cannot_be_entered_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, loop, gone = (tmp_path / name for name in ("file", "loop", "gone"))
    file.touch()
    loop.symlink_to(loop)
    gone.mkdir()

    def told(project: Path | None) -> str:
        named = [] if project is None else ["--project", str(project)]
        assert main([*named, "build"]) == 1
        return capsys.readouterr().err

    assert told(file) == f"{file} is no folder. Name the project's folder with --project.\n"
    assert told(file / "below") == f"{file / 'below'} cannot be entered: Not a directory.\n"
    assert told(loop) == f"{loop} cannot be entered: its links lead in a circle.\n"
    long = tmp_path / ("n" * 300)
    assert told(long) == f"{long} cannot be entered: File name too long.\n"
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert told(None).startswith("The folder in which this was called is no longer there.")
    assert told(Path("x")).startswith("The folder in which this was called is no longer there.")
    assert told(tmp_path).startswith(f"{tmp_path} has no folder 'modules'.")


def test_a_project_that_this_account_may_not_enter_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    own = os.geteuid()
    with tempfile.TemporaryDirectory() as place:  # which another account can reach, as it cannot pytest's
        closed = Path(place).resolve() / "closed"
        (closed / "inner").mkdir(parents=True)
        Path(place).chmod(0o755)
        closed.chmod(0)
        if own == 0:  # whom no permission keeps out
            os.seteuid(65534)
        try:
            for folder in (closed, closed / "inner"):
                assert main(["--project", str(folder), "build"]) == 1
                assert capsys.readouterr().err == f"{folder} cannot be entered: Permission denied.\n"
        finally:
            os.seteuid(own)
            closed.chmod(0o700)


@pytest.mark.parametrize("url", ["nonsense", "nodatabase://x/y", "sqlite:////tmp", "postgresql+nodriver://x/y"])
def test_an_address_that_is_no_gradebooks_is_told(
    whole: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    course = whole.copy(tmp_path / "course", stock=False)
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"c.CourseDirectory.db_url = {url!r}\n")
    for command in ("grade", "feedback"):
        assert main(["--project", str(course.root), *COMMANDS[command]]) == 1
        said = capsys.readouterr()
        assert said.out == "" and re.match("The gradebook's address|There is no gradebook at", said.err)


def test_settings_that_end_the_program_are_named(
    whole: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = whole.copy(tmp_path / "course", stock=False)
    (course.root / "nbgrader_config.py").write_text("raise SystemExit(0)\n", encoding="utf-8")
    assert main(["--project", str(course.root), "grade", "small"]) == 1
    assert "nbgrader_config.py could not be read" in capsys.readouterr().err
