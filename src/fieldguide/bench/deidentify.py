"""``fieldguide bench deidentify``: how much of what could identify somebody a review of a text finds, and how fast.

The sentences were written for this project and labeled with what is to be found in each. They are in its folder
``bench/deidentify``, which is no part of the package: ``developed.jsonl``, with which the patterns were made, and
``kept.jsonl``, which was written separately and is only measured with. Each line has ``text``; ``known``, texts whose
names may be written, if any; and ``finds``, each with ``kind`` and ``text``, the exact words.

A find is right where it overlaps a label of its kind; a label is found where a find of its kind overlaps it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from fieldguide.pause import review
from fieldguide.pause.detectors import FORMAL, KINDS, OTHERS

SETS = ("developed", "kept")
_TARGETS = {"formal": 0.95, "others": 0.80, "precision": 0.85, "milliseconds": 100.0}
_WORDS = 500
_TIMES = 15
Say = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """Counts of finds and labels, by kind."""

    labels: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    finds: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def recall(self, kinds: tuple[str, ...]) -> float:
        """The share of the labels that were found; 1 where there are none."""
        return _share(self.found, self.labels, kinds)

    def precision(self, kinds: tuple[str, ...]) -> float:
        """The share of the finds that were right; 1 where there are none."""
        return _share(self.right, self.finds, kinds)


def bench_deidentify(project: Path, set_name: str, print_line: Say) -> None:
    """Measure with one set, or with ``both``, and print the figures. Raises RuntimeError where a set is missing."""
    for name in SETS if set_name == "both" else (set_name,):
        lines = read_set(project, name)
        print_line(f"{name}: {len(lines)} sentences, {sum(not line['finds'] for line in lines)} with nothing to find")
        for row in _rows(measure(lines)):
            print_line(row)
        first, usual = _milliseconds(lines)
        target = f"at most {_TARGETS['milliseconds']:g}"
        print_line(f"{_WORDS} words: {usual:.0f} ms ({target}); the first time, with what is imported: {first:.0f} ms")


def read_set(project: Path, name: str) -> list[dict[str, Any]]:
    """The sentences of a set, from the project's folder. Raises RuntimeError where it is missing."""
    path = project / "bench" / "deidentify" / f"{name}.jsonl"
    if not path.is_file():
        raise RuntimeError(
            f"There is no set {name!r}: {path} is missing. The sentences to measure with are in the project's "
            "repository, not in the package. Run this in a copy of the repository, or name its folder with --project."
        )
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def measure(lines: list[dict[str, Any]]) -> Tally:
    """Review each sentence, and count."""
    tally = Tally()
    for line in lines:
        labels = list(_places(line["text"], line["finds"]))
        finds = review(line["text"], line.get("known", ()))
        for kind, spans in labels:
            tally.labels[kind] += 1
            tally.found[kind] += any(
                find.kind == kind and find.start < end and start < find.end for find in finds for start, end in spans
            )
        for find in finds:
            tally.finds[find.kind] += 1
            tally.right[find.kind] += any(
                find.kind == kind and find.start < end and start < find.end
                for kind, spans in labels
                for start, end in spans
            )
    return tally


def _places(text: str, labels: list[dict[str, str]]) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Each label with its places in the text. Of several equal labels, each gets one place in turn, and the last of
    them all that are left."""
    left: dict[str, list[tuple[int, int]]] = {}
    alike = Counter(label["text"] for label in labels)
    for label in labels:
        words = label["text"]
        if words not in left:
            left[words] = list(_occurrences(text, words))
            if len(left[words]) < alike[words]:
                raise RuntimeError(f"{words!r} is labeled more often than it stands in {text!r}.")
        alike[words] -= 1
        own = left[words][:1] if alike[words] else left[words]
        left[words] = left[words][len(own) :]
        yield label["kind"], own


def _occurrences(text: str, words: str) -> Iterator[tuple[int, int]]:
    start = text.find(words)
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + len(words))


def _share(part: Counter[str], whole: Counter[str], kinds: tuple[str, ...]) -> float:
    total = sum(whole[kind] for kind in kinds)
    return sum(part[kind] for kind in kinds) / total if total else 1.0


def _rows(tally: Tally) -> Iterator[str]:
    row = "{:<12} {:>6} {:>8} {:>8} {:>10}   {}"
    yield row.format("kind", "labels", "recall", "finds", "precision", "").rstrip()
    named: list[tuple[str, tuple[str, ...], str]] = [(kind, (kind,), "") for kind in KINDS]
    named += [
        ("formal", FORMAL, f"recall at least {_TARGETS['formal']:.2f}"),
        ("others", OTHERS, f"recall at least {_TARGETS['others']:.2f}"),
        ("all", KINDS, f"precision at least {_TARGETS['precision']:.2f}"),
    ]
    for name, kinds, target in named:
        labels = sum(tally.labels[kind] for kind in kinds)
        finds = sum(tally.finds[kind] for kind in kinds)
        recall, precision = f"{tally.recall(kinds):.3f}", f"{tally.precision(kinds):.3f}"
        yield row.format(name, labels, recall, finds, precision, target).rstrip()


def _milliseconds(lines: list[dict[str, Any]]) -> tuple[float, float]:
    """The time for 500 words of the set in a process that has reviewed nothing yet, and in one that has."""
    words = " ".join(line["text"] for line in lines).split()
    text = " ".join((words * (_WORDS // max(len(words), 1) + 1))[:_WORDS])
    script = (
        "import sys, time\ntext = sys.stdin.read()\nstart = time.perf_counter()\n"
        "from fieldguide.pause import review\nreview(text)\nprint(1000 * (time.perf_counter() - start))"
    )
    done = subprocess.run([sys.executable, "-c", script], input=text, capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout), median(_time(text) for _ in range(_TIMES))


def _time(text: str) -> float:
    start = time.perf_counter()
    review(text)
    return 1000 * (time.perf_counter() - start)
