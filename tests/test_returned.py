"""What feedback tells, as data within its page: the same as the page, for whoever may read it, and read back whole."""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from case_class import GRADED_CASE, SHORT_CASE, WORKSHEET
from hypothesis import given
from hypothesis import strategies as st
from samples import CHOICE, ENTRY, ESSAY, HOTTEXT, MATCH, ORDER, PROFILED, SEVERAL
from test_case_grading import FULL

from fieldguide.coursepage.returned import LARGEST_PAGE, Returned, read_returned
from fieldguide.grading.embedded import embedded, find_embedded
from fieldguide.grading.feedback import CellMark, feedback_page
from fieldguide.grading.instructor import InstructorNotebook, arrange
from fieldguide.grading.pages import graded_cells
from fieldguide.grading.submission import Note, Submission
from fieldguide.grading.told import For, say
from fieldguide.items import Essay, read_item
from fieldguide.items.types import TYPES
from fieldguide.responses import ItemResponses

MODULE = "05-a-module"
BAD = "</script><script>x()</script><!-- \u2028 & ]]> \U0001f600 \ud800 {{ 7 }}"


class Page(HTMLParser):
    """What a person reads of a page, and the scripts in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.scripts: list[dict[str, str | None]] = []
        self._reads = True
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._reads = tag not in ("script", "style", "title")
        if tag == "script":
            self.scripts.append(dict(attrs))
        if tag == "br":
            self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        self._reads = True

    def handle_data(self, data: str) -> None:
        if self._reads:
            self.text += data


@pytest.fixture(scope="module")
def notebook() -> InstructorNotebook:
    cells: list[dict[str, Any]] = []
    for text in (CHOICE, SEVERAL, MATCH, ORDER, HOTTEXT, ENTRY, ESSAY, PROFILED.replace("id: ", "id: other-", 1)):
        item = read_item(text, "a test")
        grade = {"grade_id": item.id, "grade": True, "points": item.maximum}
        about: dict[str, Any] = {} if isinstance(item, Essay) else {"nbgrader": grade}
        cells.append({"cell_type": "code", "id": f"item-{item.id}", "source": f"%%item\n{text}", "metadata": about})
        if isinstance(item, Essay):
            task = {"nbgrader": grade | {"task": True}}
            cells.append({"cell_type": "markdown", "id": f"task-{item.id}", "source": "", "metadata": task})
    for kind, text in (("case", GRADED_CASE), ("case", SHORT_CASE), ("worksheet", WORKSHEET)):
        name = text.splitlines()[0].removeprefix("id: ")
        cells.append({"cell_type": "code", "id": f"{kind}-{name}", "source": f"%%{kind}\n{text}", "metadata": {}})
    checks = [{"question": "Who may read it?", "answer": "A wombat.", "why": "Nobody else asked."}]
    about = {"fieldguide": {"lang": "en", "title": "A module", "explained": checks}}
    return arrange(MODULE, about, cells)


def answered(notebook: InstructorNotebook, text: str) -> Submission:
    """Every question answered, wrong where that can be, and a text wherever one can be written."""
    given = Submission()
    for part in notebook.graded:
        item = part.item
        rows = item.rows(None)
        ids = [row.id for row in rows]
        first = next(iter(getattr(item, "options", {"": ""})))
        saved: dict[str, Any] = {"choice": ids[-1:], "match": dict.fromkeys(ids, first), "entry": text[:40] or "7"}
        if isinstance(item, Essay):
            given.essays[item.id] = text
        else:
            given.responses[item.id] = ItemResponses(saved=saved.get(item.variant, ids[::-1]))
    given.responses |= {name: ItemResponses(saved=value) for name, value in FULL[0].items()}
    given.essays |= FULL[1] | {"friday": text}
    given.notes.append(Note(text))
    return given


def page_for(
    notebook: InstructorNotebook, text: str = "I would ask.", reader: For = For.STUDENT, waits: bool = False
) -> str:
    cells = graded_cells(notebook, answered(notebook, text))
    marks = {
        part.item.id: CellMark(
            None if waits else 0.5, text, dict.fromkeys(getattr(part.item, "rubric", {}), 1.0) if not waits else {}
        )
        for part in notebook.graded
    }
    return feedback_page(MODULE, notebook.metadata, cells, marks, 0.25, reader)


def returned(folder: Path, page: str | bytes, time: str = "2026-11-28 06:10:11.123456 UTC") -> Returned:
    place = folder / "feedback" / time
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{MODULE}.html").write_bytes(page if isinstance(page, bytes) else page.encode())
    found = read_returned(folder, MODULE)
    assert found is not None
    return found


def texts_in(value: object) -> list[str]:
    """The texts of a JSON value, those that name a form or an id apart."""
    if isinstance(value, dict):
        names = ("is", "id", "form", "state", "wording", "kind", "cell", "module", "language")
        return [text for name, one in value.items() if name not in names for text in texts_in(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts_in(one)]
    return [value] if isinstance(value, str) else []


def squeezed(text: str) -> str:
    return "".join(text.split())


READERS = (For.STUDENT, For.STUDENT_WITHOUT_ANSWER)


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("reader", READERS)
def test_the_data_holds_nothing_that_the_page_does_not_tell(
    notebook: InstructorNotebook, tmp_path: Path, reader: For, waits: bool
) -> None:
    page = page_for(notebook, reader=reader, waits=waits)
    told = returned(tmp_path, page).told
    assert told is not None
    read = squeezed(Page(page).text)
    missing = [text for text in texts_in(told) if squeezed(text) not in read]
    assert missing == []
    forms = [part["form"] for part in told["parts"] if part["is"] == "question"]
    assert set(forms) == {"parts", "text"} and len(forms) == len(notebook.graded)
    assert {part.item.variant for part in notebook.graded} == {*TYPES, "several"}
    assert {part["is"] for part in told["parts"]} == {"notes", "question", "shown"}
    total = told["total"]
    assert total["waits"] is waits and total["penalty"] == 0.25
    assert total["points"] == (0 if waits else 0.5 * len(notebook.graded)) - 0.25


def test_settings_that_withhold_the_answer_withhold_it_in_the_data_too(notebook: InstructorNotebook) -> None:
    shown, withheld = (find_embedded(page_for(notebook, reader=reader).encode()) for reader in READERS)
    private = ("right", "why", "best", "best_label", "mark", "exemplar", "profiles", "levels")
    for part in withheld["parts"]:
        for one in (part, *part.get("parts", ()), *part.get("rubric", ())):
            assert not set(one) & set(private), one
            assert set(one.get("marks", ())) <= {say("your_answer")}, one
    assert shown["checks"] and withheld["checks"] == []
    rows = [row for part in notebook.graded for row in part.item.rows(None)]
    reasons = [row.why for row in rows if row.why]
    there, not_there = json.dumps(shown, ensure_ascii=False), json.dumps(withheld, ensure_ascii=False)
    assert any(reason in there for reason in reasons) and not any(reason in not_there for reason in reasons)
    for private_text in ("marmot", "Wombat", "wombat"):
        assert private_text not in not_there


def test_the_digest_of_a_wording_rests_on_nothing_that_students_are_not_handed(notebook: InstructorNotebook) -> None:
    from fieldguide.grading.feedback import wording

    source = f"%%item\n{CHOICE}"
    item = read_item(CHOICE, "a test")
    other_key = source.replace(f"key: [{item.key[0]}]", "key: [gone]").replace(f"key: {item.key[0]}", "key: gone")  # type: ignore[attr-defined]
    assert other_key != source and wording(other_key) == wording(source)
    assert wording(source.replace(item.stem.splitlines()[0], "Another stem.")) != wording(source)
    told = find_embedded(page_for(notebook).encode())
    digests = {part["id"]: part["wording"] for part in told["parts"] if part["is"] == "question"}
    assert digests[item.id] == wording(source) and len(set(digests.values())) == len(digests)


_PIECES = st.sampled_from(
    [BAD, "</script>", "</SCRIPT >", "<!--<script>", "]]>", "\\u003c", '"', "\\", "\ud800", "\n\n"]
)
_TEXTS = st.lists(st.one_of(_PIECES, st.text(max_size=20)), min_size=1, max_size=8).map("".join)


@given(_TEXTS)
def test_no_text_ends_the_element_and_every_text_comes_back(text: str) -> None:
    page = f"<main>{embedded({'text': text, text: [text]})}</main>"
    assert Page(page).scripts == [{"type": "application/json", "id": "fieldguide-feedback"}]
    assert Page(page).text == ""
    mended = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    assert find_embedded(page.encode()) == {"text": mended, mended: [mended]}


def test_hostile_texts_stay_texts_in_a_whole_page(notebook: InstructorNotebook, tmp_path: Path) -> None:
    page = page_for(notebook, BAD)
    assert Page(page).scripts == [{"type": "application/json", "id": "fieldguide-feedback"}]
    told = returned(tmp_path, page.encode("utf-8", "replace")).told
    assert told is not None
    mended = BAD.replace("\ud800", "\ufffd")
    assert [part["comment"] for part in told["parts"] if part["is"] == "question"] == [mended] * len(notebook.graded)
    assert [part["notes"] for part in told["parts"] if part["is"] == "notes"] == [[mended]]


# -- reading it back ---------------------------------------------------------------------------------


def test_the_feedback_on_what_was_handed_in_last_counts(notebook: InstructorNotebook, tmp_path: Path) -> None:
    assert read_returned(tmp_path, MODULE) is None
    page = page_for(notebook)
    returned(tmp_path, page.replace("A module", "The first"), "2026-11-28 09:00:00.000001 UTC")
    newest = returned(tmp_path, page, "2026-11-28 10:00:00.000001 +0200")
    assert newest.told is not None and newest.told["title"].endswith("The first")
    assert newest.page.parent.name.endswith("09:00:00.000001 UTC")
    (tmp_path / "feedback" / "not a time").mkdir()
    assert returned(tmp_path, page, "2026-11-29 08:00:00.000001 UTC").told["title"].endswith("A module")  # type: ignore[index]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (b"", "was not made in a form"),
        (b"<h1>nbgrader's own page</h1>", "was not made in a form"),
        (embedded({"v": 2, "parts": "?"}).encode(), "a later version"),
        (embedded({"v": 1}).encode(), "is damaged"),
        (embedded([1]).encode(), "is damaged"),
        (embedded(None).encode().replace(b"null", b"[" * 100_000), "is damaged"),
        (embedded({"v": 1}).encode()[:-12], "is damaged"),
        (embedded({"v": 1}).encode().replace(b'"v"', b"\xff"), "is damaged"),
    ],
)
def test_a_page_that_is_not_ours_or_damaged_is_told_in_words(tmp_path: Path, page: bytes, said: str) -> None:
    found = returned(tmp_path, page)
    assert found.told is None and said in (found.problem or "") and f"{MODULE}.html" in (found.problem or "")


def test_data_of_another_form_is_never_shown(notebook: InstructorNotebook, tmp_path: Path) -> None:
    told = find_embedded(page_for(notebook).encode())
    for name in told:
        lacking = {key: value for key, value in told.items() if key != name}
        found = returned(tmp_path, embedded(lacking))
        assert (found.told is None) is (name != "total"), name
    for number, part in enumerate(told["parts"]):
        for name in part:
            odd = told | {"parts": [*told["parts"][:number], part | {name: {"x": 1}}, *told["parts"][number + 1 :]]}
            assert returned(tmp_path, embedded(odd)).told is None, (part, name)


def test_a_link_and_a_page_without_end_are_not_read(tmp_path: Path) -> None:
    place = tmp_path / "feedback" / "2026-11-28 06:10:11.123456 UTC"
    place.mkdir(parents=True)
    page = place / f"{MODULE}.html"
    (tmp_path / "secret").write_text(embedded({"v": 1}), "utf-8")
    page.symlink_to(tmp_path / "secret")
    found = read_returned(tmp_path, MODULE)
    assert found is not None and found.told is None and "could not be opened" in (found.problem or "")
    page.unlink()
    with page.open("wb") as file:
        os.truncate(file.fileno(), LARGEST_PAGE + 1)
    found = read_returned(tmp_path, MODULE)
    assert found is not None and "too large" in (found.problem or "")
