"""The response record: what was saved stays, what is damaged is reported, and deleted words are gone."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.responses import ResponseRecord

MODULE = "05-questions-for-the-classroom"


@pytest.fixture
def record(tmp_path: Path) -> ResponseRecord:
    return ResponseRecord(tmp_path, MODULE)


def again(record: ResponseRecord) -> ResponseRecord:
    """The same record as a new kernel reads it."""
    return ResponseRecord(record.path.parent, MODULE)


def test_the_last_saved_response_counts(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    record.save("b", {"p": "q"})
    record.save("a", ["two"])
    assert again(record).of("a").saved == ["two"]
    assert again(record).of("b").saved == {"p": "q"}
    assert again(record).of("c").saved is None
    assert len(record.path.read_text().splitlines()) == 3


def test_attempts_are_kept_in_order(record: ResponseRecord) -> None:
    record.check("a", ["one"])
    record.check("a", ["two"])
    assert again(record).of("a").attempts == [["one"], ["two"]]


def test_another_kernels_lines_are_seen(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    assert record.of("a").saved == ["one"]
    again(record).save("a", ["two"])
    assert record.of("a").saved == ["two"]


def test_a_record_that_was_removed_or_cut_is_read_anew(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    record.save("a", ["two"])
    assert record.of("a").saved == ["two"]
    record.path.write_text(record.path.read_text().splitlines(keepends=True)[0])
    assert record.of("a").saved == ["one"]
    record.path.unlink()
    assert record.of("a").saved is None


def test_a_torn_last_line_costs_nothing_that_was_saved(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    with record.path.open("ab") as file:
        file.write(b'{"v":1,"time":"2026-11-22T10:00:00Z","item":"a","eve')
    reread = again(record)
    assert reread.of("a").saved == ["one"]
    assert reread.problems == []
    reread.save("a", ["two"])
    assert again(record).of("a").saved == ["two"]


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[1,2]",
        b'{"v":2,"item":"a","event":"save","time":"t","response":["x"]}',
        b'{"v":1,"item":7,"event":"save","time":"t"}',
        b'{"v":1,"item":"a","event":"sing","time":"t"}',
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"v":1,"item":"a","event":"save","time":"t","response":"' + b"x" * 200_000 + b'"}',
        b"9" * 10_000,
    ],
    ids=range(9),
)
def test_a_line_that_cannot_be_read_is_reported_and_set_aside(record: ResponseRecord, line: bytes) -> None:
    record.save("a", ["one"])
    with record.path.open("ab") as file:
        file.write(line + b"\n")
    record.save("b", ["two"])
    reread = again(record)
    assert reread.of("a").saved == ["one"]
    assert reread.of("b").saved == ["two"]
    assert len(reread.problems) == 1 and "line 2" in reread.problems[0]


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_no_content_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    record = ResponseRecord(tmp_path_factory.mktemp("record"), MODULE)
    record.path.write_bytes(b"\n".join(lines))
    record.essays_path.write_bytes(b"".join(lines))
    assert record.of("a").saved is None
    assert record.essay("a") == (None, None)


def test_what_is_no_plain_file_is_not_read(record: ResponseRecord, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text('{"v":1,"item":"a","event":"save","time":"t","response":["x"]}\n')
    record.path.symlink_to(elsewhere)
    record.essays_path.symlink_to(elsewhere)
    assert record.of("a").saved is None
    assert record.essay("a") == (None, None)
    assert len(record.problems) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_does_not_hold_the_reader_up(record: ResponseRecord) -> None:
    os.mkfifo(record.path)
    assert record.of("a").saved is None
    assert record.problems


def test_a_deleted_word_is_in_no_file(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    record.save_essay("e", "My client Persephone wrote to me.")
    record.save_essay("f", "Another.")
    record.save_essay("e", "A client wrote to me.")
    assert again(record).essay("e")[0] == "A client wrote to me."
    assert again(record).essay("f")[0] == "Another."
    for path in record.path.parent.rglob("*"):
        assert b"Persephone" not in path.read_bytes(), path


def test_a_draft_that_a_crash_left_is_removed(record: ResponseRecord) -> None:
    draft = record.path.parent / f".{MODULE}.essays.json.part"
    draft.write_text("Persephone")
    record.remove_drafts()
    assert not draft.exists()


def test_an_emptied_essay_is_no_response(record: ResponseRecord) -> None:
    record.save_essay("e", "Text")
    record.save_essay("e", "  \n")
    assert again(record).essay("e") == (None, None)


def test_essays_that_cannot_be_read_are_put_by_not_written_over(record: ResponseRecord) -> None:
    record.essays_path.write_text("{ edited by hand")
    record.save_essay("e", "New")
    assert again(record).essay("e")[0] == "New"
    assert record.essays_path.with_suffix(".damaged").read_text() == "{ edited by hand"


def test_a_folder_that_cannot_be_written_raises_and_keeps_what_is_there(
    record: ResponseRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.save("a", ["one"])
    before = record.path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        record.save_essay("e", "Text")
    assert not record.essays_path.exists()
    assert not list(record.path.parent.glob(".*.part"))
    assert record.path.read_bytes() == before


WRITER = """
import sys
from pathlib import Path
from fieldguide.responses import ResponseRecord
record = ResponseRecord(Path(sys.argv[1]), sys.argv[2])
for number in range(100_000):
    record.save("a", [str(number)])
    print(number, flush=True)
"""


@pytest.mark.slow
def test_no_response_that_was_called_saved_is_lost_to_a_kill(tmp_path: Path) -> None:
    chance = random.Random(5)
    saves = 0
    for _round in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), MODULE], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        last = "-1"
        for _ in range(chance.randrange(1, 60)):
            last = process.stdout.readline().strip()
            saves += 1
        process.send_signal(signal.SIGKILL)
        rest = [line for line in process.stdout.read().splitlines() if line]
        process.wait()
        last = rest[-1] if rest else last
        record = ResponseRecord(tmp_path, MODULE)
        saved = record.of("a").saved
        assert isinstance(saved, list) and int(saved[0]) >= int(last)
        lines = [json.loads(line) for line in record.path.read_text().splitlines() if line]
        assert all(line["v"] == 1 for line in lines)
    assert saves > 100
