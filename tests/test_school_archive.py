"""What a student puts into the exchange or their home neither stops a backup nor makes one that cannot be restored."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import stat
import tarfile
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldguide.school import SchoolError, archive, backup, doctor
from fieldguide.school.archive import MANIFEST, Archive, Writer, new_archive
from fieldguide.school.deleting import delete
from fieldguide.school.machine import inside
from fieldguide.school.planning import Places
from fieldguide.school.reading import Course

TREE = "sw101/exchange"


def written(path: Path, folder: Path, before: Callable[[Writer], None] = lambda writer: None) -> tuple[Writer, Archive]:
    """A folder as an archive, and what is read of it."""
    with new_archive(path) as writer:
        before(writer)
        writer.add_tree(TREE, folder)
        writer.finish({"courses": {"sw101": {"students": []}}})
    return writer, Archive(path)


def held(read: Archive) -> dict[str, bytes]:
    return {name: stream.read() for name, _, stream in read.files(f"{TREE}/")}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with one file as it should be."""
    place = tmp_path / "exchange"
    (place / "inbound").mkdir(parents=True)
    (place / "inbound" / "ben.ipynb").write_bytes(b"ben's")
    yield place
    with inside(tmp_path) as parent:  # pytest cannot delete what is so deep
        delete(place.name, parent)


