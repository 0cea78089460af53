"""A course's content in one file: the same to the byte, refused where anything is wrong, and a course begun from it."""

from __future__ import annotations

import io
import json
import shutil
import stat
import tarfile
from pathlib import Path

import pytest
from conftest import MODULE, PROJECT

from fieldguide.cli import main
from fieldguide.content.archive import Content, gather, pack, read_content, unpack
from fieldguide.content.brought import read_brought
from fieldguide.content.files import digest_in
from fieldguide.grading.course import Course, CourseError


@pytest.fixture(scope="module")
def content() -> Content:
    return gather(PROJECT)


@pytest.fixture(scope="module")
def packed(content: Content) -> bytes:
    return pack(content)


def with_members(packed: bytes, change: dict[str, bytes | None], *more: tarfile.TarInfo) -> bytes:
    """The file with other members: changed, left out (None), and more of them at the end."""
    made = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(packed)) as old, tarfile.open(fileobj=made, mode="w") as new:
        for member in old:
            data = change.get(member.name, old.extractfile(member).read())  # type: ignore[union-attr]
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
        for member in more:
            new.addfile(member, io.BytesIO(b"x" * member.size))
    return made.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.size = kind, 1 if kind == tarfile.REGTYPE else 0
    made.linkname = "/etc/passwd" if kind == tarfile.SYMTYPE else ""
    return made


def test_the_same_content_is_the_same_file_whenever_and_wherever_it_is_packed(packed: bytes, tmp_path: Path) -> None:
    for name in ("source", "modules"):
        shutil.copytree(PROJECT / name, tmp_path / name, copy_function=shutil.copyfile)  # with other times
    shutil.copy(PROJECT / "nbgrader_config.py", tmp_path)
    (tmp_path / "source" / MODULE / ".ipynb_checkpoints").mkdir()
    (tmp_path / "source" / MODULE / ".ipynb_checkpoints" / "x.ipynb").write_text("{}")
    (tmp_path / "source" / MODULE / "link").symlink_to("/etc/passwd")
    assert pack(gather(tmp_path)) == packed
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        assert {(one.mtime, one.uid, one.gid, one.uname, one.mode) for one in archive} == {(0, 0, 0, "", 0o600)}


def test_the_manifest_tells_of_each_module_and_question(packed: bytes, content: Content) -> None:
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        first = archive.next()
        assert first is not None and first.name == "manifest.json"
        told = json.loads(archive.extractfile(first).read())  # type: ignore[union-attr]
    assert told["version"] == content.version and len(told["modules"]) == 8
    about = told["modules"][MODULE]
    assert about["title"] == "Questions for the classroom"
    one = about["items"]["which-standard-speaks"]
    assert (one["use"], one["points"], len(one["sha256"])) == ("graded", 2.0, 64)
    assert unpack(packed, "it").files == content.files


def test_a_course_is_begun_from_it_for_its_owner_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Content
) -> None:
    file, folder = tmp_path / "content.tar", tmp_path / "sw101"
    assert main(["--project", str(PROJECT), "course", "pack", "--to", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "give it to nobody but instructors" in capsys.readouterr().out
    assert main(["course", "new", str(folder), "--content", str(file)]) == 0
    said = capsys.readouterr()
    assert f"8 modules, version {content.version}" in said.out and said.err == ""
    assert [path for path in (folder, *folder.rglob("*")) if stat.S_IMODE(path.stat().st_mode) & 0o077] == []
    assert digest_in(folder / "source" / MODULE) == digest_in(PROJECT / "source" / MODULE)
    assert Course(folder).find_module("05") == MODULE
    assert (folder / "nbgrader_config.py").read_bytes() == (PROJECT / "nbgrader_config.py").read_bytes()
    brought = read_brought(folder)
    assert brought.version == content.version
    assert brought.modules[MODULE] == digest_in(folder / "source" / MODULE)
    assert pack(gather(folder)) == file.read_bytes()  # a course folder packs to what it was made from
    assert main(["course", "new", str(folder), "--content", str(file)]) == 1
    assert "is there already, and nothing in it was changed" in capsys.readouterr().err
    assert main(["--project", str(PROJECT), "course", "pack", "--to", str(file)]) == 1
    assert "is there already" in capsys.readouterr().err
    file.chmod(0o644)
    assert main(["course", "new", str(tmp_path / "other"), "--content", str(file)]) == 0
    assert f"chmod 600 {file}" in capsys.readouterr().err


def test_what_was_stopped_leaves_no_half_of_a_course(
    tmp_path: Path, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldguide.content import beginning

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "x"))

    monkeypatch.setattr(beginning, "write_brought", full)
    with pytest.raises(OSError, match="No space left"):
        beginning.begin_course(tmp_path / "sw101", content)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CourseError, match="There is no folder"):
        beginning.begin_course(tmp_path / "no" / "sw101", content)


