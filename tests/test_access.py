"""What of accessibility needs no browser: what styles and scripts may not do, and the report of what tests show."""

from __future__ import annotations

import re
import runpy
import shutil
from pathlib import Path

import pytest
from conftest import PROJECT

SOURCE = PROJECT / "src" / "fieldguide"
#: What pages of the course are made of.
PARTS = ("cases", "coursepage", "forms", "pause", "player", "policy", "tables")
MADE_OF = [
    file
    for part in PARTS
    for file in sorted((SOURCE / part).rglob("*"))
    if file.suffix in {".js", ".css", ".html"} and "built" not in file.parts
]
MODULES = sorted((PROJECT / "modules").glob("*.md"))


def found(pattern: str, files: list[Path]) -> list[str]:
    """Where these files hold what the pattern says."""
    return [
        f"{file.relative_to(PROJECT)}, line {number}: {line.strip()[:100]}"
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_nothing_plays_flashes_or_moves() -> None:
    assert len(MADE_OF) > 20 and len(MODULES) == 8
    tags = "audio|video|marquee|blink|embed|object|iframe"
    assert found(rf"<({tags})\b|make\(\"({tags})\"|autoplay|\.animate\(", MADE_OF + MODULES) == []
    assert (
        found(r"(?<![-\w])(animation|transition)(-[\w-]+)?\s*:", [file for file in MADE_OF if file.suffix == ".css"])
        == []
    )


def test_no_text_is_a_picture() -> None:
    assert (
        found(r"<(img|picture|canvas)\b|make\(\"(img|picture|canvas)\"|!\[|background-image|url\(", MADE_OF + MODULES)
        == []
    )


def test_nothing_waits_for_a_gesture_or_acts_before_a_press_is_over() -> None:
    listens = r"""["'](mouse\w+|pointer\w+|touch\w+|drag\w*|device\w+)["']|draggable"""
    # The first touch tells that the reader has gone on, and the page holds its place no longer.
    allowed = 'for (const type of ["wheel", "touchstart", "pointerdown", "keydown"])'
    assert [place for place in found(listens, MADE_OF) if allowed not in place] == []


def test_nothing_appears_under_the_pointer_alone() -> None:
    rules = "\n".join(file.read_text("utf-8") for file in MADE_OF if file.suffix == ".css")
    under = re.findall(r"[^{}]*:hover[^{}]*\{([^}]*)\}", rules)
    assert under
    assert [rule for rule in under if re.search(r"display|visibility|opacity|content|clip|position", rule)] == []
    assert (
        found(r"""<[^>{]*\stitle=|make\("\w+", \{[^}]*\btitle:""", [file for file in MADE_OF if file.suffix != ".css"])
        == []
    )


def test_nobody_is_asked_for_anything_about_themselves() -> None:
    assert found(r"""autocomplete(=|: )["'](?!off)|type(=|: )["'](email|tel|password)["']""", MADE_OF) == []


def light(color: str) -> float:
    """How light a color is, as WCAG counts: from 0 to 1."""
    digits = color.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("at", [1, 2], ids=["light", "dark"])
def test_colors_can_be_told_apart(at: int) -> None:
    theme = (SOURCE / "coursepage" / "static" / "theme.css").read_text("utf-8")
    colors = {
        name: (first, second)[at - 1]
        for name, first, second in re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", theme)
    }
    grounds = [colors[name] for name in ("paper", "card", "wash", "tint")]
    for name in ("ink", "soft", "accent", "good", "try"):
        assert min(contrast(colors[name], ground) for ground in grounds) >= 4.5, name
    # Edges of boxes to write in, and signs.
    assert min(contrast(colors["edge"], ground) for ground in grounds[:2]) >= 3


# -- the report --------------------------------------------------------------------------------------


TOOL = runpy.run_path(str(PROJECT / "tools" / "accessibility.py"))
#: The criteria of WCAG 2.0, 2.1 and 2.2, by guideline.
LEVEL_A: dict[str, tuple[int, ...]] = {
    "1.1": (1,),
    "1.2": (1, 2, 3),
    "1.3": (1, 2, 3),
    "1.4": (1, 2),
    "2.1": (1, 2, 4),
    "2.2": (1, 2),
    "2.3": (1,),
    "2.4": (1, 2, 3, 4),
    "2.5": (1, 2, 3, 4),
    "3.1": (1,),
    "3.2": (1, 2, 6),
    "3.3": (1, 2, 7),
    "4.1": (1, 2),
}
LEVEL_AA: dict[str, tuple[int, ...]] = {
    "1.2": (4, 5),
    "1.3": (4, 5),
    "1.4": (3, 4, 5, 10, 11, 12, 13),
    "2.4": (5, 6, 7, 11),
    "2.5": (7, 8),
    "3.1": (2,),
    "3.2": (3, 4),
    "3.3": (3, 4, 8),
    "4.1": (3,),
}


def test_the_report_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert TOOL["main"](["--check"]) == 0, capsys.readouterr().err


def test_the_report_tells_of_every_criterion_of_levels_a_and_aa() -> None:
    page = (PROJECT / TOOL["PAGE"]).read_text("utf-8")
    for level, numbers in (("A", LEVEL_A), ("AA", LEVEL_AA)):
        parts = re.findall(rf"## WCAG 2\.[012], level {level}\n(.*?)(?=\n## |\Z)", page, re.DOTALL)
        wanted = [f"{guideline}.{number}" for guideline, these in numbers.items() for number in these]
        assert sorted(re.findall(r"^\| ([\d.]+) ", "\n".join(parts), re.MULTILINE)) == sorted(wanted)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("docs/accessibility.yaml", "package.json", "requirements.lock", "src/fieldguide/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, tmp_path / name)
    (tmp_path / "tests").symlink_to(PROJECT / "tests")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("::test_nothing_plays_flashes_or_moves", "::test_gone", "there is no test test_access.py::test_gone"),
        ("Supports, [fits], Up to", "Supports, [], Up to", "1.4.4 Resize Text: 'Supports' without a test"),
        ("Not evaluated, [], Nobody", "Not evaluated, [], ''] #", "3.1.2 Language of Parts: 'Not e"),
        ("Supports, [fits], Up to", "Fine, [fits], Up to", "'Fine' is none of Supports"),
        ("  quiet: test", "  more: test_access.py::test_colors_can_be_told_apart\n  quiet: test", "rests on 'more'"),
    ],
)
def test_a_claim_that_no_test_shows_stops_the_report(
    project: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    data = project / TOOL["DATA"]
    text = data.read_text("utf-8")
    assert old in text
    data.write_text(text.replace(old, new), encoding="utf-8")
    assert TOOL["main"]([], project) == 1
    assert said in capsys.readouterr().err
    assert not (project / TOOL["PAGE"]).exists()


def test_a_report_that_was_changed_by_hand_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert TOOL["main"]([], project) == 0
    page = project / TOOL["PAGE"]
    page.write_text(page.read_text("utf-8").replace("| Not evaluated |", "| Supports |"), encoding="utf-8")
    assert TOOL["main"](["--check"], project) == 1
    assert "docs/accessibility.md is out of date. Run: ./run accessibility" in capsys.readouterr().err