@pytest.fixture
def of_students(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that these tests make is as if a student had made it."""
    monkeypatch.setattr(archive, "is_person", lambda number: True)


def deep(folder: Path, name: str, times: int) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(times):
        os.mkdir(name, dir_fd=here)
        deeper = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    with os.fdopen(os.open("last.txt", os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=here), "wb") as stream:
        stream.write(b"x")
    os.close(here)


@pytest.mark.parametrize(("name", "times"), [("d", 300), ("n" * 200, 30)])
def test_folders_without_end_are_named_and_cost_nothing_else(
    folder: Path, tmp_path: Path, name: str, times: int
) -> None:
    deep(folder / "inbound", name, times)
    writer, read = written(tmp_path / "a.tar.gz", folder)
    assert held(read) == {"inbound/ben.ipynb": b"ben's"}
    ((left, why),) = writer.left_out.items()
    assert left.startswith(f"{TREE}/inbound/{name}/{name}") and ("deep" in why or "long" in why)
    assert read.left_out == writer.left_out


def test_what_is_at_the_limits_comes_back(folder: Path, tmp_path: Path) -> None:
    deep(folder, "d", archive.DEEPEST - len(TREE.split("/")) - 1)
    parts = ["n" * 251] * 3
    parts.append("e" * (archive.LONGEST_NAME - len(f"{TREE}/{'/'.join(parts)}/")))
    place = folder.joinpath(*parts)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"long")
    (folder / os.fsdecode(b"M\xfcller\nx.txt")).write_bytes(b"strange")
    writer, read = written(tmp_path / "a.tar.gz", folder)
    assert not writer.left_out and not writer.unread
    found = held(read)
    assert found["/".join(parts)] == b"long" and found[os.fsdecode(b"M\xfcller\nx.txt")] == b"strange"
    assert len(found) == 4


@pytest.mark.parametrize(
    "name", [f"{TREE}{'/n' * 50}/{'n' * 250}/{'n' * 250}/{'n' * 250}/{'n' * 250}", f"{TREE}{'/d' * 63}"]
)
def test_nobody_reads_what_nobody_writes(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.tar.gz"
    with new_archive(path) as writer:
        writer.add(name, b"", "root", "root")
        writer.finish({"courses": {}})
    with pytest.raises(SchoolError, match="limit"):
        Archive(path)


def test_one_accounts_entries_have_an_end(
    folder: Path, tmp_path: Path, of_students: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_ENTRIES", 10)
    for number in range(30):
        (folder / "inbound" / f"{number}.txt").touch()
    (folder / "sub").mkdir()
    (folder / "sub" / "within.txt").touch()
    writer, read = written(tmp_path / "a.tar.gz", folder)
    assert len(read.kept) == 10
    ((_, why),) = writer.left_out.items()
    assert "10 entries" in why and "more of root's" in why


def test_a_sparse_file_is_left_out_by_what_it_says_it_holds(folder: Path, tmp_path: Path, of_students: None) -> None:
    with (folder / "huge.bin").open("wb") as stream:
        stream.truncate(20 << 30)
    writer, read = written(tmp_path / "a.tar.gz", folder)
    assert held(read) == {"inbound/ben.ipynb": b"ben's"}
    assert "2.1 GB" in writer.left_out[f"{TREE}/huge.bin"]
    assert (tmp_path / "a.tar.gz").stat().st_size < 10_000


def test_many_files_that_are_large_only_together_have_an_end(
    folder: Path, tmp_path: Path, of_students: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    for number in range(5):
        (folder / "inbound" / f"{number}.bin").write_bytes(bytes(400))
    writer, read = written(tmp_path / "a.tar.gz", folder)
    assert len(writer.left_out) == 3 and sum(map(len, held(read).values())) <= 1000


@pytest.mark.parametrize("kind", ["pipe", "link", "socket", "folder", "gone"])
def test_what_is_put_in_a_files_place_after_a_look_is_not_waited_for(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    swapped = folder / "inbound" / "swapped"
    swapped.write_bytes(b"x")
    real = os.open

    def swap(path: str, *arguments: int, **options: int) -> int:
        if path == "swapped":
            monkeypatch.setattr(os, "open", real)
            swapped.unlink()
            if kind == "pipe":
                os.mkfifo(swapped)
            elif kind == "link":
                swapped.symlink_to("/etc/shadow")
            elif kind == "folder":
                swapped.mkdir()
            elif kind == "socket":
                os.mknod(swapped, stat.S_IFSOCK | 0o600)
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", swap)
    writer, read = written(tmp_path / "a.tar.gz", folder)
    assert held(read) == {"inbound/ben.ipynb": b"ben's"} and not writer.unread
    assert [*writer.left_out] == ([] if kind == "gone" else [f"{TREE}/inbound/swapped"])


def test_a_folder_that_is_swapped_for_a_link_is_not_followed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "swapped").mkdir()
    real = os.open

    def swap(path: str, *arguments: int, **options: int) -> int:
        if path == "swapped":
            monkeypatch.setattr(os, "open", real)
            (folder / "swapped").rmdir()
            (folder / "swapped").symlink_to("/etc")
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", swap)
    writer, read = written(tmp_path / "a.tar.gz", folder)
    assert held(read) == {"inbound/ben.ipynb": b"ben's"} and not writer.unread
    assert [*writer.left_out] == [f"{TREE}/swapped"]


@pytest.mark.parametrize("what", ["file", "content", "folder", "listing", "look"])
def test_what_cannot_be_read_is_named_and_the_rest_is_kept(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    broken = folder / "broken"
    if what in ("folder", "listing"):
        broken.mkdir()
        (broken / "within.txt").write_bytes(b"within")
    else:
        broken.write_bytes(b"x")
    number = broken.stat().st_ino

    def failing(name: str, wrong: Callable[..., bool]) -> None:
        real = getattr(os, name)

        def call(*arguments: object, **options: object) -> object:
            if wrong(*arguments):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(*arguments, **options)

        monkeypatch.setattr(os, name, call)

    if what in ("file", "folder"):
        failing("open", lambda path, *rest: path == "broken")
    elif what == "look":
        failing("stat", lambda path, *rest: path == "broken")
    elif what == "listing":
        failing("scandir", lambda place: os.fstat(place).st_ino == number)
    else:
        failing("read", lambda handle, size: os.fstat(handle).st_ino == number)
    writer, read = written(tmp_path / "a.tar.gz", folder)
    assert held(read) == {"inbound/ben.ipynb": b"ben's"}
    assert writer.unread == read.unread == {f"{TREE}/broken": os.strerror(errno.EIO)}


def test_files_are_read_and_written_without_holding_them(folder: Path, tmp_path: Path) -> None:
    with (folder / "large.bin").open("wb") as stream:
        stream.truncate(60 << 20)
    tracemalloc.start()
    try:
        _, read = written(tmp_path / "a.tar.gz", folder)
        for name, _, found in read.files(f"{TREE}/"):
            if name == "large.bin":
                while found.read(1 << 20):
                    pass
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 45 << 20  # of zeros a reader of gzip unpacks ten million at once


def test_a_file_that_changes_after_it_was_looked_at_is_found_out(folder: Path, tmp_path: Path) -> None:
    _, read = written(tmp_path / "a.tar.gz", folder)
    (folder / "inbound" / "ben.ipynb").write_bytes(b"mal's")
    (tmp_path / "a.tar.gz").unlink()
    written(tmp_path / "a.tar.gz", folder)
    with pytest.raises(SchoolError, match="has changed since"):
        held(read)


def test_two_backups_into_one_file_are_one_backup(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    with new_archive(path) as writer:
        writer.add_tree(TREE, folder)
        with pytest.raises(SchoolError, match="Another backup"), new_archive(path) as other:
            other.add_tree(TREE, tmp_path)
        writer.finish({"courses": {}})
    assert held(Archive(path)) == {"inbound/ben.ipynb": b"ben's"}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.tar.gz", "exchange"]


def test_a_file_that_comes_meanwhile_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    with pytest.raises(SchoolError, match="is there already"), new_archive(path) as writer:
        writer.finish({"courses": {}})
        path.write_bytes(b"somebody's")
    assert path.read_bytes() == b"somebody's" and len([*tmp_path.iterdir()]) == 2


def test_what_a_stopped_backup_left_is_used_up_by_the_next(folder: Path, tmp_path: Path) -> None:
    (tmp_path / ".a.tar.gz.part").write_bytes(b"half of it" * 10_000)
    (tmp_path / ".a.tar.gz.part").chmod(0o644)
    _, read = written(tmp_path / "a.tar.gz", folder)
    assert held(read) == {"inbound/ben.ipynb": b"ben's"}
    assert (tmp_path / "a.tar.gz").stat().st_mode & 0o777 == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.tar.gz", "exchange"]


def test_a_full_disk_leaves_nothing_and_is_told(folder: Path, tmp_path: Path) -> None:
    with (folder / "noise.bin").open("wb") as stream:
        stream.write(os.urandom(1 << 20))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(SchoolError, match="could not be written"):
            written(tmp_path / "a.tar.gz", folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert [one.name for one in tmp_path.iterdir()] == ["exchange"]


def test_the_manifest_can_be_read_by_people(folder: Path, tmp_path: Path) -> None:
    written(tmp_path / "a.tar.gz", folder)
    with tarfile.open(tmp_path / "a.tar.gz") as found:
        stream = found.extractfile(MANIFEST)
        assert stream is not None
        text = stream.read().decode()
    assert json.loads(text)["files"][f"{TREE}/inbound/ben.ipynb"]["size"] == 5
    assert sum(f'"{TREE}/inbound' in line for line in text.splitlines()) == 2


def test_what_could_not_be_read_is_told_last_and_makes_no_backup_for_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, course, told = Places(tmp_path), Course("sw101", "Ethics", ("grace",)), list[str]()
    for place in (places.settings, places.state, places.folder(course) / "submitted"):
        place.mkdir(parents=True)
    (places.settings / "courses.toml").write_text("[school]", encoding="utf-8")

    def broken(course: Course, places: Places, writer: Writer, **options: object) -> dict[str, object]:
        writer.unread["sw101/course/x"] = "Input/output error"
        writer.left_out |= {f"sw101/exchange/{number}": "it is a pipe" for number in range(70)}
        return {"students": []}

    monkeypatch.setattr(backup, "_course", broken)
    path = tmp_path / "a.tar.gz"
    with pytest.raises(backup.IncompleteError, match=r"NOT WHOLE(.|\n)*sw101/course/x: Input/output error"):
        backup.back_up((course,), places, path, homes=False, tell=told.append)
    assert Archive(path).unread and len(Archive(path).left_out) == 70
    assert sum("it is a pipe" in line for line in told) == 50 and any("and 20 more" in line for line in told)
    assert backup.backups_made(places)[0][0]["unread"] == 1
    assert "no whole backup" in "".join(doctor.backups(course, places))
