"""The student's policy without a browser: reading it, gathering it from other modules, and what each message gets."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT
from drawing import words_of
from form_samples import PART, TEXTS, WHOLE
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from jinja2 import Environment, FileSystemLoader
from sessions import answer_of, view_of

from fieldguide.forms.form import LONGEST_TEXT
from fieldguide.items.fields import ReadingError
from fieldguide.player.session import addressed
from fieldguide.policy.gathering import gather
from fieldguide.policy.reading import HEADINGS, read_policy
from fieldguide.policy.session import PolicySession
from fieldguide.responses import ResponseRecord
from fieldguide.words import Words

STATIC = PROJECT / "src" / "fieldguide" / "policy" / "static"
CANARY = "Persephone"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course folder as nbgrader makes it: a folder for each module."""
    for module in ("02-safe", "03-code", "04-agency", "07-back"):
        (tmp_path / module).mkdir()
    return tmp_path


def record_of(course: Path, module: str) -> ResponseRecord:
    return ResponseRecord(course / module, module)


def play(record: ResponseRecord | None, text: str = WHOLE) -> PolicySession:
    return PolicySession(read_policy(text, "m"), record, [])


def ask(form: PolicySession, kind: str, **more: object) -> dict[str, Any]:
    answer: dict[str, Any] = answer_of(form, {"kind": kind, "view": "v", "n": 1, **more})
    return answer


def put(record: ResponseRecord, key: str, text: object, time: str = "2026-11-01T10:00:00Z") -> None:
    """An essay that was saved at a time, as nobody's page would save it."""
    content = {"v": 1, "essays": {}}
    if record.essays_path.exists():
        content = json.loads(record.essays_path.read_text())
    content["essays"][key] = {"text": text, "time": time}  # type: ignore[index]
    record.essays_path.write_text(json.dumps(content))


# -- reading -----------------------------------------------------------------------------------------


def test_a_part_and_the_whole_are_read() -> None:
    part, whole = read_policy(PART, "m"), read_policy(WHOLE, "m")
    assert list(part.headings) == ["requests", "messages"] and not part.gather
    assert part.headings["requests"].ask and part.headings["requests"].ask.count("\n\n") == 1
    assert part.headings["requests"].settled and part.headings["messages"].sample
    assert tuple(whole.headings) == HEADINGS and whole.gather and whole.sample
    turned = "id: a\nheadings:\n  ai: {title: A, ask: a}\n  told: {title: T, ask: t}\n"
    assert list(read_policy(turned, "m").headings) == ["told", "ai"]


FAULTS = [
    (PART, "id: policy-requests", "id: Policy", "id:", "'Policy' is no id"),
    (PART, "intro:", "introduction:", "introduction:", "there is no field 'introduction'"),
    (PART, "  requests:\n", "  request:\n", "request:", "there is no field 'request'"),
    (PART, "    title: Friend requests\n", "", "    ask: |", "'title' is missing"),
    (PART, "    ask: Which", "    aks: Which", "title: E-mail", "'ask' is missing"),
    (PART, "    ask: Which", "    aks: Which", "aks:", "there is no field 'aks'"),
    (PART, "intro:", "sample: x\nintro:", "sample: x", "it is a part and has a sample of the whole"),
    (PART, "intro:", "gather: yes\nintro:", "gather:", "'gather' is 'yes'"),
    (WHOLE, "  reviews:\n    title: Reviews\n", "", "headings:", "the heading 'reviews' is missing"),
    (WHOLE, "  reviews:\n    title: Reviews\n", "  reviews: x\n", "reviews: x", "'reviews' has no parts"),
]


@pytest.mark.parametrize(("text", "old", "new", "at", "what"), FAULTS)
def test_a_fault_is_told_with_its_line(text: str, old: str, new: str, at: str, what: str) -> None:
    assert old in text
    changed = text.replace(old, new, 1)
    with pytest.raises(ReadingError) as told:
        read_policy(changed, "modules/07.md", first_line=5)
    line = 5 + changed[: changed.index(at)].count("\n")
    assert [problem for problem in told.value.problems if what in problem.what and problem.line == line], told.value


# -- gathering ---------------------------------------------------------------------------------------


def test_the_newest_text_of_each_heading_comes_from_the_folders_beside(course: Path) -> None:
    put(record_of(course, "02-safe"), "policy-requests.requests", "from 02")
    put(record_of(course, "04-agency"), "policy-more.requests", "from 04", "2026-11-03T10:00:00Z")
    put(record_of(course, "03-code"), "policy-requests.requests", "from 03", "2026-11-02T10:00:00Z")
    put(record_of(course, "03-code"), "policy-code.ai", "from 03")
    put(ResponseRecord(course / "07-back", "05-class"), "policy-class.told", "beside")  # as in the open edition
    put(record_of(course, "07-back"), "other-policy.location", "its own file")
    found = gather(record_of(course, "07-back"), "my-policy")
    assert {name: (one.text, one.module) for name, one in found.items()} == {
        "requests": ("from 04", "04"),
        "ai": ("from 03", "03"),
        "told": ("beside", "05"),
    }


