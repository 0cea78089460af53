"""What a notebook sends to a page that shows it: scripts, styles and words cross once, and are few."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import nbformat
import pytest
from comm.base_comm import BaseComm
from conftest import PROJECT
from IPython.core.interactiveshell import InteractiveShell

MODULE = "02-safe-social-networking"
#: The fields of a widget's state that hold scripts, styles or words; what is deflated comes in buffers.
PAGES = ("_esm", "_css", "loader", "script", "styles", "words", "review_words")


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], list[bytes]]]:
    """What the kernel sends to the page while every cell of module 02 runs: the data of each message, and its bytes."""
    messages: list[tuple[dict[str, Any], list[bytes]]] = []

    class Recorded(BaseComm):
        def publish_msg(
            self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **_: Any
        ) -> None:
            messages.append((data or {}, list(buffers or [])))

    monkeypatch.setattr("comm.create_comm", Recorded)
    folder = Path(shutil.copytree(PROJECT / "release" / MODULE, tmp_path / MODULE))
    monkeypatch.chdir(folder)
    notebook = nbformat.read(folder / f"{MODULE}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    with redirect_stdout(io.StringIO()):
        for cell in notebook.cells:
            if cell.cell_type == "code" and cell.source.startswith("%"):
                shell.run_cell(cell.source).raise_error()
    InteractiveShell.clear_instance()
    return messages


def size(data: dict[str, Any], buffers: list[bytes]) -> int:
    """How many bytes of scripts, styles and words are in a message."""
    state = data.get("state", {})
    return sum(map(len, buffers)) + sum(len(str(state[name]).encode()) for name in PAGES if state.get(name))


def test_a_whole_module_sends_at_most_60_kilobytes_of_scripts_styles_and_words(
    sent: list[tuple[dict[str, Any], list[bytes]]],
) -> None:
    kinds = Counter(data.get("state", {}).get("kind") for data, _ in sent)
    assert {"module", "item", "case", "worksheet", "policy", "table"} <= kinds.keys() and kinds["item"] > 20
    assert 10_000 < sum(size(*message) for message in sent) <= 60_000


def test_no_part_crosses_twice(sent: list[tuple[dict[str, Any], list[bytes]]]) -> None:
    parts = [part for _, buffers in sent for part in buffers]
    assert len(parts) == len({bytes(part) for part in parts}) == 8
    assert sum("loader" in data.get("state", {}) for data, _ in sent) == 1
