"""The exchange as the course page uses it: fetching, handing in, feedback, and every way in which that goes wrong."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import shutil
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT
from nbgrader.utils import notebook_hash

from fieldguide.coursepage import exchange, steps
from fieldguide.coursepage.exchange import ExchangeTroubleError, StudentExchange
from fieldguide.coursepage.listing import Changes, Listing
from fieldguide.coursepage.steps import EARLIER, take
from fieldguide.courseplan import PLAN_FILE, Plan, Planned
from fieldguide.responses import ResponseRecord
from fieldguide.words import Words

MODULE = "03-code-of-ethics"


class Class:
    """A folder exchange with a released module, and one student's root folder."""

    def __init__(self, folder: Path) -> None:
        self.root, self.exchange = folder / "home", folder / "exchange"
        self.root.mkdir()
        for place in ("outbound", "inbound", "feedback"):
            (self.exchange / "ethics" / place).mkdir(parents=True)
        self.outbound = self.exchange / "ethics" / "outbound" / MODULE
        shutil.copytree(PROJECT / "release" / MODULE, self.outbound)
        self.own = self.root / MODULE
        self.write_settings(f"c.Exchange.root = {str(self.exchange)!r}\n")

    def write_settings(self, text: str) -> None:
        start = "c = get_config()\nc.CourseDirectory.course_id = 'ethics'\nc.CourseDirectory.student_id = 'ana'\n"
        (self.root / "nbgrader_config.py").write_text(start + text, encoding="utf-8")

    def take(self, step: str, module: str = MODULE) -> dict[str, Any]:
        """Take a step as the process of its own does."""
        there = Path.cwd()
        os.chdir(self.root)
        try:
            return take(self.root, step, module)
        finally:
            os.chdir(there)

    def listing(self) -> Listing:
        return Listing.from_json(self.take("look", "")["listing"])

    def answer(self) -> ResponseRecord:
        record = ResponseRecord(self.own, MODULE)
        record.save("an-answer", "mine")
        record.save_essay("an-essay", "My own words.")
        return record

    def release_again(self, old: str, new: str) -> None:
        path = self.outbound / f"{MODULE}.ipynb"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def return_feedback(self) -> None:
        """What releasing feedback leaves in the exchange."""
        (copy,) = (self.exchange / "ethics" / "inbound").iterdir()
        secret = (copy / "submission_secret.txt").read_text()
        name = notebook_hash(secret=secret, notebook_id=MODULE)
        (self.exchange / "ethics" / "feedback" / f"{name}.html").write_text("Well done.", encoding="utf-8")


@pytest.fixture
def a_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Class:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return Class(tmp_path)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# -- what a student does -----------------------------------------------------------------------------------


def test_a_released_module_is_fetched_whole_and_nothing_else_is_left(a_class: Class) -> None:
    (before,) = a_class.listing().modules
    assert (before.course, before.module, before.folder) == ("ethics", MODULE, MODULE)
    assert before.released and not before.fetched
    told = a_class.take("fetch")
    assert files(a_class.own) == files(a_class.outbound)
    (after,) = Listing.from_json(told["listing"]).modules
    assert after.fetched and not after.missing and not after.changes
    assert sorted(path.name for path in a_class.root.iterdir()) == [MODULE, "nbgrader_config.py"]


def test_what_is_missing_of_a_module_comes_back_and_answers_stay(a_class: Class) -> None:
    a_class.take("fetch")
    a_class.answer()
    (a_class.own / f"{MODULE}.ipynb").unlink()
    (data, *_) = sorted((a_class.own / "data").iterdir())
    data.unlink()
    before = files(a_class.own)
    lacks = (f"{MODULE}.ipynb", f"data/{data.name}")
    assert a_class.listing().modules[0].missing == lacks
    assert tuple(a_class.take("fetch")["added"]) == lacks
    after = files(a_class.own)
    assert {name: after[name] for name in before} == before
    assert {name: after[name] for name in lacks} == {name: files(a_class.outbound)[name] for name in lacks}


def test_a_module_that_is_there_is_not_written_over_by_fetching_it_again(a_class: Class) -> None:
    a_class.take("fetch")
    a_class.release_again("Code of Ethics", "Code of ethics")
    before = files(a_class.own)
    assert a_class.take("fetch")["added"] == []
    assert files(a_class.own) == before


