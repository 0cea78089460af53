"""A corpus of hostile and damaged submissions. Each case makes one folder out of an honest submission.

``says`` is what the summary must name; None where nothing is wrong with what grading uses. ``nbgrader`` is what
becomes of it in nbgrader's own doors: graded, left out (named, and the rest graded) or unmatched (nbgrader looks
for notebooks).
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MODULE = "small"
SCRIPT = "<script>window.canary=1</script><img src=x onerror=window.canary=1>"
UNUSED = "Grading does not use it"
CHANGED = "small.ipynb is not as it is handed out now (cells: "


@dataclass(frozen=True)
class Case:
    """One submission of the corpus."""

    name: str
    make: Callable[[Path, str], None]
    says: str | None
    nbgrader: str = "graded"


CASES: list[Case] = []


def payload(canary: Path) -> str:
    """Python that would leave a file and a process behind."""
    return (
        f"import subprocess\nopen({str(canary)!r}, 'w').write('ran')\n"
        f"subprocess.Popen(['sleep', {process_argument(canary)!r}])\n"
    )


def process_argument(canary: Path) -> str:
    """What the canary process would be called with: a number that no other process has."""
    return f"600.{abs(hash(str(canary))) % 10**9:09d}"


def _case(name: str, says: str | None, nbgrader: str = "graded") -> Callable[[Callable[[Path, str], None]], None]:
    def add(make: Callable[[Path, str], None]) -> None:
        CASES.append(Case(name, make, says, nbgrader))

    return add


def _notebook(folder: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads((folder / f"{MODULE}.ipynb").read_text("utf-8"))
    return notebook


def _write(folder: Path, notebook: object) -> None:
    (folder / f"{MODULE}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def _code(source: str, **metadata: object) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "hostile",
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _added(name: str, cell_of: Callable[[str], dict[str, Any]]) -> None:
    @_case(name, CHANGED)
    def make(folder: Path, code: str) -> None:
        notebook = _notebook(folder)
        notebook["cells"].insert(0, cell_of(code))
        _write(folder, notebook)


def _item(text: str) -> str:
    return f"%%item\n{text}"


_TAG = "!!python/object/apply:os.system"
_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]"

# -- code wherever it might run ------------------------------------------------------------------------

_added("code-cell", _code)
_added("shell-cell", lambda code: _code(f"!python3 -c {code!r}"))
_added("cell-magic", lambda code: _code(f"%%bash\npython3 -c {code!r}"))
_added("extension", lambda code: _code("%load_ext evil"))
_added("yaml-tag", lambda code: _code(_item(f"id: {_TAG} ['touch canary']\ntype: choice\nuse: graded")))
_added("yaml-bomb", lambda code: _code(_item(_BOMB)))
_added("markdown-script", lambda code: {**_code(SCRIPT), "cell_type": "markdown"})
_added("raw-cell", lambda code: {**_code(SCRIPT + code), "cell_type": "raw"})
_added("initialization", lambda code: _code(code, tags=["raises-exception"], init_cell=True))


@_case("every-cell", CHANGED)
def _(folder: Path, code: str) -> None:
    notebook = _notebook(folder)
    for cell in notebook["cells"]:
        cell["source"] = code
    _write(folder, notebook)


@_case("outputs", None)
def _(folder: Path, code: str) -> None:
    notebook = _notebook(folder)
    data = {"text/html": SCRIPT, "application/javascript": "window.canary=1", "text/plain": "99.0"}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1},
            ]
    _write(folder, notebook)


@_case("kernelspec", None)
def _(folder: Path, code: str) -> None:
    notebook = _notebook(folder)
    notebook["metadata"]["kernelspec"] = {"name": "../../evil", "display_name": SCRIPT, "argv": ["python3", "-c", code]}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"a": SCRIPT}}}
    _write(folder, notebook)


def _beside(name: str, file: str, content: Callable[[str], str]) -> None:
    @_case(name, "Other files stay in the submitted folder: " + file)
    def make(folder: Path, code: str) -> None:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(content(code), encoding="utf-8")


for _name in ("nbgrader_config.py", "sitecustomize.py", "fieldguide.py", "yaml.py", "evil.py", "conftest.py"):
    _beside(f"beside-{_name[:-3].replace('_', '-')}", _name, lambda code: code)
_beside("beside-startup", ".ipython/profile_default/startup/00.py", lambda code: code)
_beside("beside-script", "grade.sh", lambda code: f"#!/bin/sh\npython3 -c {code!r}")
_beside("beside-database", "gradebook.db", lambda code: "not a database")
_beside("beside-notebook", "other.ipynb", lambda code: json.dumps({"cells": [_code(code)], "metadata": {}}))

# -- cells that look like ours ------------------------------------------------------------------------


def _each_cell(name: str, says: str | None, change: Callable[[dict[str, Any]], object]) -> None:
    @_case(name, says)
    def make(folder: Path, code: str) -> None:
        notebook = _notebook(folder)
        for cell in notebook["cells"]:
            if "nbgrader" in cell["metadata"]:
                change(cell)
        _write(folder, notebook)


def _replace(old: str, new: str) -> Callable[[dict[str, Any]], object]:
    def change(cell: dict[str, Any]) -> None:
        text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        cell["source"] = text.replace(old, new)

    return change


_each_cell("own-key", CHANGED, _replace("options:", "key: block\noptions:"))
_each_cell("own-points", CHANGED, _replace("points: 2", "points: 99"))
_each_cell("own-use", CHANGED, _replace("use: graded", "use: practice"))
_each_cell("own-id", CHANGED, _replace("id: ", "id: x-"))
_each_cell("points-in-metadata", None, lambda cell: cell["metadata"]["nbgrader"].update(points=1e308))
_each_cell("points-nan", None, lambda cell: cell["metadata"]["nbgrader"].update(points=float("nan")))
_each_cell("points-below-zero", None, lambda cell: cell["metadata"]["nbgrader"].update(points=-5))
_each_cell("schema-99", None, lambda cell: cell["metadata"]["nbgrader"].update(schema_version=99))
_each_cell("schema-0", None, lambda cell: cell["metadata"]["nbgrader"].update(schema_version=0))
_each_cell("forged-solution", None, lambda cell: cell["metadata"]["nbgrader"].update(solution=True, locked=False))
_each_cell("forged-grade-id", None, lambda cell: cell["metadata"]["nbgrader"].update(grade_id="../../source"))
_each_cell("metadata-list", None, lambda cell: cell["metadata"].update(nbgrader=["task"]))
_each_cell("metadata-gone", None, lambda cell: cell["metadata"].clear())


@_case("doubled-cells", CHANGED)
def _(folder: Path, code: str) -> None:
    notebook = _notebook(folder)
    notebook["cells"] *= 2
    _write(folder, notebook)


@_case("reordered-cells", None)
def _(folder: Path, code: str) -> None:
    notebook = _notebook(folder)
    notebook["cells"].reverse()
    _write(folder, notebook)


@_case("deleted-cells", CHANGED)
def _(folder: Path, code: str) -> None:
    _write(folder, _notebook(folder) | {"cells": []})


# -- no notebook at all, or of another kind ------------------------------------------------------------


def _instead(name: str, content: Callable[[], bytes], says: str = f"is not readable as a notebook. {UNUSED}") -> None:
    @_case(name, says)
    def make(folder: Path, code: str) -> None:
        (folder / f"{MODULE}.ipynb").write_bytes(content())


_instead("conflict-markers", lambda: b"<<<<<<< HEAD")
_instead("empty-notebook", lambda: b"")
_instead("notebook-list", lambda: b"[]")
_instead("notebook-number", lambda: b"1e999")
_instead("notebook-deep", lambda: b'{"cells":' + b"[" * 200_000)
_instead("notebook-bytes", lambda: b'{"cells": "\xff\xfe\xfd"}')
_instead("notebook-nul", lambda: b"\x00" * 1000)
_instead("notebook-utf16", lambda: '{"cells": [1]}'.encode("utf-16"))
_instead("notebook-integer", lambda: b'{"cells": [' + b"9" * 10_000 + b"]}")
_instead("notebook-source-number", lambda: b'{"cells": [{"source": 7}]}')
_instead(
    "notebook-large", lambda: b"[" + b"[]," * 1_000_000 + b"0]", f"larger than 2 MB and was not looked into. {UNUSED}"
)
_instead("nbformat-3", lambda: b'{"nbformat": 3, "worksheets": [{"cells": []}]}')
_instead("nbformat-99", lambda: b'{"nbformat": 99, "cells": [], "metadata": {}}', CHANGED)


@_case("no-notebook", f"There is no notebook small.ipynb. {UNUSED}", "unmatched")
def _(folder: Path, code: str) -> None:
    (folder / f"{MODULE}.ipynb").unlink()


@_case("notebook-is-a-folder", "small.ipynb is no plain file and was not opened")
def _(folder: Path, code: str) -> None:
    (folder / f"{MODULE}.ipynb").unlink()
    (folder / f"{MODULE}.ipynb").mkdir()


# -- the record ----------------------------------------------------------------------------------------


def _record(name: str, content: Callable[[], bytes], says: str | None) -> None:
    @_case(name, says)
    def make(folder: Path, code: str) -> None:
        (folder / f"{MODULE}.responses.jsonl").write_bytes(content())
        (folder / f"{MODULE}.essays.json").unlink(missing_ok=True)


def _line(response: str, item: str = "after-hours-message", **more: object) -> bytes:
    head = {"v": 1, "time": "2026-11-20T10:00:00Z", "event": "save", "item": item, **more}
    return f'{json.dumps(head)[:-1]}, "response": {response}}}\n'.encode()


_NOT_READABLE = "small.responses.jsonl, line 1: not readable; set aside."
_NOT_KNOWN = "small.responses.jsonl, line 1: not an entry that is known here; set aside."
_record("record-empty", lambda: b"", "The record small.responses.jsonl is empty")
_record("record-blank", lambda: b"\n\n \n", "The record small.responses.jsonl is empty")
_record("record-of-another-module", lambda: _line('["a"]', "another"), "it may be another module's")
_record("record-with-unknown-item", lambda: _line('["wait"]') + _line("1", SCRIPT), "no such questions: <script>")
_record("record-path-item", lambda: _line('["wait"]') + _line("1", "../../source"), "no such questions: ../../source")
_record("record-large", lambda: _line('["wait"]') * 60_000, "small.responses.jsonl is larger than 4 MB; set aside.")
_record("record-no-json", lambda: b"%PDF-1.7\n", _NOT_READABLE)
_record("record-deep", lambda: _line("[" * 30_000 + "]" * 30_000), _NOT_READABLE)
_record("record-integer", lambda: _line("9" * 5000), _NOT_READABLE)
_record("record-bytes", lambda: b"\xff\xfe{}\n", _NOT_READABLE)
_record("record-long-line", lambda: _line(json.dumps(["x" * 100_000])), "line 1: longer than any answer; set aside.")
_record("record-version", lambda: _line('["wait"]', v=2), _NOT_KNOWN)
_record("record-list", lambda: b"[1, 2]\n", _NOT_KNOWN)
_record("record-types", lambda: _line('["wait"]', item=["a"]), _NOT_KNOWN)
_record("record-nan", lambda: _line("NaN"), None)
_record("record-infinity", lambda: _line("[1e999, -Infinity]"), None)
_record("record-boolean", lambda: _line("true"), None)
_record("record-score", lambda: _line('{"score": 99, "points": 99}'), None)
_record("record-half-pair", lambda: _line('["\\ud800", "wait"]'), None)
_record("record-control", lambda: _line('"\\u0000\\u001b[2J\\u202e12.5"', "smallest-group"), None)
_record("record-options-script", lambda: _line(json.dumps([SCRIPT, "wait"])), None)
_record("record-entry-script", lambda: _line(json.dumps(SCRIPT), "smallest-group"), None)
_record("record-pairs", lambda: _line('{"tape": "__class__", "__proto__": "x"}', "which-rule-speaks"), None)
_record("record-many-options", lambda: _line(json.dumps(["town"] * 5000), "take-out-of-notes"), None)


@_case("no-record", "There is no record small.responses.jsonl")
def _(folder: Path, code: str) -> None:
    (folder / f"{MODULE}.responses.jsonl").unlink()
    (folder / f"{MODULE}.essays.json").unlink(missing_ok=True)


@_case("record-misnamed", "The folder holds small.responses (1).jsonl; under the name small.responses.jsonl")
def _(folder: Path, code: str) -> None:
    (folder / f"{MODULE}.responses.jsonl").rename(folder / f"{MODULE}.responses (1).jsonl")


@_case("record-misnamed-script", "There is no record small.responses.jsonl: every question but the essays")
def _(folder: Path, code: str) -> None:
    (folder / f"{MODULE}.responses.jsonl").rename(folder / "<img src=x onerror=window.canary=1>.responses.jsonl")


@_case("record-cut", "The last line of small.responses.jsonl is cut off")
def _(folder: Path, code: str) -> None:
    path = folder / f"{MODULE}.responses.jsonl"
    path.write_bytes(path.read_bytes()[:-20])


@_case("essays-lost", "There is no small.essays.json, although the record tells of one")
def _(folder: Path, code: str) -> None:
    (folder / f"{MODULE}.essays.json").unlink()


@_case("record-is-a-folder", "small.responses.jsonl could not be read (it is no plain file).")
def _(folder: Path, code: str) -> None:
    (folder / f"{MODULE}.responses.jsonl").unlink()
    (folder / f"{MODULE}.responses.jsonl").mkdir()


def _essay(name: str, text: str, says: str | None = None) -> None:
    @_case(name, says)
    def make(folder: Path, code: str) -> None:
        content = {"v": 1, "essays": {"the-group-chat": {"text": text, "time": "now"}}}
        (folder / f"{MODULE}.essays.json").write_text(json.dumps(content), encoding="utf-8")


_essay("essay-script", SCRIPT)
_essay(
    "essay-markdown", "\n\n# Heading\n\n[link](javascript:alert(1)) ![x](http://example.org/x.png)\n\n```\ncode\n```"
)
_essay("essay-template", "{{ 7*7 }} {title} {0.__class__} %(name)s ${x} $\\mathrm{x}$")
_essay("essay-closing", "</p></div></blockquote></main><iframe src=javascript:window.canary=1></iframe>" + SCRIPT)
_essay("essay-half-pair", "before \ud800 after")
_essay("essay-control", "a\x00b\x07c\x1b[31m\u202ed\u2028e")
_essay("essay-long", "word " * 100_000)


def _essays(name: str, content: bytes, says: str) -> None:
    @_case(name, says)
    def make(folder: Path, code: str) -> None:
        (folder / f"{MODULE}.essays.json").write_bytes(content)


_essays("essays-no-json", b"Dear teacher", "small.essays.json is not readable; set aside.")
_essays("essays-deep", b"[" * 100_000, "small.essays.json is not readable; set aside.")
_essays("essays-list", b"[]", "small.essays.json is not a file of essays that is known here; set aside.")
_essays("essays-large", b" " * (4 << 20) + b"{}", "small.essays.json is larger than any essay; set aside.")

# -- the folder ----------------------------------------------------------------------------------------


def _link(name: str, file: str, to: str, says: str) -> None:
    @_case(name, says, "left out")
    def make(folder: Path, code: str) -> None:
        (folder / file).unlink(missing_ok=True)
        (folder / file).symlink_to(to)


_RECORD = "small.responses.jsonl"
_link("link-endless", "notes.txt", "/dev/zero", "notes.txt (link)")
_link("link-out", "notes.txt", "/etc/passwd", "notes.txt (link)")
_link("link-dangling", "notes.txt", "nowhere", "notes.txt (link)")
_link("link-loop", "loop", "loop", "loop (link)")
_link("link-up", "up", "..", "up (link)")
_link(
    "link-record", "small.responses.jsonl", "../../honest-1/small/small.responses.jsonl", "small.responses.jsonl (link)"
)
_link("link-essays", "small.essays.json", "../../honest-1/small/small.essays.json", "small.essays.json (link)")
_link("link-notebook", "small.ipynb", "../../../source/small/small.ipynb", "small.ipynb (link)")
_link("link-time", "timestamp.txt", "/dev/zero", "timestamp.txt (link)")


def _pipe(name: str, file: str) -> None:
    @_case(name, f"{file} (pipe)", "left out")
    def make(folder: Path, code: str) -> None:
        (folder / file).unlink(missing_ok=True)
        os.mkfifo(folder / file)


_pipe("pipe", "pipe")
_pipe("pipe-record", "small.responses.jsonl")
_pipe("pipe-notebook", "small.ipynb")
_pipe("pipe-time", "timestamp.txt")


@_case("socket", "s (socket)", "left out")
def _(folder: Path, code: str) -> None:
    here = Path.cwd()
    os.chdir(folder)  # a socket's path may not be long
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("s")
    finally:
        os.chdir(here)


@_case("deep-folders", None)
def _(folder: Path, code: str) -> None:
    (folder / "/".join(["d"] * 200)).mkdir(parents=True)


@_case("many-files", "The submitted folder holds more than 2000 files.", "left out")
def _(folder: Path, code: str) -> None:
    for number in range(2010):
        (folder / f"{number}.txt").touch()


@_case("too-large", "and CourseDirectory.max_dir_size allows 100 MB; the largest file is film.mp4 (101 MB", "left out")
def _(folder: Path, code: str) -> None:
    with (folder / "film.mp4").open("wb") as film:
        film.truncate(101 * 10**6)


@_case("names", "Other files stay in the submitted folder: ")
def _(folder: Path, code: str) -> None:
    for name in (b"<script>window.canary=1<", b"line\nbreak", b"\x1b[2J", b"\xff\xfe", b"-rf", b"*", b"%s{x}"):
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).touch()


def _time(name: str, text: str) -> None:
    @_case(name, "timestamp.txt does not tell a time")
    def make(folder: Path, code: str) -> None:
        (folder / "timestamp.txt").write_text(text, encoding="utf-8")


def _secret(name: str, content: bytes, says: str | None = None) -> None:
    # Grading does not use it; feedback finds its way back by it.
    @_case(name, says)
    def make(folder: Path, code: str) -> None:
        (folder / "submission_secret.txt").write_bytes(content)


_secret("secret-bytes", b"\xff\xfe")
_secret("secret-empty", b"")
_secret("secret-long", b"a" * 10_000, "submission_secret.txt could not be read (File too large)")
_time("time-words", "yesterday, I think")
_time("time-far", "99999-01-01 00:00:00 UTC")
_time("time-script", SCRIPT)
_time("time-empty", "")
_time("time-alone", "10:00")
_time("time-zone-out", "2026-11-20 10:00:00 ../x")
_time("time-zone-file", "2026-11-20 10:00:00 /etc/passwd")
_time("time-zone-unknown", "2026-11-20 10:00:00 XYZ")
_time("time-offset-far", "2026-11-20 10:00:00 +7200")
_time("time-digits", "2026-11-20 10:00:00 " + "9" * 50)


@_case("long-time", "timestamp.txt could not be read (File too large): nobody can say")
def _(folder: Path, code: str) -> None:
    (folder / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC" + " " * 2000, encoding="utf-8")


@_case("mark-before-time", None)
def _(folder: Path, code: str) -> None:
    (folder / "timestamp.txt").write_text("\ufeff2026-11-20 10:00:00 UTC\r\n", encoding="utf-8")
