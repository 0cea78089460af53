"""The floor of grading a class: the least work that any grader must do, in seconds on standard output.

Read every response file, write the same graded notebooks and the same rows in one SQLite transaction, and nothing else:
no parsing of JSON, no scoring, no checks. Run as: python -m fieldguide.bench.floor COURSE GRADED MODULE, where GRADED
is a copy of COURSE that has been graded.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from pathlib import Path

from fieldguide.responses.names import ESSAYS, RECORD

_TABLES = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")


def floor(course: Path, graded: Path, module: str) -> float:
    """The time in seconds; what is written is in memory before the clock starts."""
    notebooks = {path.parent.parent.name: path.read_bytes() for path in graded.glob(f"autograded/*/{module}/*.ipynb")}
    rows: dict[str, list[tuple[object, ...]]] = {}
    finished = sqlite3.connect(graded / "gradebook.db")
    for table in _TABLES:
        rows[table] = finished.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 (our own constants)
    finished.close()
    started = time.perf_counter()
    for student, text in notebooks.items():
        submitted = course / "submitted" / student / module
        for name in (f"{module}{RECORD}", f"{module}{ESSAYS}"):
            (submitted / name).read_bytes()
        folder = course / "autograded" / student / module
        folder.mkdir(parents=True)
        (folder / f"{module}.ipynb").write_bytes(text)
    gradebook = sqlite3.connect(course / "gradebook.db")
    for table, values in rows.items():
        marks = ",".join("?" * len(values[0]))
        gradebook.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608
    gradebook.commit()
    gradebook.close()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.stdout.write(f"{floor(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])}\n")
