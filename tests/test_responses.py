"""The response record: what was saved stays, what is damaged is reported, and deleted words are gone."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide import responses
from fieldguide.responses import Found, ResponseRecord

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


def test_whoever_saves_is_told_of_another_kernels_lines_too(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    again(record).check("b", ["two"])
    again(record).save_essay("e", "Theirs")
    now = record.save("a", ["three"])
    assert (now.of("a").saved, now.of("b").attempts) == (["three"], [["two"]])
    assert record.save_essay("f", "Mine").essays.keys() == {"e", "f"}
    assert (now.of("a").saved, now.of("c").saved) == (["three"], None)
    record.save("a", ["four"])
    assert now.of("a").saved == ["three"]  # a snapshot stays as it is


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


def test_a_last_line_that_is_whole_counts_without_its_end(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    record.save("a", ["two"])
    record.path.write_bytes(record.path.read_bytes().removesuffix(b"\n"))
    reread = again(record)
    assert reread.of("a").saved == ["two"] and not reread.snapshot().cut
    record.save("a", ["three"])
    with record.path.open("ab") as file:
        file.write(b"not json\n")
    assert reread.of("a").saved == again(record).of("a").saved == ["three"]
    line = f"{record.path.name}, line 4: not readable; set aside."
    assert (reread.problems, again(record).snapshot().cut) == ([line], False)


@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n\n", b"\n"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "not ended"])
def test_other_endings_of_lines_and_a_byte_order_mark_lose_nothing(
    record: ResponseRecord, end: bytes, last: bool
) -> None:
    for number in range(1200):  # longer together than a line may be
        record.save("a", [f"{number} and so on"])
    record.save_essay("e", "Two\nlines\r\nthree")
    lines = record.path.read_bytes().splitlines()
    record.path.write_bytes(b"\xef\xbb\xbf" + end.join(lines) + (end if last else b""))
    record.essays_path.write_bytes(b"\xef\xbb\xbf" + record.essays_path.read_bytes().replace(b"\n", end))
    now = again(record).snapshot()
    assert now.of("a").saved == ["1199 and so on"] and now.essay("e")[0] == "Two\nlines\r\nthree"
    assert (now.kept, now.cut, again(record).problems) == ({"e"}, False, [])
    record.save("b", ["kept"])
    now = again(record).snapshot()
    assert (now.of("a").saved, now.of("b").saved) == (["1199 and so on"], ["kept"])


def test_a_record_in_other_endings_is_begun_anew_whole(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    record.check("p", ["first"])
    lines = record.path.read_bytes().splitlines()
    record.path.write_bytes(b"\xef\xbb\xbf" + b"\r".join([*lines, b"x" * responses.LARGEST_RECORD, *lines]))
    record.save("b", ["two"])
    now = again(record).snapshot()
    assert (now.of("a").saved, now.of("b").saved) == (["one"], ["two"])
    assert now.of("p").attempts == [["first"], ["first"]] and again(record).problems == []


def test_an_essay_without_a_time_counts(record: ResponseRecord) -> None:
    record.essays_path.write_text('{"v":1,"essays":{"e":{"text":"Mine"},"f":{"text":"Too","time":7},"g":{"txt":"?"}}}')
    now = record.snapshot()
    assert now.essay("e") == ("Mine", None) and now.essay("f") == ("Too", None)
    assert record.problems == [f"{record.essays_path.name}: what stands there for g is no text; set aside."]
    record.save_essay("h", "New")
    kept = json.loads(record.essays_path.read_text())["essays"]
    assert kept["g"] == {"txt": "?"} and kept["e"]["text"] == "Mine" and kept["h"]["text"] == "New"


def test_the_record_tells_which_essays_there_should_be(record: ResponseRecord) -> None:
    for text in ("One", "One, two", "One, two, three"):
        assert record.save_essay("e", text).kept == {"e"}
    record.save_essay("f", "Another")
    assert len(record.path.read_text().splitlines()) == 2  # once each, not at every save
    assert record.save_essay("e", " ").kept == {"f"}
    record.essays_path.unlink()
    now = again(record).snapshot()
    assert now.kept == {"f"} and now.essays == {} and now.essays_file is Found.MISSING
    assert "Another" not in record.path.read_text() and now.responses == {}


def test_what_there_is_of_a_record_is_told(record: ResponseRecord) -> None:
    assert record.snapshot().record_file is Found.MISSING
    record.path.write_bytes(b"\xef\xbb\xbf\n")
    assert record.snapshot().record_file is Found.EMPTY
    record.path.write_bytes(b"\xef\xbb\xbf\nx\n")
    assert record.snapshot().record_file is Found.READ
    with record.path.open("ab") as file:
        file.truncate(responses.LARGEST_RECORD + 1)
    assert record.snapshot().record_file is Found.UNREADABLE
    record.path.unlink()
    record.path.mkdir()
    assert record.snapshot().record_file is Found.UNREADABLE


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


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


@pytest.fixture
def usual_umask() -> Iterator[None]:
    """Files are made as they are on most systems: for all to read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("usual_umask")
