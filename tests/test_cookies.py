"""Cookies that no other machine can set: one condition, wherever one is named."""

from __future__ import annotations

import re

import pytest
from conftest import PROJECT

from fieldguide.cookies import by_https, cookie_name, is_secure
from fieldguide.hub.ownpages import OwnPages


@pytest.mark.parametrize(
    ("address", "called"),
    [("https://course.example.edu", "__Host-word"), ("http://127.0.0.1:650", "word"), ("https-proxy.example", "word")],
)
def test_a_cookie_is_this_servers_alone_where_people_come_by_https(address: str, called: str) -> None:
    name = cookie_name("word", over_https=by_https(address))
    assert name == called
    assert is_secure(name) == by_https(address)
    assert is_secure(OwnPages(OwnPages.made(over_https=by_https(address))).cookie) == by_https(address)


def test_no_other_file_names_the_prefix() -> None:
    source = PROJECT / "src" / "fieldguide"
    own = {path.name for path in source.rglob("*.py") if re.search("f?[\"']__Host-", path.read_text("utf-8"))}
    assert own == {"cookies.py"}
