"""What lies in a student's own folders: how far they are in each module, from its notebook and its record alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from fieldguide.cells.kinds import HEAD, ITEM, POLICY
from fieldguide.items import Item, ReadingError, score
from fieldguide.plainfiles import read_plain
from fieldguide.player.head import Head
from fieldguide.player.ownrecord import OwnRecord, submitted
from fieldguide.responses import Snapshot

_LARGEST_NOTEBOOK = 16 << 20
#: A course has eight modules. What is beyond this is no course folder, and is not searched to its end.
_MOST_FOLDERS = 200


@dataclass(frozen=True, slots=True)
class Practice:
    """What was practiced in a module: how many questions there are, were tried, and were right at the first try.

    ``said`` is of each try that was told how sure one was, and whether it was right.
    """

    questions: int = 0
    tried: int = 0
    right_first: int = 0
    said: tuple[tuple[str, bool], ...] = ()


NO_PRACTICE = Practice()


@dataclass(frozen=True, slots=True)
class Own:
    """A student's copy of a module. ``folder`` and ``notebook`` are paths below the root.

    ``answered`` of ``asked`` count the graded questions, or those of a check. ``handed_in`` is when that was last done
    (UTC, ISO 8601), and ``changed`` whether an answer is another one since. ``policy`` is the
    id of its policy, or of its part of one; ``whole`` says which.
    """

    folder: str
    notebook: str
    head: Head
    begun: bool = False
    answered: int = 0
    asked: int = 0
    handed_in: str | None = None
    changed: bool = False
    practice: Practice = NO_PRACTICE
    policy: str | None = None
    whole: bool = False


def find_own(root: Path) -> dict[str, Own]:
    """The students' editions below a server's root, by their folders: one level down, or two."""
    found = {}
    for folder in _module_folders(root):
        own = read_own(root, folder)
        if own is not None:
            found[own.folder] = own
    return found


def _module_folders(root: Path) -> Iterator[Path]:
    for folder in _folders(root):
        if (folder / f"{folder.name}.ipynb").is_file():
            yield folder
        else:
            yield from (inner for inner in _folders(folder) if (inner / f"{inner.name}.ipynb").is_file())


def notebooks_of(root: Path, module: str) -> list[Path]:
    """The notebooks of a module below a server's root: one, unless it lies there twice."""
    return [folder / f"{module}.ipynb" for folder in _module_folders(root) if folder.name == module]


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            plain = (entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
            names = islice((name for name in plain if not name.startswith(".")), _MOST_FOLDERS)
            return [folder / name for name in sorted(names)]
    except OSError:
        return []


def around(notebook: Path, released: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The folders of the modules before and after a module's, nearest first: of those that lie beside it, and of the
    folders that those which are ``released`` will have."""
    here = notebook.parent
    there = {folder for folder in _folders(here.parent) if (folder / f"{folder.name}.ipynb").is_file()}
    order = sorted(there | {here} | {folder for folder in released if folder.parent == here.parent})
    place = order.index(here)
    return order[:place][::-1], order[place + 1 :]


def title_of(folder: Path) -> str | None:
    """The title of a student's copy of a module; None where there is none that can be read."""
    head = _read_head(_cells_of(folder))
    return head.title if head else None


def language_below(root: Path) -> str | None:
    """The language of the last of a student's modules; None where there is none that can be read."""
    heads = (_read_head(_cells_of(folder)) for folder in reversed([*_module_folders(root)]))
    return next((head.lang for head in heads if head), None)


def read_own(root: Path, folder: Path) -> Own | None:
    """A student's copy of a module; None where there is none that can be read."""
    cells = _cells_of(folder)
    head = _read_head(cells)
    if head is None:
        return None
    now = OwnRecord(folder, head.id).snapshot()
    place = folder.relative_to(root).as_posix()
    ids = head.graded or (*head.check, *head.odd)
    last = submitted(now)
    policy = next(_read_all(POLICY, cells), None)
    return Own(
        folder=place,
        notebook=f"{place}/{folder.name}.ipynb",
        head=head,
        begun=bool(now.responses or now.essays),
        answered=sum(_answered(now, one) for one in ids),
        asked=len(head.graded or head.check),
        handed_in=last.time if last else None,
        changed=last is not None and not last.holds(now, *ids),
        practice=_practice(head, cells, now),
        policy=policy and policy.id,
        whole=policy is not None and policy.gather,
    )


def _cells_of(folder: Path) -> list[str]:
    """The texts of a module's cells; none where it cannot be read."""
    try:
        cells = json.loads(read_plain(folder / f"{folder.name}.ipynb", _LARGEST_NOTEBOOK))["cells"]
        return [_text(cell) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _read_head(cells: list[str]) -> Head | None:
    """The head of a student's edition."""
    head: Head | None = next(_read_all(HEAD, cells), None)
    return head if head and head.edition == "student" else None


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _read_all(kind: Any, cells: list[str]) -> Iterator[Any]:
    """What the cells of a kind ask; without those that cannot be read, of which their module's page tells."""
    for text in cells:
        if text.startswith(f"{kind.magic}\n"):
            try:
                yield kind.read_edition(kind.below(text), "the notebook", 1)
            except ReadingError:
                continue


def _answered(now: Snapshot, item: str) -> bool:
    return bool(now.of(item).saved or now.essay(item)[0])


def _practice(head: Head, cells: list[str], now: Snapshot) -> Practice:
    tried = {one for one in head.practice if now.of(one).attempts}
    right_first = 0
    said: list[tuple[str, bool]] = []
    texts = [text for text in cells if any(f"\nid: {one}\n" in text for one in tried)]
    for item in _read_all(ITEM, texts):
        if item.id in tried and not item.BY_PERSON:
            there = now.of(item.id)
            right_first += _is_right(item, there.attempts[0])
            said += [
                (level, _is_right(item, attempt))
                for attempt, level in zip(there.attempts, there.certainties, strict=True)
                if level is not None
            ]
    return Practice(len(head.practice), len(tried), right_first, tuple(said))


def _is_right(item: Item, response: object) -> bool:
    return score(item, response).state == "right"