def test_a_module_released_again_is_told_and_taken_only_when_asked_for(a_class: Class) -> None:
    a_class.take("fetch")
    record = a_class.answer()
    notebook = a_class.own / f"{MODULE}.ipynb"
    own = json.loads(notebook.read_text("utf-8"))
    own["cells"].append({"cell_type": "markdown", "id": "my-note", "metadata": {}, "source": "A note of mine."})
    notebook.write_text(json.dumps(own), encoding="utf-8")  # as JupyterLab saves it, with a cell of the student's
    assert a_class.listing().modules[0].changes == Changes()
    cell = next(cell for cell in own["cells"] if cell["id"].startswith("item-"))
    a_class.release_again(json.dumps(cell["source"][-1])[1:-1], json.dumps(cell["source"][-1] + " Mended.")[1:-1])
    assert a_class.listing().modules[0].changes == Changes((cell["id"].removeprefix("item-"),))
    answers = {path: path.read_bytes() for path in (record.path, record.essays_path)}
    told = a_class.take("renew")
    assert notebook.read_bytes() == (a_class.outbound / notebook.name).read_bytes()
    assert {path: path.read_bytes() for path in answers} == answers
    assert told["aside"].startswith(f"{EARLIER}/{MODULE} until ")
    assert "A note of mine." in (a_class.root / told["aside"]).read_text("utf-8")
    assert not Listing.from_json(told["listing"]).modules[0].changes


def test_no_file_of_answers_is_taken_from_a_release(a_class: Class) -> None:
    a_class.take("fetch")
    record = a_class.answer()
    before = record.path.read_bytes()
    (a_class.outbound / record.path.name).write_text("somebody else's", encoding="utf-8")
    a_class.release_again("Code of Ethics", "Code of ethics")
    assert "trouble" not in a_class.take("renew")
    assert record.path.read_bytes() == before


def test_a_notebook_that_students_write_in_is_never_replaced(a_class: Class) -> None:
    plain = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook = a_class.outbound / f"{MODULE}.ipynb"
    notebook.write_text(json.dumps(plain), encoding="utf-8")
    a_class.take("fetch")
    own = a_class.own / notebook.name
    own.write_text(json.dumps(plain | {"cells": [{"id": "1", "source": "My work", "metadata": {}}]}), encoding="utf-8")
    notebook.write_text(json.dumps(plain | {"nbformat_minor": 4}), encoding="utf-8")
    assert a_class.take("renew")["trouble"] == "own_work"
    assert "My work" in own.read_text("utf-8")


def test_what_is_handed_in_is_listed_with_its_time_and_its_feedback(a_class: Class) -> None:
    a_class.take("fetch")
    record = a_class.answer()
    told = a_class.take("submit")
    (copy,) = (a_class.exchange / "ethics" / "inbound").iterdir()
    assert (copy / record.path.name).read_bytes() == record.path.read_bytes()
    (handed_in,) = Listing.from_json(told["listing"]).modules[0].submissions
    assert handed_in.time == told["time"] and not handed_in.waiting and handed_in.feedback is None
    assert a_class.take("feedback")["listing"]["modules"][0]["submissions"][0]["feedback"] is None
    a_class.return_feedback()
    (waiting,) = a_class.listing().modules[0].submissions
    assert waiting.waiting
    a_class.take("feedback")
    (fetched,) = a_class.listing().modules[0].submissions
    assert fetched.feedback is not None and not fetched.waiting
    assert (a_class.root / fetched.feedback / f"{MODULE}.html").read_text("utf-8") == "Well done."


def test_a_module_that_was_taken_back_stays_listed_for_whoever_handed_it_in(a_class: Class) -> None:
    a_class.take("fetch")
    a_class.take("submit")
    shutil.rmtree(a_class.outbound)
    (listed,) = a_class.listing().modules
    assert not listed.released and len(listed.submissions) == 1


def test_a_folder_with_the_courses_name_is_where_the_settings_say(a_class: Class) -> None:
    a_class.write_settings(f"c.Exchange.root = {str(a_class.exchange)!r}\nc.Exchange.path_includes_course = True\n")
    a_class.take("fetch")
    (listed,) = a_class.listing().modules
    assert listed.folder == f"ethics/{MODULE}" and listed.fetched
    assert files(a_class.root / listed.folder) == files(a_class.outbound)


