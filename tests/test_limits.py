"""No text, however deep or long, hangs or ends the program that reads it: it is told in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import PROJECT
from IPython.core.interactiveshell import InteractiveShell
from test_grading import HEAD

from fieldguide.authoring.discussion import read_discussion
from fieldguide.authoring.module import read_module
from fieldguide.authoring.review.record import REVIEWS, read_reviews
from fieldguide.authoring.standards import CODE_EDITION, read_listed
from fieldguide.cases.reading import public_case_text, read_case
from fieldguide.cases.worksheet.model import public_worksheet_text, read_worksheet, with_gists
from fieldguide.items import ReadingError, public_text, read_item
from fieldguide.items.composing import DEEPEST, LARGEST
from fieldguide.player.head import read_head
from fieldguide.policy.reading import public_policy_text, read_policy
from fieldguide.tables.cells import read_table_cell
from fieldguide.tables.data import read_description

READERS: list[Callable[[str, str], object]] = [
    *(read_item, read_case, read_worksheet, read_policy, read_head, read_table_cell, read_description, read_discussion),
    *(public_text, public_case_text, public_worksheet_text, public_policy_text),
    lambda text, file: with_gists(text, {}, file),
]
DEEP = {
    "braces": "a: " + "{a: " * 100_000,
    "brackets": "a: " + "[" * 100_000,
    "dashes": "a:\n  " + "- " * 100_000,
    "question marks": "? " * 100_000,
    "indented": "\n".join(" " * depth + "a:" for depth in range(400)),
    "closed": "a: " + "{a: " * 12_000 + "}" * 12_000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_what_is_nested_without_end_is_told_by_every_reader(text: str) -> None:
    for read in READERS:
        with pytest.raises(ReadingError, match=r"(nested too deep|characters)\. Expected at most"):
            read(text, "m")
        with pytest.raises(ReadingError, match=r"nested too deep\. Expected at most 10 levels"):
            read(text[: LARGEST - 1], "m")


def test_a_text_larger_than_any_cell_is_not_read_at_all() -> None:
    for read in READERS:
        with pytest.raises(ReadingError, match="this holds 100,001 characters"):
            read("a: " + "b" * (LARGEST - 2), "m")


def test_every_text_of_the_course_is_far_from_the_limits() -> None:
    texts = [path.read_text("utf-8") for path in (PROJECT / "modules").rglob("*.yaml")]
    for path in (PROJECT / "modules").glob("*.md"):
        texts += re.findall(r"```\{code-cell\}\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    assert len(texts) > 100
    assert max(map(len, texts)) < LARGEST / 3
    assert max(len(line) - len(line.lstrip()) for text in texts for line in text.splitlines()) < 2 * DEEPEST


@pytest.mark.parametrize("magic", ["module", "item", "case", "worksheet", "policy", "table"])
def test_a_cell_nested_without_end_does_not_end_the_kernel(
    magic: str, shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in (DEEP["braces"], DEEP["dashes"], DEEP["braces"][:80_000]):
        shell.run_cell(f"%%{magic}\n{text}")
        assert "Expected at most" in capsys.readouterr().err


@pytest.mark.parametrize("deep", [DEEP["braces"], DEEP["dashes"], DEEP["brackets"][:20_000]])
def test_a_module_nested_without_end_is_told(deep: str, tmp_path: Path) -> None:
    path = tmp_path / "08-deep.md"
    for text in (
        HEAD.replace("title: A small module", deep),
        f"{HEAD}\n```{{code-cell}}\n%%item\n{deep}\n```\n",
        f"{HEAD}\n```{{code-cell}}\n%%echo\n{deep}\n```\n",
        f"{HEAD}\n```{{code-cell}}\n---\n{deep}\n---\n%%echo\nid: a\n```\n",
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ReadingError, match=r"08-deep\.md, line \d+: this"):
            read_module(path)


@pytest.mark.parametrize(
    ("file", "read", "told"),
    [
        (CODE_EDITION, read_listed, r"(nested too deep|characters)\. Expected at most"),
        (REVIEWS, read_reviews, "nested too deep"),
    ],
)
@pytest.mark.parametrize("deep", [*DEEP.values(), DEEP["dashes"][:90_000]])
def test_a_file_of_the_course_nested_without_end_is_told(
    file: Path, read: Callable[[Path], object], told: str, deep: str, tmp_path: Path
) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(deep, encoding="utf-8")
    with pytest.raises(ReadingError, match=told):
        read(tmp_path)


def test_yaml_is_parsed_in_one_place() -> None:
    parsing = re.compile(r"yaml\.\w*(load|parse|compose|scan)")
    found = [path.name for path in (PROJECT / "src").rglob("*.py") if parsing.search(path.read_text("utf-8"))]
    assert found == ["composing.py"]
