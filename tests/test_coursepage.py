"""The course page's server side: reading a notebook, and sessions without a kernel."""

from __future__ import annotations

import itertools
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from conftest import MODULE, PROJECT
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.coursepage import assets
from fieldguide.coursepage.hosting import Hosts, OpenNotebook
from fieldguide.coursepage.pictures import LARGEST, LARGEST_ALL
from fieldguide.coursepage.prose import PAGE_IDS, prose
from fieldguide.coursepage.reading import Live, NoModuleError, Prose, read_module_notebook
from fieldguide.coursepage.server import add_handlers as add_pages
from fieldguide.opening.server import add_handlers as add_opening
from fieldguide.player.ownrecord import OwnRecord
from fieldguide.player.parts import PARTS, content
from fieldguide.responses import ResponseRecord
from fieldguide.words import Words

ITEM = "item-proud-post-closed-list"


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The student's edition of module 05 in a folder of its own."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    shutil.copytree(PROJECT / "release" / MODULE, tmp_path / MODULE)
    return tmp_path / MODULE / f"{MODULE}.ipynb"


@pytest.fixture
def opened(notebook: Path) -> OpenNotebook:
    return OpenNotebook(notebook)


def choices(opened: OpenNotebook, cell: str) -> list[str]:
    return [option["id"] for option in opened.first()["cells"][cell]["info"]["options"]]


def save(opened: OpenNotebook, chosen: str, *, n: int, page: str = "one") -> list[dict[str, Any]]:
    return opened.say(page, ITEM, {"kind": "save", "response": [chosen], "v": 1, "view": "view", "n": n})


def test_the_whole_notebook_is_read_in_order(notebook: Path) -> None:
    there = read_module_notebook(notebook)
    cells = [cell["id"] for cell in json.loads(notebook.read_text("utf-8"))["cells"]]
    assert [part.id for part in there.parts] == [one for one in cells if one not in ("how-to-start", "load-fieldguide")]
    assert {part.kind.name for part in there.parts if isinstance(part, Live)} == {
        "module",
        "item",
        "table",
        "case",
        "worksheet",
        "policy",
    }
    assert any(isinstance(part, Prose) and "<h2" in part.html for part in there.parts)