def test_only_parts_of_a_policy_are_gathered(course: Path) -> None:
    other = record_of(course, "02-safe")
    keys = ["my-policy.requests", "requests", ".requests", "a.b.requests", "A.requests", "a.think", "a.requests.x"]
    for key in (*keys, "a.requests\n", "x" * 99):
        put(other, key, "no")
    put(other, "a.told", "   ")
    put(other, "a.ai", "x" * (LONGEST_TEXT + 1))
    put(other, "a.reviews", ["no text"])
    assert gather(record_of(course, "07-back"), "my-policy") == {}


def test_links_pipes_and_far_folders_are_not_followed(course: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    far = tmp_path_factory.mktemp("far")
    put(ResponseRecord(far, "02-far"), "a.told", CANARY)
    (course / "linked").symlink_to(far)
    (course / "02-safe" / "02-linked.essays.json").symlink_to(far / "02-far.essays.json")
    (course / "03-code" / "03-folder.essays.json").mkdir()
    os.mkfifo(course / "04-agency" / "04-pipe.essays.json")
    (course / "02-safe" / "deep").mkdir()
    put(ResponseRecord(course / "02-safe" / "deep", "02-deep"), "a.told", CANARY)
    put(ResponseRecord(course, "above"), "a.told", CANARY)
    assert gather(record_of(course, "07-back"), "my-policy") == {}


def test_damaged_and_huge_files_are_passed_over(course: Path) -> None:
    for number, content in enumerate(
        (b"", b"\xff\xfe", b"[" * 100_000, b'{"v": 2}', b'{"v": 1, "essays": []}', b"0" * 5_000_000)
    ):
        (course / "02-safe" / f"0{number}-m.essays.json").write_bytes(content)
    put(record_of(course, "03-code"), "a.told", "still found", "yesterday")
    put(ResponseRecord(course / "04-agency", "no-number"), "a.told", "newer", "2020-01-01T00:00:00Z")
    [found] = gather(record_of(course, "07-back"), "my-policy").values()
    assert (found.text, found.module) == ("newer", "no-number")


def test_a_folder_with_very_many_things_in_it_is_not_searched_to_its_end(course: Path) -> None:
    for number in range(600):
        (course / f"z{number}").mkdir()
        (course / "07-back" / f"z{number}.txt").touch()
    put(record_of(course, "02-safe"), "a.told", "x")
    assert len(gather(record_of(course, "07-back"), "my-policy")) <= 1


# -- in play -----------------------------------------------------------------------------------------


def test_a_part_is_kept_as_essays(course: Path) -> None:
    record = record_of(course, "02-safe")
    form = play(record, PART)
    assert ask(form, "open")["values"] == {"requests": "", "messages": ""}
    state = ask(form, "save", values={"requests": CANARY, "told": "no heading of this part"})
    assert state["problem"] is None and state["saved"] and state["earlier"] == {}
    assert record.essay("policy-requests.requests")[0] == CANARY
    assert record.snapshot().responses == {} and ask(form, "open")["values"]["requests"] == CANARY
    assert answer_of(form, {"kind": "documents", "values": {}}) is None


def test_the_whole_has_lines_for_role_agency_and_next_review(course: Path) -> None:
    form = play(record_of(course, "07-back"))
    assert {"role": "", "agency": "", "review": ""}.items() <= ask(form, "open")["values"].items()
    ask(form, "save", values={"role": "MSW intern", "review": "May 2027"})
    again = ask(play(record_of(course, "07-back")), "open")["values"]
    assert (again["role"], again["agency"], again["review"]) == ("MSW intern", "", "May 2027")
    assert record_of(course, "07-back").of("my-policy").saved is None  # no heading is decided by them
    assert "role" not in ask(play(record_of(course, "02-safe"), PART), "open")["values"]
    assert [line["title"] for line in form.public()["about"]] == ["Role", "Agency", "Next review"]
    assert play(record_of(course, "02-safe"), PART).public()["about"] == []


def test_what_was_written_earlier_is_a_start_until_it_is_decided(course: Path) -> None:
    early = record_of(course, "02-safe")
    early.save_essay("policy-requests.requests", "First thoughts")
    form = play(record_of(course, "07-back"))
    opened = ask(form, "open")
    assert opened["values"]["requests"] == "First thoughts" and opened["values"]["ai"] == ""
    assert opened["earlier"] == {"requests": {"text": "First thoughts", "module": "02", "start": True}}
    early.save_essay("policy-requests.requests", "Second thoughts")
    assert ask(form, "open")["values"]["requests"] == "Second thoughts"
    state = ask(form, "save", values={"requests": "Mine"})
    assert state["values"]["requests"] == "Mine" and not state["earlier"]["requests"]["start"]
    early.save_essay("policy-requests.requests", "Third thoughts")
    again = ask(play(record_of(course, "07-back")), "open")
    assert again["values"]["requests"] == "Mine" and again["earlier"]["requests"]["text"] == "Third thoughts"


@pytest.mark.parametrize("blank", ["", "  \n", None])
def test_a_text_that_was_deleted_stays_deleted(course: Path, blank: str | None) -> None:
    record_of(course, "02-safe").save_essay("policy-requests.requests", "First thoughts")
    form = play(record_of(course, "07-back"))
    ask(form, "open")
    state = ask(form, "save", values={"requests": blank})
    assert state["problem"] is None and state["values"]["requests"] == ""
    again = ask(play(record_of(course, "07-back")), "open")
    assert again["values"]["requests"] == "" and not again["earlier"]["requests"]["start"]
    assert record_of(course, "07-back").of("my-policy").saved == {"decided": ["requests"]}


def test_a_crash_between_the_text_and_the_decision_loses_neither(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record_of(course, "02-safe").save_essay("p.ai", "First thoughts")
    record = record_of(course, "07-back")

    def refuse(*_: object) -> str:
        raise OSError(28, "No space left on device")

    for method, text, shown in (("save", "Mine", "Mine"), ("save_essay", "", "Mine")):
        form = play(record)
        ask(form, "open")
        with monkeypatch.context() as patch:
            patch.setattr(ResponseRecord, method, refuse)
            assert "No space left" in ask(form, "save", values={"ai": text})["problem"]
        assert ask(play(record_of(course, "07-back")), "open")["values"]["ai"] == shown


RAW = [
    None,
    3,
    "x",
    [],
    {"decided": "told"},
    {"decided": {"told": 1}},
    {"decided": [["told"], 3, None, "x", "__class__"]},
]


@pytest.mark.parametrize("raw", RAW, ids=repr)
def test_whatever_is_on_record_the_policy_opens(course: Path, raw: object) -> None:
    record_of(course, "02-safe").save_essay("p.told", "First thoughts")
    record = record_of(course, "07-back")
    record.save("my-policy", raw)
    form = play(record)
    assert ask(form, "open")["values"]["told"] == "First thoughts"
    assert ask(form, "save", values={"ai": "x"})["problem"] is None
    assert record.of("my-policy").saved == {"decided": ["ai"]}


@pytest.mark.parametrize("values", [None, 3, [], {"told": 3}, {"told": {"a": "b"}}, {"ai": "x" * (LONGEST_TEXT + 1)}])
def test_what_is_no_form_is_not_kept(course: Path, values: object) -> None:
    assert "does not fit" in ask(play(record_of(course, "07-back")), "save", values=values)["problem"]
    assert list((course / "07-back").iterdir()) == []


# -- documents ---------------------------------------------------------------------------------------


def said(told: dict[str, Any]) -> str:
    """What a notebook's page says of documents."""
    return Words("policy").say(told["word"], **told["values"])


def test_documents_are_saved_beside_the_notebook_and_sent_along(course: Path) -> None:
    form = play(record_of(course, "07-back"))
    message = {"kind": "documents", "view": "v", "n": 9, "values": TEXTS}
    answer = form.handle(message)
    assert answer is not None
    told = addressed(answer, message)
    assert (told["kind"], told["n"], told["problem"]) == ("documents", 9, False)
    assert "my-social-media-policy.docx, my-social-media-policy.html" in said(told) and "submit" in said(told)
    assert [file["name"] for file in told["files"]] == ["my-social-media-policy.docx", "my-social-media-policy.html"]
    for file, content in zip(told["files"], answer.buffers, strict=True):
        assert (course / "07-back" / file["name"]).read_bytes() == content
    assert sorted(path.name for path in (course / "07-back").iterdir()) == [file["name"] for file in told["files"]]


@pytest.mark.parametrize("values", [None, 3, [], {}, {"told": " \n"}, {"told": "\x00\ud800"}, {"examine": "x"}])
def test_there_is_no_document_of_nothing(course: Path, values: object) -> None:
    told = ask(play(record_of(course, "07-back")), "documents", values=values)
    assert told["problem"] and told["files"] == [] and "at least one heading" in said(told)
    assert list((course / "07-back").iterdir()) == []


@pytest.mark.parametrize("values", [{"told": 3}, {"told": ["x"]}, {"ai": "x" * (LONGEST_TEXT + 1)}])
def test_a_document_of_something_else_is_refused_in_words(course: Path, values: object) -> None:
    told = ask(play(record_of(course, "07-back")), "documents", values=values)
    assert told["problem"] and told["files"] == [] and told["told"]


def test_what_the_disk_refuses_can_still_be_downloaded(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    answer = play(record_of(course, "07-back")).handle({"kind": "documents", "values": TEXTS})
    assert answer is not None and answer.message["problem"] and "No space left" in said(answer.message)
    assert [len(content) > 1000 for content in answer.buffers] == [True, True]
    assert list((course / "07-back").iterdir()) == []


def test_a_preview_writes_and_gathers_nothing(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record_of(course, "02-safe").save_essay("p.told", CANARY)
    monkeypatch.chdir(course / "07-back")
    form = play(None)
    assert ask(form, "open")["values"]["told"] == ""
    ask(form, "save", values={"told": "x"})
    assert ask(form, "open")["values"]["told"] == "x"
    answer = form.handle({"kind": "documents", "values": TEXTS})
    assert answer is not None and len(answer.buffers) == 2 and "not saved" in said(answer.message)
    assert list((course / "07-back").iterdir()) == []


# -- the notebook --------------------------------------------------------------------------------------


def test_nothing_a_student_wrote_is_in_the_notebook(course: Path) -> None:
    record_of(course, "02-safe").save_essay("p.told", CANARY)
    view = view_of("policy", play(record_of(course, "07-back")))
    view._handle_custom_msg({"kind": "open", "n": None}, [])
    view._handle_custom_msg({"kind": "save", "n": 1, "values": {"ai": CANARY}}, [])
    bundle = view._repr_mimebundle_()
    assert bundle is not None and CANARY not in json.dumps(bundle) + json.dumps(view.get_state(), default=str)
    told = " ".join(bundle[0]["text/plain"].split())
    assert "FRIEND REQUESTS" in told and "What is settled:" in told and "Written. Your text is kept" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [(PART.partition("  messages:")[0], "One part of it"), (PART, "2 parts of it"), (WHOLE, "The whole policy")],
)
def test_a_policy_says_how_many_parts_it_holds_in_a_notebook_and_before_a_script_draws_it(text: str, told: str) -> None:
    form = play(None, text)
    assert told in form.printed().text
    templates = Environment(loader=FileSystemLoader(PROJECT / "src/fieldguide/coursepage/templates"), autoescape=True)
    still = templates.get_template("still.html").make_module({"words_of": Words, "split": lambda text: [text]})
    assert f"<span>{told}</span>" in still.still("policy", form.public(), None)  # type: ignore[attr-defined]


def test_every_word_that_is_said_is_there_and_every_word_there_is_said() -> None:
    source = "".join(path.read_text("utf-8") for path in [STATIC / "policy.js", *STATIC.parent.glob("*.py")])
    said = set(re.findall(r"[\"'`]([\w-]+)[\"'`]", source)) | {"download_docx", "download_html"}
    assert {name.partition(".")[0] for name in words_of("policy")} - said == set()
    spoken = set(re.findall(r"\b(?:say|button)\([\"'](\w+)[\"'][,)]", source))
    assert spoken - set(words_of("page", "form", "policy")) == set()


HEAD = "id: 07-back\nedition: student\ntitle: A module\nminutes: 10\n"


def run(shell: InteractiveShell, magic: str, text: str) -> tuple[list[Any], str]:
    with capture_output() as captured:
        shell.run_cell(f"%%{magic}\n{text}")
    return captured.outputs, captured.stdout + captured.stderr


def test_the_cell_shows_a_policy_once_its_module_is_open(shell: InteractiveShell) -> None:
    assert "Run All Cells" in run(shell, "policy", WHOLE)[1]
    run(shell, "module", HEAD)
    [output], told = run(shell, "policy", WHOLE)
    assert told == "" and "application/vnd.jupyter.widget-view+json" in output.data
    told = run(shell, "policy", WHOLE.replace("gather: true", "gather: maybe"))[1]
    assert "this cell, line 3: " in told and "Traceback" not in told


def test_nothing_is_shown_or_written_where_nbgrader_executes(
    shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    run(shell, "module", HEAD)
    assert run(shell, "policy", WHOLE) == ([], "")
    assert list(tmp_path.iterdir()) == []


def test_a_course_folder_that_is_gone_or_closed_is_no_obstacle(course: Path) -> None:
    record = record_of(course, "07-back")
    shutil.rmtree(course / "07-back")
    assert gather(record, "my-policy") == {}
