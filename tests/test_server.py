"""What ``./run server`` takes from docs/deploy.md, and what it says where it cannot run."""

from __future__ import annotations

import os
import shutil

import pytest
import server


def test_the_page_has_the_steps_that_are_tried() -> None:
    first, edit, second, last = server.commands(server.PAGE.read_text("utf-8"))
    assert first.splitlines()[-1] == second.strip() == "fieldguide-server-0.1.0/setup"
    assert edit.strip() == "nano /etc/fieldguide/courses.toml"
    assert [line.split()[:2] for line in last.splitlines()] == [
        ["chmod", "600"],
        *(["fieldguide-admin", command] for command in ("modules", "roster", "doctor")),
    ]


def test_where_it_cannot_run_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert server.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith("NOT RUN. Here is missing: root; ") and "apt-get install debootstrap" in said
