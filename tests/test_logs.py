"""Logs: what happened, and nobody's session, name or words."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from fieldguide.grading import schema
from fieldguide.hub.logs import HideSecrets

STATE = "eyJ1dWlkIjogImFiYyJ9"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "Setting new xsrf cookie for b'0ae9e8d1f1044854abcecb974ed2b55a:0d25b8b6c52542d0' {'path': '/hub/'}",
            "Setting new xsrf cookie for [secret] {'path': '/hub/'}",
        ),
        (
            f"302 GET /hub/login?next=%2Fhub%2Fapi%2Fauthorize%3Fclient_id%3Dana%26state%3D{STATE}%253D%253D (@::1)",
            "302 GET /hub/login?next=%2Fhub%2Fapi%2Fauthorize%3Fclient_id%3Dana%26state%3D[secret] (@::1)",
        ),
        (
            f"302 GET /a?code={STATE}&state={STATE}&x=1 -> /b?next=%252Fc%253Fstate%253D{STATE}%2526x%253D1",
            "302 GET /a?code=[secret]&state=[secret]&x=1 -> /b?next=%252Fc%253Fstate%253D[secret]%2526x%253D1",
        ),
        (
            "101 GET /user/ana/api/kernels/12/channels?session_id=4f0e-9a (ana@127.0.0.1) 3.05ms",
            "101 GET /user/ana/api/kernels/12/channels?session_id=[secret] (ana@127.0.0.1) 3.05ms",
        ),
        (
            "200 GET /user/ana/api?token=[secret]&1795 (ana@127.0.0.1)",
            "200 GET /user/ana/api?token=[secret]&1795 (ana@127.0.0.1)",
        ),
        ("Server ana is ready, 100%", "Server ana is ready, 100%"),
    ],
)
def test_a_log_tells_what_happened_and_nobodys_session(said: str, kept: str) -> None:
    entry = logging.LogRecord("hub", logging.INFO, "", 0, "%s", (said,), None)
    assert HideSecrets().filter(entry)
    assert entry.getMessage() == kept


def test_a_gradebook_that_refuses_tells_no_log_whose_name_or_which_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, told = tmp_path / "gradebook.db", {"first_name": "Anastasia"}  # a traceback shows lines, and no values
    with Gradebook(f"sqlite:///{file}") as gradebook:
        gradebook.add_student("ana", first_name="Ana")
    with closing(sqlite3.connect(file)) as connection:
        refuse = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        connection.execute(f"CREATE TRIGGER full BEFORE UPDATE ON student {refuse}")
    with Gradebook(f"sqlite:///{file}") as gradebook:
        try:
            gradebook.update_or_create_student("ana", **told)
        except Exception:  # whatever nbgrader makes of it
            logging.exception("The step failed.")
    try:
        with schema.gradebook_at(f"sqlite:///{file}") as engine, schema.for_writing(engine).begin() as changing:
            changing.execute(schema.student.update().values(**told))
    except Exception:
        logging.exception("The step failed.")
    assert caplog.text.count("IntegrityError) database or disk is full") > 2 and "nastasia" not in caplog.text
