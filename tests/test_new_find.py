"""A new kind of find, added to a copy of the package in the way that ARCHITECTURE names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT

PLATES = r"""
import re

from fieldguide.pause.detector import Form, by_form
from fieldguide.pause.lists import read_list

_SHOWN = read_list("plates", "shown")
PLATES = by_form(
    "plate",
    Form(
        re.compile(r"\bplate (?P<plate>[A-Z]{3} \d{3})\b"),
        cue=lambda match: "car" in match.string[: match.start()],
        exception=lambda match: match["plate"].lower() in _SHOWN,
    ),
)
"""

USED = """
import json
from pathlib import Path

import fieldguide
from fieldguide.bench.deidentify import bench_deidentify
from fieldguide.pause import described, review
from fieldguide.pause.detectors import FORMAL, KINDS

assert str(Path.cwd()) in fieldguide.__file__
assert "plate" in FORMAL and "plate" in KINDS
assert [(find.kind, find.text) for find in review("Their car has the plate KLM 512.")] == [("plate", "KLM 512")]
for other in ("A plate KLM 512 it was.", "Their car has the plate ABC 123."):
    assert "plate" not in {find.kind for find in review(other)}
assert review("Their car has the plate KLM 512.", ["She drives KLM 512."]) == []
(shown,) = described(review("Their car has the plate KLM 512."))
assert shown["label"] == "License plate" and shown["why"] and shown["instead"]
sentences = Path("bench", "deidentify", "developed.jsonl")
sentences.parent.mkdir(parents=True)
line = {"text": "Their car has the plate KLM 512.", "finds": [{"kind": "plate", "text": "KLM 512"}]}
sentences.write_text(json.dumps(line), encoding="utf-8")
rows = []
bench_deidentify(Path.cwd(), "developed", rows.append)
assert ["plate", "1", "1.000", "1", "1.000"] in [row.split() for row in rows], rows
print("used")
"""


def test_a_new_kind_of_find_is_a_file_a_name_and_its_words(tmp_path: Path) -> None:
    copy = tmp_path / "fieldguide"
    shutil.copytree(PROJECT / "src" / "fieldguide", copy, ignore=shutil.ignore_patterns("__pycache__"))
    pause = copy / "pause"
    (pause / "plates.py").write_text(PLATES, encoding="utf-8")
    (pause / "lists" / "plates.txt").write_text("# Plates of films.\n[shown]\nabc 123, xyz 987\n", encoding="utf-8")
    registry = (pause / "detectors.py").read_text("utf-8").replace("    RECORDS,\n", "    PLATES,\n    RECORDS,\n", 1)
    registry = registry.replace("\n#: The surest", "from fieldguide.pause.plates import PLATES\n\n#: The surest", 1)
    (pause / "detectors.py").write_text(registry, encoding="utf-8")
    words = copy / "words" / "words.en.json"
    named = {"plate": "License plate", "plate_why": "It leads to its owner.", "plate_instead": "“a car”."}
    said = json.loads(words.read_text("utf-8"))
    words.write_text(json.dumps(said | {"review": said["review"] | named}), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", USED], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == "used\n", done.stderr


@pytest.mark.parametrize("place", ["pause/", "pause/detectors.py", "words/words.en.json", "pause/lists/"])
def test_architecture_names_the_places_of_a_find(place: str) -> None:
    lines = (PROJECT / "ARCHITECTURE.md").read_text("utf-8").splitlines()
    row = next(line for line in lines if line.startswith("| a kind of find"))
    assert f"`{place}`" in row


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "src/fieldguide/pause/lists").glob("*.txt")), ids=lambda path: path.stem
)
def test_a_list_is_in_order_and_names_each_word_once(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    for section in "\n".join(lines).split("[")[1:]:
        name, _, entries = section.partition("]")
        words = [" ".join(entry.split()) for entry in entries.split(",")]
        assert words == sorted(set(words)) and all(words), name
        assert words == [word.lower() for word in words], name