def test_due_dates_and_modules_to_come_are_told_as_they_are_now(a_class: Class) -> None:
    def plan(written: datetime, due: datetime) -> None:
        modules = (Planned(MODULE, "The Code", 80, due), Planned("04-later", "Later", 90))
        (a_class.outbound / PLAN_FILE).write_text(Plan(written, modules).text(), encoding="utf-8")

    plan(datetime(2026, 11, 1), datetime(2026, 12, 1, 23, 59))
    a_class.take("fetch")
    plan(datetime(2026, 11, 2), datetime(2026, 12, 8, 23, 59))  # moved after it was fetched
    now, later = a_class.listing().modules
    assert (now.title, now.minutes, now.due) == ("The Code", 80, "2026-12-08T23:59:00.000000Z")
    assert (later.module, later.released, later.fetched) == ("04-later", False, False)
    (a_class.own / PLAN_FILE).unlink()
    assert a_class.listing().modules[0].missing == ()


# -- what goes wrong ---------------------------------------------------------------------------------------


def _no_exchange(a_class: Class) -> None:
    shutil.rmtree(a_class.exchange)


def _withdrawn(a_class: Class) -> None:
    shutil.rmtree(a_class.outbound)


def _broken_settings(a_class: Class) -> None:
    a_class.write_settings("1 / 0\n")


def _never_connected(a_class: Class) -> None:
    a_class.write_settings("")


TROUBLES: list[tuple[str, Callable[[Class], None], str]] = [
    ("look", _no_exchange, "unreachable"),
    ("fetch", _no_exchange, "unreachable"),
    ("submit", _no_exchange, "unreachable"),
    ("fetch", _withdrawn, "withdrawn"),
    ("submit", _withdrawn, "withdrawn"),
    ("renew", _withdrawn, "withdrawn"),
    ("look", _broken_settings, "settings"),
    ("look", _never_connected, "no_exchange"),
]


@pytest.mark.parametrize(("step", "happens", "trouble"), TROUBLES)
def test_each_trouble_is_told_by_its_name_and_costs_no_answer(
    a_class: Class, step: str, happens: Callable[[Class], None], trouble: str
) -> None:
    a_class.take("fetch")
    a_class.answer()
    before = files(a_class.own)
    happens(a_class)
    if step == "fetch":
        (a_class.own / f"{MODULE}.ipynb").unlink()
        before = files(a_class.own)
    assert a_class.take(step) == {"trouble": trouble}
    assert files(a_class.own) == before
    assert [path.name for path in a_class.root.iterdir() if path.name.startswith(".")] == []


def test_a_full_disk_leaves_no_half_module(a_class: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: str, target: str, **_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), target)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copy2", full)
        patch.setattr(shutil.copytree, "__defaults__", (False, None, full, False, False))
        assert a_class.take("fetch") == {"trouble": "disk_full"}
    assert [path.name for path in a_class.root.iterdir()] == ["nbgrader_config.py"]
    assert "trouble" not in a_class.take("fetch")


