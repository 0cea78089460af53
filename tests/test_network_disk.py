"""A record on a disk of the network, written to from two machines: nothing that was told to be saved is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from patience import seconds

from fieldguide.filesystems import is_of_network, kind_of
from fieldguide.responses import ResponseRecord, turns
from fieldguide.responses.names import RECORD

MODULE = "05-questions-for-the-classroom"
#: Saves answers as one machine does, and says each that it was told to be saved.
WRITER = """
import sys
from pathlib import Path
from fieldguide.responses import ResponseRecord

record = ResponseRecord(Path(sys.argv[1]), sys.argv[3])
for number in range(int(sys.argv[4])):
    name = f"{sys.argv[2]}-{number}"
    record.save(name, [number])
    if number % 5 == 0:
        record.save_essay(name, f"What {name} wrote.")
    print(name, flush=True)
"""


def mounted(folder: Path, at: Path, *options: str) -> subprocess.Popen[bytes]:
    at.mkdir()
    disk = Path(__file__).with_name("network_disk.py")
    process = subprocess.Popen([sys.executable, "-P", disk, folder, at, *options], stderr=subprocess.PIPE)
    until = time.monotonic() + seconds(30)
    while not at.is_mount():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            said = process.stderr.read().decode() if process.stderr else ""
            pytest.fail(f"The disk could not be mounted: {said}")
        time.sleep(0.02)
    return process


@pytest.fixture
def machines(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, Path]]:
    """The folder as each of two machines has it."""
    if sys.platform != "linux" or os.geteuid() != 0 or not Path("/dev/fuse").exists():
        pytest.skip("NOT RUN: a disk of the network can be made by root alone, on Linux with /dev/fuse")
    (folder := tmp_path / "disk").mkdir()
    both = tmp_path / "one", tmp_path / "two"
    disks = [mounted(folder, at, *getattr(request, "param", ())) for at in both]
    yield both
    for at, disk in zip(both, disks, strict=True):
        subprocess.run(["umount", "--lazy", at], check=True)
        disk.wait(seconds(30))
        assert disk.stderr
        disk.stderr.close()


@pytest.mark.parametrize("machines", [(), ("drift",)], indirect=True)
def test_what_two_machines_save_at_once_is_all_there(machines: tuple[Path, Path]) -> None:
    assert all(is_of_network(kind_of(at)) for at in machines)
    command = [sys.executable, "-P", "-c", WRITER]
    writers = [
        subprocess.Popen([*command, at, at.name, MODULE, "60"], stdout=subprocess.PIPE, text=True) for at in machines
    ]
    told = [name for writer in writers for name in writer.communicate(timeout=seconds(120))[0].split()]
    assert len(told) == 120 and not any(writer.returncode for writer in writers)
    record = ResponseRecord(machines[0], MODULE)
    found = record.snapshot()
    assert not record.problems
    assert set(found.responses) == set(told)
    assert set(found.essays) == {name for name in told if int(name.partition("-")[2]) % 5 == 0}
    left = (machines[0].parent / "disk").iterdir()
    assert {path.name.partition(".")[2] for path in left} == {"responses.jsonl", "essays.json"}


def test_a_turn_that_a_killed_server_left_ends(machines: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LEFT_AFTER", 0.3)
    one, two = (ResponseRecord(at, MODULE) for at in machines)
    one.save("first", ["a"])
    (machines[0] / f".{MODULE}.turn").write_bytes(b"of a server that is gone")
    two.save("second", ["b"])
    assert set(one.snapshot().responses) == {"first", "second"}
    assert [path.name for path in machines[0].iterdir()] == [f"{MODULE}{RECORD}"]


def test_of_two_who_wait_one_alone_ends_a_turn_that_was_left(tmp_path: Path) -> None:
    """The second comes to end it when the first has, and has begun a turn of their own."""
    first, second = turns.Turns(tmp_path, MODULE), turns.Turns(tmp_path, MODULE)
    turn = tmp_path / f".{MODULE}.turn"
    turn.write_bytes(b"left")
    first._end(b"left")
    assert first._begin(b"the first's")
    second._end(b"left")
    assert turn.read_bytes() == b"the first's" and [*tmp_path.iterdir()] == [turn]


def test_what_is_written_in_a_turn_that_was_ended_is_not_told_to_be_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "kind_of", lambda _: "nfs4")
    turn = turns.Turns(tmp_path, MODULE)
    with pytest.raises(OSError, match="busy"), turn.taken():
        (tmp_path / f".{MODULE}.turn").write_bytes(b"another's")
    assert (tmp_path / f".{MODULE}.turn").read_bytes() == b"another's"


def test_a_turn_that_never_comes_is_said_instead_of_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "kind_of", lambda _: "nfs4")
    monkeypatch.setattr(turns, "_PATIENCE", 0.1)
    (tmp_path / f".{MODULE}.turn").write_bytes(b"another's")
    with pytest.raises(OSError, match="busy"):
        ResponseRecord(tmp_path, MODULE).save("first", ["a"])


def test_a_turn_that_goes_on_is_waited_for(machines: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LEFT_AFTER", seconds(30))
    turn = turns.Turns(machines[0], MODULE)
    with turn.taken():
        writer = subprocess.Popen(
            [sys.executable, "-P", "-c", WRITER, machines[1], "other", MODULE, "1"], stdout=subprocess.PIPE, text=True
        )
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(1.5)
        assert not (machines[0] / f"{MODULE}{RECORD}").exists()
    assert writer.communicate(timeout=seconds(60))[0].split() == ["other-0"]


@pytest.mark.parametrize("machines", [("refuse",)], indirect=True)
def test_a_record_that_grew_too_large_is_kept_where_a_file_has_no_second_name(
    machines: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fieldguide.responses.record.LARGEST_RECORD", 4000)
    record = ResponseRecord(machines[0], MODULE)
    for number in range(60):
        record.save("same", [f"{number:020}"])
    assert record.snapshot().responses["same"].saved == [f"{59:020}"]
    (spare, *_) = machines[0].glob("*.damaged*")
    assert json.loads(spare.read_text("utf-8").splitlines()[0])["item"] == "same"


def test_a_disk_of_this_machine_alone_takes_no_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "kind_of", lambda _: "ext4")
    monkeypatch.setattr(turns.Turns, "_take", lambda *_: pytest.fail("it took a turn"))
    ResponseRecord(tmp_path, MODULE).save("first", ["a"])
