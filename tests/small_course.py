"""A small course of plain questions, written to a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fieldguide.authoring.checks.course_text import CourseText, read_course

Write = Callable[[int, int], tuple[list[str], int]]
WORDS = ["river", "lamp", "stone", "cloud", "paper", "window", "garden", "ladder", "button", "candle"]


def words(number: int, seed: int) -> str:
    return " ".join(WORDS[(seed * 3 + place * 7) % len(WORDS)] for place in range(number))


def alike(module: int, number: int) -> tuple[list[str], int]:
    """Options of one kind: which is longest, and where the key stands, have nothing to do with each other."""
    lengths = [(4, 5, 6), (5, 6, 4), (6, 4, 5)][number % 3]
    return [words(length, number + place) for place, length in enumerate(lengths)], (number // 3 + module) % 3


def item(name: str, options: list[str], key: int, more: str = "use: practice\n") -> str:
    listed = "".join(f"  o{place}: {text}\n" for place, text in enumerate(options))
    reasons = "".join(f"  o{place}: Because.\n" for place in range(len(options)))
    return (
        f"```{{code-cell}}\n%%item\nid: {name}\ntype: choice\n{more}covers: [A1]\nbasis: guide\nstem: What follows?\n"
        f"options:\n{listed}key: o{key}\nrationale:\n{reasons}```\n\n"
    )


def course(folder: Path, write: Write, *, modules: int = 3, items: int = 18, extra: str = "") -> CourseText:
    data = folder / "modules" / "data"
    data.mkdir(parents=True, exist_ok=True)
    (data / "statements.csv").write_text("id,section,gist,graded\nA1,01,Think,no\n", "utf-8")
    (data / "crosswalk.csv").write_text("statement,standards\nA1,4.03\n", "utf-8")
    (data / "code-edition.yaml").write_text('standards:\n  "4.03": {verdict: confirmed}\n', "utf-8")
    for module in range(1, modules + 1):
        written = [write(module, number) for number in range(items)]
        cells = "".join(item(f"m{module}-{number}", *given) for number, given in enumerate(written))
        head = (
            f"---\ntitle: Module {module}\nminutes: 30\ncovers: [A1]\ncompetencies: ['1a']\nobjectives: [Think.]\n"
            "reviewed_by: Nobody yet.\ncode_checked: 2026-11-22\n---\n\n## To read\n\nSome text.\n\n"
        )
        (folder / "modules" / f"0{module}-module.md").write_text(head + cells + extra * (module == 1), "utf-8")
    return read_course(folder)