def test_a_full_disk_while_taking_a_new_version_keeps_the_old_one(
    a_class: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_class.take("fetch")
    a_class.answer()
    a_class.release_again("Code of Ethics", "Code of ethics")
    before = files(a_class.own)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert a_class.take("renew") == {"trouble": "disk_full"}
    assert files(a_class.own) == before


def test_an_exchange_that_may_not_be_written_to_is_told(a_class: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    can = os.access

    def closed(path: Any, mode: int) -> bool:
        return can(path, mode) and not (Path(path) == a_class.exchange and mode & os.W_OK)

    monkeypatch.setattr(os, "access", closed)
    assert a_class.take("look") == {"trouble": "no_permission"}


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_what_the_system_forbids_is_told(a_class: Class, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    a_class.take("fetch")

    def forbidden(*_: object, **__: object) -> None:
        raise shutil.Error([("a", "b", f"[Errno {number}] {os.strerror(number)}: 'b'")])

    monkeypatch.setattr(shutil, "copytree", forbidden)
    assert a_class.take("submit") == {"trouble": "no_permission"}


def test_what_is_too_large_to_hand_in_is_told(a_class: Class) -> None:
    a_class.take("fetch")
    with (a_class.own / "holiday.mp4").open("wb") as file:
        file.truncate(200 * 10**6)
    assert a_class.take("submit") == {"trouble": "too_large"}


def test_a_service_that_cannot_be_reached_is_told(a_class: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbgrader.exchange.default import ExchangeList

    def gone(_: object) -> None:
        raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")

    monkeypatch.setattr(ExchangeList, "start", gone)
    assert a_class.take("look") == {"trouble": "unreachable"}


def test_every_trouble_has_a_sentence_that_says_what_to_do() -> None:
    source = Path(steps.__file__).read_text("utf-8") + Path(steps.__file__).with_name("exchange.py").read_text("utf-8")
    words = Words("exchange").words()
    for name in words:
        base = name.removesuffix("_submit")
        assert f'"{base}"' in source, f"nobody says {name}"
    for step in ("look", "fetch", "submit"):
        assert ExchangeTroubleError("unreachable", step).sentence
    assert ExchangeTroubleError("failed", "submit").sentence == words["failed_submit"]
    assert ExchangeTroubleError("failed", "look").sentence == words["failed"]


# -- the process -------------------------------------------------------------------------------------------


@pytest.fixture
def run(a_class: Class) -> Callable[..., Any]:
    """Does something with the exchange of a server that runs as long as it takes."""

    def runs(what: Callable[[StudentExchange], Coroutine[Any, Any, object]], **how: Any) -> object:
        async def whole() -> object:
            exchange = StudentExchange(a_class.root, logging.getLogger("test"), **how)
            try:
                return await what(exchange)
            finally:
                await exchange.close()

        return asyncio.run(whole())

    return runs


def test_a_server_fetches_and_hands_in_in_a_process_of_its_own(a_class: Class, run: Any) -> None:
    async def whole(exchange: StudentExchange) -> None:
        assert exchange.last() is None
        (one,) = (await exchange.look()).modules
        assert one.released
        await exchange.fetch(MODULE)
        done = await exchange.submit(MODULE)
        assert done.time == done.listing.modules[0].submissions[0].time
        with pytest.raises(ExchangeTroubleError, match="withdrawn"):
            await exchange.fetch("09-no-such-module")
        assert exchange.last() == done.listing

    run(whole)

    async def again(exchange: StudentExchange) -> Listing | None:
        return exchange.last()

    kept = run(again)
    assert kept is not None and kept.modules[0].fetched


def test_steps_asked_for_at_once_are_taken_one_after_the_other(a_class: Class, run: Any) -> None:
    async def both(exchange: StudentExchange) -> None:
        first, second = await asyncio.gather(exchange.fetch(MODULE), exchange.fetch(MODULE))
        assert (first.added, second.added) == ((MODULE,), ())

    run(both)


def test_a_process_that_ends_in_the_middle_is_told_and_the_next_step_has_another(
    a_class: Class, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stops_once.py").write_text(
        "import sys\nfrom pathlib import Path\nfrom fieldguide.coursepage import steps\n"
        f"flag = Path({str(tmp_path / 'flag')!r})\n"
        "if not flag.exists():\n    flag.touch()\n    sys.stdin.readline()\n    sys.exit(1)\n"
        "steps.main(Path(sys.argv[1]))\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    async def twice(exchange: StudentExchange) -> None:
        with pytest.raises(ExchangeTroubleError, match="failed"):
            await exchange.look()
        assert (await exchange.look()).modules

    run(twice, program="stops_once")


def test_an_exchange_that_does_not_answer_is_told_and_left(
    a_class: Class, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "says_nothing.py").write_text("import sys\nsys.stdin.read()\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(exchange, "LONGEST_STEP", 0.1)

    async def submit(exchange: StudentExchange) -> None:
        with pytest.raises(ExchangeTroubleError) as raised:
            await exchange.submit(MODULE)
        assert "it is not certain that this was handed in" in raised.value.sentence

    run(submit, program="says_nothing")


def test_what_settings_print_is_no_answer(a_class: Class, run: Any) -> None:
    a_class.write_settings(f"c.Exchange.root = {str(a_class.exchange)!r}\nprint('hello')\n")
    assert run(lambda exchange: exchange.look()).modules