def test_building_in_a_course_folder_takes_no_notebook_away(tmp_path: Path, packed: bytes) -> None:
    from fieldguide.content.beginning import begin_course

    begin_course(tmp_path / "sw101", unpack(packed, "it"))
    assert main(["--project", str(tmp_path / "sw101"), "build"]) == 1
    assert (tmp_path / "sw101" / "source" / MODULE / f"{MODULE}.ipynb").is_file()


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda whole: whole[: len(whole) // 2], "it is cut off, damaged"),
        (lambda whole: b"", "it is cut off, damaged"),
        (lambda whole: b"PK\x03\x04 and so on", "it is cut off, damaged"),
        (lambda whole: whole.replace(b"CourseDirectory", b"courseDirectory").replace(b"Why", b"why"), "checksum"),
        (lambda whole: with_members(whole, {"nbgrader_config.py": None}), "'nbgrader_config.py' is not in it"),
        (lambda whole: with_members(whole, {}, member("source/05-x/../../x")), "out of place"),
        (lambda whole: with_members(whole, {}, member("/etc/cron.d/x")), "out of place"),
        (lambda whole: with_members(whole, {}, member("source/.hidden/x")), "out of place"),
        (lambda whole: with_members(whole, {}, member("gradebook.db")), "out of place"),
        (lambda whole: with_members(whole, {}, member("nbgrader_config.py")), "out of place"),
        (lambda whole: with_members(whole, {}, member("source/05-x/x.ipynb")), "has another checksum"),
        (lambda whole: with_members(whole, {}, member("source/05-x/x", tarfile.SYMTYPE)), "no plain file"),
        (lambda whole: with_members(whole, {"manifest.json": None}), "it holds no content of a course"),
        (lambda whole: with_members(whole, {"manifest.json": b"[]"}), "it holds no content of a course"),
        (lambda whole: with_members(whole, {"manifest.json": b'{"fieldguide_content": 9}'}), "update Field Guide"),
        (lambda whole: with_members(whole, {"manifest.json": b'{"fieldguide_content": 1}'}), "cut off, damaged"),
    ],
)
def test_a_file_with_anything_wrong_is_refused_and_nothing_made(  # type: ignore[no-untyped-def]
    tmp_path: Path, packed: bytes, broken, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "content.tar"
    file.write_bytes(broken(packed))
    file.chmod(0o600)
    assert main(["course", "new", str(tmp_path / "sw101"), "--content", str(file)]) == 1
    said = capsys.readouterr().err
    assert says in said and f"{file} was not taken" in said and "Traceback" not in said
    assert not (tmp_path / "sw101").exists()


def test_a_file_that_is_not_there_and_a_folder_without_modules_are_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="could not be read: No such file"):
        read_content(tmp_path / "none.tar")
    with pytest.raises(CourseError, match="There are no modules in"):
        gather(tmp_path)
    (tmp_path / "source" / "05-x").mkdir(parents=True)
    (tmp_path / "source" / "05-x" / "05-x.ipynb").write_text('{"cells": [{}]}')
    with pytest.raises(CourseError, match=r"source/05-x/05-x\.ipynb cannot be read"):
        pack(gather(tmp_path))
