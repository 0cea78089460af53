"""The classroom's door: the right password opens it, and guessing is slow."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tornado.web import HTTPError

from fieldguide.hub import accounts
from fieldguide.hub.authenticator import PasswordFileAuthenticator
from fieldguide.hub.brake import Brake


def test_only_the_right_password_lets_in(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    made = accounts.load_passwords(file)
    door = PasswordFileAuthenticator(password_file=str(file))

    def enters(name: str, password: str) -> bool:
        return asyncio.run(door.authenticate(None, {"username": name, "password": password})) == name

    assert enters("ana", made["ana"])
    assert not enters("ana", made["ben"])
    assert not enters("ana", "")
    assert not enters("ana", "pässword")
    assert not enters("dora", "")


def test_after_five_wrong_passwords_a_name_has_to_wait(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    made = accounts.load_passwords(file)
    now = 1000.0
    door = PasswordFileAuthenticator(password_file=str(file), brake=Brake(lambda: now))

    def enters(name: str, password: str) -> bool:
        return asyncio.run(door.authenticate(None, {"username": name, "password": password})) == name

    assert [enters("ana", "wrong") for _ in range(5)] == [False] * 5
    with pytest.raises(HTTPError, match=r"too many wrong passwords\. Try again in 5 minutes") as refused:
        enters("ana", made["ana"])  # not even the right one tells anything now
    assert refused.value.status_code == 429
    assert enters("ben", made["ben"])
    now += 299
    with pytest.raises(HTTPError, match="in a minute"):
        enters("ana", made["ana"])
    now += 1
    assert enters("ana", made["ana"])


def test_wrong_passwords_for_many_names_stop_every_log_in() -> None:
    now = 0.0
    brake = Brake(lambda: now)
    for number in range(30):
        assert brake.seconds_to_wait(f"name-{number}") == 0
        brake.was_wrong(f"name-{number}")
        now += 1
    assert brake.seconds_to_wait("ana") == 270
    now += 270
    assert brake.seconds_to_wait("ana") == 0


def test_who_gets_in_after_some_slips_starts_afresh() -> None:
    brake = Brake(lambda: 0.0)
    for _ in range(3):
        for _ in range(4):
            brake.was_wrong("ana")
        assert brake.seconds_to_wait("ana") == 0
        brake.was_right("ana")