def test_no_view_on_a_page_tells_what_to_do_in_a_notebook() -> None:
    only = re.compile(r"\b(kernel|JupyterLab|Run All|menu and choose|beside this notebook)", re.IGNORECASE)
    instead = Words("on_page").words()
    told = {
        f"{part} {name}": instead.get(name, text) for part in PARTS for name, text in content(part)["words"].items()
    }
    shown = {name: text for name, text in told.items() if " printed_" not in name}  # those stand in a notebook's file
    assert {name: text for name, text in shown.items() if only.search(text)} == {}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": 3}', '{"cells": [1]}', "[" * 100_000, "\ud800"])
def test_what_is_no_notebook_is_told_in_words(tmp_path: Path, content: str) -> None:
    file = tmp_path / "odd.ipynb"
    file.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(NoModuleError, match=r"odd\.ipynb is damaged"):
        read_module_notebook(file)


_ACTIVE = {"script", "style", "iframe", "object", "embed", "form", "input", "img", "svg", "math", "link", "base"}
_ADDRESSES = ("http:", "https:", "mailto:", "#")


class _Acts(HTMLParser):
    """What of a page could act: scripts, handlers, frames, styles, and addresses that a browser would open."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in (
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "img",
            "svg",
            "math",
            "link",
            "base",
        ):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "src", "srcset", "formaction"):
                self.found.append(f"{tag} {name}")
            if name == "href" and ":" in (value or "") and not (value or "").startswith(_ADDRESSES):
                self.found.append(f"{tag} {name}={value}")


_PIECES = st.sampled_from(
    [
        "<script>x()</script>",
        "<img src=x onerror=x()>",
        "<svg/onload=x()>",
        "[a](javascript:x)",
        "[a](  java\nscript:x)",
        "<a href='&#106;avascript:x'>a</a>",
        "<style>*{}</style>",
        "<p style='position:fixed'>",
        "<iframe srcdoc='x'>",
        "<!--",
        "-->",
        "<math><mtext></p>",
        "![a](http://127.0.0.1/x)",
        "![a](attachment:x)",
        "<a href='attachment:x'>a</a>",
        "<img alt='<script>x()</script>'>",
        "```\n",
        "`",
        "<table><tr><td>",
        "\n\n",
        "> ",
        "# ",
        "<noscript><p title='</noscript><script>x()</script>'>",
    ]
)


@given(st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=14).map("".join))
def test_nothing_that_acts_comes_out_of_reading(text: str) -> None:
    acts = _Acts()
    acts.feed(prose(text))
    assert acts.found == []


def test_what_a_picture_shows_stands_in_its_place() -> None:
    shown = prose("![a <b>bar</b> chart](https://x/y.png)")
    assert shown == "<p><em>[a &lt;b&gt;bar&lt;/b&gt; chart]</em></p>\n"
    assert prose("![](x.png)") == "<p></p>\n"
    assert prose('<p>a<img src="x.png" alt="&lt;b&gt; > &quot;c&quot;"><img></p>') == (
        "<p>a<em>[&lt;b&gt; &gt; &quot;c&quot;]</em></p>"
    )


PNG, JPEG, WEBP = b"\x89PNG\r\n\x1a\n-png", b"\xff\xd8\xff-jpeg", b"RIFF....WEBPVP8 -webp"


def with_pictures(notebook: Path, source: str, **attached: object) -> str:
    """What is shown of a text in a notebook that a school has adapted."""
    content = json.loads(notebook.read_text("utf-8"))
    cell = {"id": "own", "cell_type": "markdown", "metadata": {}, "source": source, "attachments": attached}
    notebook.write_text(json.dumps({**content, "cells": [*content["cells"], cell]}), "utf-8")
    (part,) = [part for part in read_module_notebook(notebook).parts if part.id == "own"]
    assert isinstance(part, Prose)
    return part.html


def data(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{b64encode(content).decode()}"


def test_a_picture_of_the_modules_folder_or_attached_is_in_the_page_with_what_it_shows(notebook: Path) -> None:
    (notebook.parent / "pictures").mkdir()
    (notebook.parent / "pictures" / "a café.txt").write_bytes(PNG)  # what it is, its content tells
    (notebook.parent / "b.jpg").write_bytes(JPEG)
    attached = {"image/svg+xml": "<svg/>", "image/png": [b64encode(WEBP).decode()]}
    shown = with_pictures(
        notebook,
        '![a <b> "bar"](<pictures/a café.txt>) ![](attachment:c%20d.png) <img src="b.jpg" onerror="x()" alt="a > b">',
        **{"c d.png": attached},
    )
    assert shown == (
        f'<p><img src="{data("png", PNG)}" alt="a &lt;b&gt; &quot;bar&quot;" decoding="async"> '
        f'<img src="{data("webp", WEBP)}" alt="" decoding="async"> '
        f'<img src="{data("jpeg", JPEG)}" alt="a &gt; b" decoding="async"></p>\n'
    )


@pytest.mark.parametrize(
    "address",
    [
        "../outside.png", "link.png", "linked/outside.png", "missing.png", "", ".", "a%00.png", "large.png",
        "moves.png", "film.webp", "moves.gif", "drawn.svg", "page.html", "05.ipynb", "//e.example/x.png", "http://[x",
        "ftp:own.png",
        "data:image/png;base64,iVBORw0KGgo=", "attachment:none.png", "attachment:text", "attachment:list",
        "attachment:drawn", "attachment:bad", "pipe",
    ],
)  # fmt: skip
def test_of_anything_else_what_it_shows_is_said(notebook: Path, address: str) -> None:
    folder = notebook.parent
    (folder.parent / "outside.png").write_bytes(PNG)
    (folder / "link.png").symlink_to(folder.parent / "outside.png")
    (folder / "linked").symlink_to(folder.parent)
    (folder / "large.png").write_bytes(PNG + bytes(LARGEST))
    (folder / "moves.png").write_bytes(PNG + b"acTL")
    (folder / "film.webp").write_bytes(b"RIFF....WEBPVP8X....ANIM")
    (folder / "moves.gif").write_bytes(b"GIF89a")
    (folder / "drawn.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>")
    (folder / "page.html").write_text("<script>x()</script>")
    os.mkfifo(folder / "pipe")
    attached = {"text": "x", "list": [], "drawn": {"image/svg+xml": "<svg/>"}, "bad": {"image/png": "é"}}
    assert with_pictures(notebook, f"![a bar chart](<{address}>)", **attached) == "<p><em>[a bar chart]</em></p>\n"


def test_pictures_of_a_module_weigh_no_more_than_a_page_may_bring(notebook: Path) -> None:
    (notebook.parent / "x.png").write_bytes(PNG + bytes(LARGEST - len(PNG)))
    shown = with_pictures(notebook, "![one](x.png)\n" * 5)
    assert shown.count("<img ") == LARGEST_ALL // LARGEST and shown.count("<em>[one]</em>") == 2


def test_a_heading_can_be_gone_to_as_in_jupyterlab() -> None:
    assert '<h4 id="Best-practice">Best practice</h4>' in prose("#### Best practice")


def test_a_heading_of_a_notebook_is_never_taken_for_the_pages_own() -> None:
    """A notebook from anywhere could name scripts otherwise, and the address that answers go to."""
    templates = Path(assets.__file__).parent / "templates"
    for name in ("base.html", "module.html", "looks.html"):
        assert set(re.findall(r' id="([^"{]*)"', (templates / name).read_text("utf-8"))) <= PAGE_IDS, name
    for id_ in (*PAGE_IDS, "fg-proud-post-closed-list"):
        assert "id=" not in prose(f'## {id_}\n\n<h2 id="{id_}">{{"say": "elsewhere"}}</h2>')


def test_what_only_a_notebook_needs_is_not_said_on_any_page() -> None:
    only = re.compile(r"\b(kernels?|JupyterLab|Run All Cells|\w+ menu and choose|run this)\b", re.IGNORECASE)
    for path in (PROJECT / "release").glob("*/*.ipynb"):
        for part in read_module_notebook(path).parts:
            said = only.search(part.text if isinstance(part, Live) else part.html)
            assert said is None, f"{path.stem}, {part.id}: {said}"


def test_a_module_calls_itself_a_module_and_not_a_notebook() -> None:
    """A module is a page for most who read it, and a notebook for a few."""
    itself = re.compile(r"\b(this|these|last|close the|submit the|let the) notebooks?\b", re.IGNORECASE)
    for folder in sorted((PROJECT / "release").iterdir()):
        parts = read_module_notebook(folder / f"{folder.name}.ipynb").parts
        texts = [part.html if isinstance(part, Prose) else part.text for part in parts]
        assert [found[0] for text in texts if (found := itself.search(text))] == [], folder.name


def test_an_answer_is_on_record_when_it_was_told_saved(notebook: Path, opened: OpenNotebook) -> None:
    chosen = choices(opened, ITEM)[0]
    told = save(opened, chosen, n=1)
    assert told[0]["message"]["saved"]
    assert (told[0]["message"]["view"], told[0]["message"]["n"]) == ("view", 1)
    record = ResponseRecord(notebook.parent, MODULE)
    assert record.of("proud-post-closed-list").saved == [chosen]
    assert OpenNotebook(notebook).first()["cells"][ITEM]["opened"]["response"] == (chosen,)


def test_a_message_that_comes_again_is_done_once_and_answered_the_same(notebook: Path, opened: OpenNotebook) -> None:
    chosen = choices(opened, ITEM)[0]
    once = save(opened, chosen, n=7)
    record = notebook.with_name(f"{MODULE}.responses.jsonl")
    size = record.stat().st_size
    assert save(opened, chosen, n=7) == once
    assert record.stat().st_size == size


def test_the_head_is_told_of_an_answer(opened: OpenNotebook) -> None:
    told = save(opened, choices(opened, ITEM)[0], n=1)
    head = next(one["message"] for one in told if one["cell"] == "module-head")
    assert head["graded"]["answered"] == 1


def test_another_page_is_told_and_the_one_that_said_it_is_not(opened: OpenNotebook) -> None:
    seen = opened.first()["seen"]
    chosen = choices(opened, ITEM)[0]
    save(opened, chosen, n=1, page="one")
    mine, others = opened.news("one", seen), opened.news("two", seen)
    assert mine["told"] == []
    told = {one["cell"]: one["message"] for one in others["told"]}
    assert told[ITEM]["response"] == (chosen,)
    assert told["module-head"]["graded"]["answered"] == 1
    assert opened.news("two", others["seen"])["told"] == []


def test_other_pages_hear_nothing_of_what_changes_nothing(opened: OpenNotebook) -> None:
    seen = opened.first()["seen"]
    essay = {"v": 1, "view": "view", "n": 1}
    for number, asked in enumerate(
        ({"kind": "open"}, {"kind": "review", "text": "Ana"}, {"kind": "part", "name": "review"})
    ):
        assert opened.say("one", "item-thursday-group-chat", {**essay, **asked, "n": number})
    heard = opened.news("two", seen)
    assert (heard["told"], heard["seen"]) == ([], seen)


def test_an_answer_needs_one_look_at_the_record(opened: OpenNotebook, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = choices(opened, ITEM)[0]
    looks: list[object] = []
    look = OwnRecord.snapshot
    monkeypatch.setattr(OwnRecord, "snapshot", lambda record: looks.append(record) or look(record))
    save(opened, chosen, n=1)
    assert len(looks) == 1


def test_nothing_takes_the_place_of_what_its_page_has_not_heard_of(notebook: Path, opened: OpenNotebook) -> None:
    cell, essay = "item-thursday-group-chat", "thursday-group-chat"
    record = ResponseRecord(notebook.parent, MODULE)

    def write(page: str, seen: int | None, text: str, n: int, to: OpenNotebook = opened) -> dict[str, Any]:
        other = (ITEM, {"kind": "open", "v": 1, "view": "view", "n": n - 1})
        save = (cell, {"kind": "save", "response": text, "v": 1, "view": "view", "n": n})
        return to.hear(page, seen, [other, save])

    def told(heard: dict[str, Any]) -> dict[str, Any]:
        return {one["cell"]: one["message"]["response"] for one in heard["told"] if "response" in one["message"]}

    seen = opened.first()["seen"]
    assert "seen" not in write("one", seen, "the first page's", 2)
    # Of another page, and of a notebook: it is told, nothing is done, and once it was told it is.
    for text, n in (("the second page's", 4), ("a notebook's", 6)):
        if n == 6:
            record.save_essay(essay, text)
        else:
            assert "seen" not in write("two", opened.news("two", seen)["seen"], text, n)
        held = write("one", seen, "the first page's again", n)
        assert told(held) == {cell: text} and record.essay(essay)[0] == text
        seen = held["seen"]
        assert "seen" not in write("one", seen, "the first page's again", n)
        assert record.essay(essay)[0] == "the first page's again"
    # What was done is answered the same, whatever was saved since.
    record.save_essay(essay, "a notebook's")
    assert "seen" not in write("one", seen, "the first page's again", 6)
    # A server that was started again cannot tell, and tells all there is.
    again = OpenNotebook(notebook)
    held = write("one", seen, "after the start", 8, again)
    assert told(held).keys() >= {cell, ITEM} and record.essay(essay)[0] == "a notebook's"
    assert "seen" not in write("one", held["seen"], "after the start", 8, again)
    # What changed in another cell is in nobody's way; and a page of an earlier version hears of nothing.
    save(again, choices(again, ITEM)[0], n=9, page="two")
    assert "seen" not in write("one", held["seen"], "beside another cell", 11, again)
    record.save_essay(essay, "a notebook's last")
    assert "seen" not in write("one", None, "of an earlier version", 13, again)
    assert record.essay(essay)[0] == "of an earlier version"


def test_a_page_hears_of_a_notebook_and_not_of_itself(notebook: Path, opened: OpenNotebook) -> None:
    seen = opened.first()["seen"]
    save(opened, choices(opened, ITEM)[0], n=1, page="one")
    ResponseRecord(notebook.parent, MODULE).save_essay("thursday-group-chat", "written in a notebook")
    told = {one["cell"]: one["message"] for one in opened.news("one", seen)["told"]}
    assert told.keys() == {"item-thursday-group-chat", "module-head"}
    assert told["item-thursday-group-chat"]["response"] == "written in a notebook"


def test_of_two_pages_that_save_in_turns_each_hears_of_the_other(opened: OpenNotebook) -> None:
    seen = opened.first()["seen"]
    first, second, *_ = choices(opened, ITEM)
    save(opened, first, n=1, page="one")
    opened.say("two", "item-both-texts-allow-it", {"kind": "save", "response": [], "v": 1, "view": "view", "n": 2})
    save(opened, second, n=3, page="one")
    heard = {page: {one["cell"]: one["message"] for one in opened.news(page, seen)["told"]} for page in ("one", "two")}
    assert heard["two"][ITEM]["response"] == (second,)
    assert ITEM not in heard["one"]
    assert "item-both-texts-allow-it" in heard["one"]


def test_what_a_notebook_saves_meanwhile_is_told(notebook: Path, opened: OpenNotebook) -> None:
    seen = opened.first()["seen"]
    first, second, *_ = choices(opened, ITEM)
    save(opened, first, n=1, page="one")
    ResponseRecord(notebook.parent, MODULE).save("proud-post-closed-list", [second])
    told = {one["cell"]: one["message"] for one in opened.news("one", seen)["told"]}
    assert told[ITEM]["response"] == (second,)


def test_what_the_disk_refused_is_kept_when_it_is_said_again(
    opened: OpenNotebook, notebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = choices(opened, ITEM)[0]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ResponseRecord, "save", full)
        assert "No space" in save(opened, chosen, n=3)[0]["message"]["problem"]
    assert save(opened, chosen, n=3)[0]["message"]["problem"] is None
    assert ResponseRecord(notebook.parent, MODULE).of("proud-post-closed-list").saved == [chosen]


def test_what_no_page_says_is_not_answered_and_does_no_harm(opened: OpenNotebook, notebook: Path) -> None:
    odd: list[Any] = [[], {}, [["anchor"]], {"a": []}, True, float("inf"), 10**400, "\ud800", None]
    chosen = choices(opened, ITEM)[0]
    save(opened, chosen, n=1)
    for cell in opened.first()["cells"]:
        for one, other in itertools.product(odd, odd):
            opened.say("one", cell, {"kind": one, "n": other, "v": 1, "view": one, "response": other})
            opened.say("one", cell, {"kind": "save", "n": one, "v": other, "view": one, "response": other})
    assert opened.say("one", ITEM, {"kind": ["save"], "n": 2, "v": 1, "view": "view"}) == []
    assert opened.say("one", ITEM, {"kind": "save", "n": [2], "v": 1, "view": "view"}) == []
    assert ResponseRecord(notebook.parent, MODULE).of("proud-post-closed-list").saved == [chosen]


def test_a_page_of_an_earlier_text_is_told_so_where_its_question_has_gone(opened: OpenNotebook) -> None:
    (told,) = opened.say("one", "item-of-before", {"kind": "save", "response": "x", "v": 1, "view": "view", "n": 1})
    assert (told["message"]["kind"], told["message"]["n"]) == ("version", 1)
    assert "Copy what you wrote, then reload the page." in told["message"]["problem"]


def test_an_answer_that_was_overtaken_on_its_way_does_not_come_back(opened: OpenNotebook, notebook: Path) -> None:
    first, second, *_ = choices(opened, ITEM)
    save(opened, second, n=9)
    told = save(opened, first, n=8)
    assert told[0]["message"]["response"] == (second,)
    assert told[0]["message"]["n"] == 8
    assert ResponseRecord(notebook.parent, MODULE).of("proud-post-closed-list").saved == [second]


def test_a_page_that_outlives_its_server_is_told_what_it_missed(opened: OpenNotebook, notebook: Path) -> None:
    seen = opened.first()["seen"]
    chosen = choices(opened, ITEM)[0]
    ResponseRecord(notebook.parent, MODULE).save("proud-post-closed-list", [chosen])
    again = OpenNotebook(notebook).news("one", seen - 1)
    told = {one["cell"]: one["message"] for one in again["told"]}
    assert told[ITEM]["response"] == (chosen,)
    assert again["seen"] >= seen


def test_a_table_is_shown_by_a_process_of_its_own_that_comes_back(opened: OpenNotebook) -> None:
    (told,) = opened.say("one", "table-1", {"kind": "first", "v": 1, "view": "one", "n": None})
    assert told["message"]["info"]["total"] == 8
    opened.close()
    (told,) = opened.say("one", "table-1", {"kind": "show", "controls": {"search": "xyz"}, "v": 1, "view": "v", "n": 2})
    assert told["message"]["matched"] == 0
    opened.close()


def test_a_notebook_that_was_fetched_anew_is_opened_anew(notebook: Path) -> None:
    hosts = Hosts()
    before = hosts.of(notebook)
    assert hosts.of(notebook) is before
    text = notebook.read_text("utf-8").replace("Thursday, 9:40", "Thursday, 9:41")
    notebook.write_text(text, encoding="utf-8")
    after = hosts.of(notebook)
    assert after is not before
    assert "9:41" in json.dumps(after.first())
    hosts.close()


def test_a_server_with_a_module_open_has_neither_pandas_nor_nbgrader_nor_a_kernel() -> None:
    code = (
        "import sys, fieldguide.coursepage.server, fieldguide.coursepage.modulepage\n"
        "from fieldguide.cells.kinds import KINDS\n"
        "from fieldguide.cells.kind import named\n"
        "[named(kind.session) for kind in KINDS if kind.name != 'table']\n"
        "print([name for name in ('pandas', 'nbgrader', 'IPython', 'ipywidgets', 'anywidget') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_two_parts_of_the_package_answer_at_one_address() -> None:
    addresses: list[str] = []

    class WebApp:
        settings: ClassVar = {"base_url": "/", "server_root_dir": "."}

        def add_handlers(self, _host: str, handlers: list[tuple[Any, ...]]) -> None:
            addresses.extend(handler[0] for handler in handlers)

    app: Any = SimpleNamespace(web_app=WebApp(), log=logging.getLogger("test"))
    add_pages(app)
    pages = list(addresses)
    addresses.clear()
    add_opening(app)
    assert addresses
    assert not [(page, other) for page in pages for other in addresses if re.fullmatch(page, other)]
