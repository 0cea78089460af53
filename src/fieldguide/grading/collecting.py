"""Collecting what students handed in: plain files, and nothing else.

nbgrader copies what it finds before any grader of ours runs. A link to a device would be copied without end, a pipe or
one odd folder name would stop the whole class, and Formgrader's list of submissions fails for everybody at a time that
cannot be read. So such things stay behind in the exchange, each is named, and the rest of the class is collected.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import parse_utc

from fieldguide.grading.names import show
from fieldguide.plainfiles import open_plain

_TIME = "timestamp.txt"
_LONGEST_TIME = 200
_MOST_FILES = 10_000


class Collect(ExchangeCollect):  # type: ignore[misc]
    """nbgrader's collecting, which one student's files cannot stop."""

    src_records: list[dict[str, Any]]

    def init_src(self) -> None:
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"] is not None]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        try:
            if Path(path).is_symlink():
                raise ValueError("it is a link")
            record: dict[str, Any] = super()._path_to_record(path)
        except (ValueError, OverflowError, TypeError, ExchangeError) as error:
            self.log.error("%s is left out: %s.", show(Path(path).name), show(str(error)))
            return {"username": None, "filename": Path(path).name, "timestamp": datetime.min}
        return record

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        name = show(Path(src).name)
        try:
            with tempfile.TemporaryDirectory(prefix="fieldguide-") as folder:
                plain = Path(folder, "submission")
                odd = copy_plain(Path(src), plain, 1000 * self.coursedir.max_dir_size)
                super().do_copy(str(plain), dest)
        except (OSError, RuntimeError) as error:  # too deep or too large a folder among them
            shutil.rmtree(dest, ignore_errors=True)
            self.log.error("%s could not be collected: %s.", name, show(str(error)))
            return
        for left in odd:
            self.log.error("%s: left behind, %s.", name, left)


def copy_plain(source: Path, target: Path, most_bytes: int) -> list[str]:
    """Copy the plain files and folders of ``source`` to ``target``, a new folder; returns what stayed behind, and why.

    A time of handing in that cannot be read is set aside under another name. Raises OSError where the folder cannot be
    copied, or holds more than ``most_bytes`` bytes or too many files.
    """
    odd: list[str] = []
    files = _Files(most_bytes)

    def unusual(folder: str, names: list[str]) -> list[str]:
        left = [name for name in names if not _is_plain(os.lstat(os.path.join(folder, name)).st_mode)]  # noqa: PTH118
        odd.extend(f"{show(name)} is no plain file" for name in left)
        return left

    shutil.copytree(source, target, ignore=unusual, copy_function=files.copy)
    time = target / _TIME
    if time.is_file() and not _tells_a_time(time):
        time.rename(target / f"{_TIME}.unreadable")
        odd.append(f"{_TIME} does not tell a time; it is now {_TIME}.unreadable")
    return odd


class _Files:
    """Copies files one by one, up to so many, and up to so many bytes together."""

    def __init__(self, most_bytes: int) -> None:
        self._bytes = most_bytes
        self._files = _MOST_FILES

    def copy(self, source: str, target: str) -> None:
        self._files -= 1
        if self._files < 0:
            raise OSError(f"it holds more than {_MOST_FILES} files")
        # A student can change what lies in the exchange while it is collected.
        with open(open_plain(source), "rb") as old, open(target, "wb") as new:  # noqa: PTH123
            while part := old.read(1 << 20):
                self._bytes -= len(part)
                if self._bytes < 0:
                    raise OSError("it is larger than CourseDirectory.max_dir_size allows")
                new.write(part)


def _is_plain(mode: int) -> bool:
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _tells_a_time(path: Path) -> bool:
    if path.stat().st_size > _LONGEST_TIME:
        return False
    try:
        parse_utc(path.read_text(encoding="utf-8").strip())
    except (ValueError, OverflowError, TypeError):
        return False
    return True