def test_nobody_else_on_the_machine_can_read_the_answers(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    record.save_essay("e", "Mine")
    assert modes(record.path.parent) == {record.path.name: 0o600, record.essays_path.name: 0o600}
    record.save_essay("e", "Mine, again")
    assert set(modes(record.path.parent).values()) == {0o600}


@pytest.mark.usefixtures("usual_umask")
def test_files_that_all_could_read_are_closed_with_the_next_answer(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    record.essays_path.write_text("{ edited by hand")
    record.path.chmod(0o644)
    record.essays_path.chmod(0o644)
    record.save_essay("e", "Mine")
    with record.path.open("ab") as file:
        file.write(b"x" * responses.LARGEST_RECORD + b"\n")
    record.path.chmod(0o664)
    record.save("b", ["two"])
    found = modes(record.path.parent)
    assert len(found) == 4 and set(found.values()) == {0o600}, found


def test_a_link_in_the_place_of_a_draft_is_not_written_through(record: ResponseRecord, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (record.path.parent / f".{MODULE}.essays.json.part").symlink_to(elsewhere)
    record.save_essay("e", "Text")
    assert elsewhere.read_text() == "mine" and again(record).essay("e")[0] == "Text"


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


def test_certainty_and_settings_are_kept(record: ResponseRecord) -> None:
    record.check("a", ["one"])
    record.check("a", ["two"], "guess")
    record.set("certainty", True)
    reread = again(record)
    assert (reread.of("a").attempts, reread.of("a").certainties) == ([["one"], ["two"]], [None, "guess"])
    assert reread.snapshot().settings == {"certainty": True}
    assert reread.problems == []


def test_a_record_replaced_by_another_of_the_same_length_is_read_anew(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    assert record.of("a").saved == ["one"]
    other = record.path.with_suffix(".other")
    other.write_text(record.path.read_text().replace("one", "two"))
    other.replace(record.path)
    assert record.of("a").saved == ["two"]


def test_what_is_no_plain_file_is_not_written_to(record: ResponseRecord, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    record.path.symlink_to(elsewhere)
    with pytest.raises(OSError, match="plain file"):
        record.save("a", ["one"])
    assert elsewhere.read_text() == "mine"


def test_half_a_character_pair_can_be_saved(record: ResponseRecord) -> None:
    record.save("a", "half \ud83d")
    record.save_essay("e", "half \ud83d")
    assert again(record).of("a").saved == again(record).essay("e")[0] == "half \ufffd"


def test_a_text_too_long_to_be_read_again_is_refused_and_the_rest_stays(record: ResponseRecord) -> None:
    record.save_essay("e", "Text")
    with pytest.raises(OSError, match="too long"):
        record.save_essay("f", "x" * responses.LARGEST_ESSAYS)
    assert again(record).essay("e")[0] == "Text"


def test_a_record_of_100_mb_is_begun_anew_with_what_counts(record: ResponseRecord) -> None:
    record.save("a", ["one"])
    record.check("p", ["first"], "sure")
    with record.path.open("ab") as file:
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b"\n")
    unread = again(record)
    assert unread.of("a").saved is None and "larger" in unread.problems[0]
    again(record).save("b", ["two"])
    reread = again(record)
    assert (reread.of("a").saved, reread.of("b").saved) == (["one"], ["two"])
    assert reread.of("p").attempts == [["first"]] and reread.problems == []
    assert record.path.stat().st_size < 1000
    assert record.path.with_suffix(".damaged").stat().st_size > 100 << 20


def test_a_record_that_cannot_be_made_smaller_refuses_and_stays(record: ResponseRecord) -> None:
    lines = [f'{{"v":1,"time":"t","item":"i{n}","event":"save","response":["x"]}}\n' for n in range(80_000)]
    record.path.write_text("".join(lines))
    before = record.path.stat().st_size
    with pytest.raises(OSError, match="large"):
        record.save("a", ["one"])
    assert record.path.stat().st_size == before


TWO_KERNELS = """
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from fieldguide.responses import ResponseRecord
from fieldguide.responses import record as module
module.LARGEST_RECORD = 4096
record = ResponseRecord(Path(sys.argv[1]), sys.argv[2])
for number in range(150):
    record.save(sys.argv[3], [number])
    assert record.of(sys.argv[3]).saved == [number], number
"""


@pytest.mark.slow
def test_two_kernels_lose_nothing_while_the_record_is_begun_anew(tmp_path: Path) -> None:
    commands = [[sys.executable, "-c", TWO_KERNELS, str(tmp_path), MODULE, item] for item in ("a", "b")]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
    assert [process.communicate()[1] for process in processes] == ["", ""]
    record = ResponseRecord(tmp_path, MODULE)
    assert record.of("a").saved == record.of("b").saved == [149]
    assert list(tmp_path.glob("*.damaged*"))


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from fieldguide.responses import Found, ResponseRecord
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
record = ResponseRecord(Path(sys.argv[1]), sys.argv[2])
last = {}
for save in (record.save, record.save_essay):
    for number in range(100):
        try:
            save("a", "x" * 70 * number)
        except OSError as error:
            print(error.strerror)
            break
        last[save.__name__] = "x" * 70 * number
print(record.of("a").saved == last["save"], record.essay("a")[0] == last["save_essay"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no limits for files")
def test_on_a_full_disk_what_was_saved_stays(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path), MODULE]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == 3 and lines[2] == "True True"
    record = ResponseRecord(tmp_path, MODULE)
    assert record.of("a").saved and record.essay("a")[0] and record.problems == []
    assert not list(tmp_path.glob(".*"))


WRITER = """
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from fieldguide.responses import Found, ResponseRecord
record = ResponseRecord(Path(sys.argv[1]), sys.argv[2])
record.remove_drafts()
for number in range(int(sys.argv[3]), 100_000):
    record.save("a", [number])
    print("a", number, flush=True)
    record.save_essay("e", str(number))
    print("e", number, flush=True)
"""


@pytest.mark.slow
def test_no_response_that_was_called_saved_is_lost_to_a_kill(tmp_path: Path) -> None:
    chance = random.Random(5)
    saves = losses = 0
    saved = {"a": -1, "e": -1}
    while saves < 500:
        command = [sys.executable, "-c", WRITER, str(tmp_path), MODULE, str(saved["a"] + 1)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(chance.randrange(1, 60))]
        time.sleep(chance.random() * 0.004)
        process.send_signal(signal.SIGKILL)
        rest, _, _torn = process.stdout.read().rpartition("\n")
        told += rest.splitlines()
        process.wait()
        for item, number in map(str.split, told):
            saved[item] = int(number)
            saves += 1
        record = ResponseRecord(tmp_path, MODULE)
        response, essay = record.of("a").saved, record.essay("e")[0] or "-1"
        assert isinstance(response, list)
        losses += (response[0] < saved["a"]) + (int(essay) < saved["e"])
        # A save may have been whole before it could be told.
        saved = {"a": response[0], "e": int(essay)}
        assert not [problem for problem in record.problems if "line" not in problem]
    assert losses == 0
