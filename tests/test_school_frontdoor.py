"""Caddy in front of a school's server: its own file, and what it really sends."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from fieldguide.school import SchoolError, frontdoor
from fieldguide.school.machine import mend
from fieldguide.school.planning import Places
from fieldguide.school.reading import School
from fieldguide.school.units import HEADERS, caddyfile, main_caddyfile

SCHOOL = School((), address="https://guide.localhost")
DEBIANS = ":80 {\n\troot * /usr/share/caddy\n}\n"


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """A machine with Caddy as Debian installs it, of which Debian knows the checksum."""
    own = tmp_path / "etc/caddy/Caddyfile"
    own.parent.mkdir(parents=True)
    own.write_text(DEBIANS)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "dpkg-query").write_text(
        f"#!/bin/sh\necho ' /etc/caddy/Caddyfile {hashlib.md5(DEBIANS.encode()).hexdigest()}'\n"
    )
    (programs / "dpkg-query").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return Places(tmp_path)


def test_debians_own_file_is_replaced_and_a_schools_is_left(places: Places) -> None:
    own, told = frontdoor.own_file(places), list[str]()
    assert list(frontdoor.by_hand(SCHOOL, places)) == []
    assert mend([frontdoor.file_look(SCHOOL, places)], told.append) == 1 and "written" in told[0]
    assert own.read_text() == main_caddyfile(str(places.settings / "Caddyfile"))
    assert mend([frontdoor.file_look(SCHOOL, places)], told.append) == 0
    assert list(frontdoor.by_hand(SCHOOL, places)) == []
    own.write_text("example.org {\n}\n")
    assert list(frontdoor.file_look(SCHOOL, places)) == []


def test_an_address_of_the_machines_own_needs_no_caddy(places: Places) -> None:
    assert list(frontdoor.file_look(School(()), places)) == list(frontdoor.by_hand(School(()), places)) == []


def test_a_machine_without_caddy_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(frontdoor, "own_file", lambda places: tmp_path / "none/Caddyfile")
    with pytest.raises(SchoolError, match="apt-get install caddy"):
        list(frontdoor.file_look(SCHOOL, Places()))


def test_what_a_school_wrote_itself_is_held_to_ours(places: Places) -> None:
    own, ours = frontdoor.own_file(places), places.settings / "Caddyfile"
    good = "{\n\tadmin off\n}\n" + caddyfile(SCHOOL)
    for fine in (good, f"{{\n\tadmin off\n}}\nimport {ours}\n", good.replace("# Written", "# Changed")):
        own.write_text(fine)
        assert list(frontdoor.by_hand(SCHOOL, places)) == []
    own.write_text(good.replace('X-Content-Type-Options "nosniff"', "").replace(":650", ":9000"))
    told = list(frontdoor.by_hand(SCHOOL, places))
    assert len(told) == 2 and "X-Content-Type-Options" in told[0] and "127.0.0.1:650" in told[1]
    own.write_text("{\n\tadmin off\n}\nexample.org {\n}\n")
    (told_one,) = frontdoor.by_hand(SCHOOL, places)
    assert "does not serve guide.localhost" in told_one and f"import {ours}" in told_one


def test_a_caddy_that_takes_orders_from_every_account_is_told(places: Places) -> None:
    frontdoor.own_file(places).write_text(caddyfile(SCHOOL))
    (told,) = frontdoor.by_hand(SCHOOL, places)
    assert "port 2019" in told and "admin off" in told


class Page(BaseHTTPRequestHandler):
    """The log-in page as Caddy would send it."""

    left_out = ""
    twice = ""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/hub/login" else 404)
        for name, value in HEADERS.items():
            for _ in range((name != self.left_out) + (name == self.twice)):
                self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Tells nobody."""


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server with a certificate that this test trusts."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=guide.localhost"]
    names = ["-addext", "subjectAltName=DNS:guide.localhost"]
    subprocess.run([*made, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = HTTPServer(("127.0.0.1", 0), Page)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_is_really_sent_is_looked_at(served: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert list(frontdoor.sent(SCHOOL, served)) == []
    for mistake in ("left_out", "twice"):
        monkeypatch.setattr(Page, mistake, "Referrer-Policy")
        (told,) = frontdoor.sent(SCHOOL, served)
        assert "Referrer-Policy: same-origin" in told
        monkeypatch.setattr(Page, mistake, "")
    (told,) = frontdoor.sent(School((), address="https://other.localhost"), served)
    assert "would refuse the certificate that Caddy has for other.localhost" in told
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    (told,) = frontdoor.sent(SCHOOL, served)
    assert "would refuse" in told and "journalctl -u caddy" in told


def test_a_caddy_that_does_not_answer_is_told() -> None:
    (told,) = frontdoor.sent(SCHOOL, 1)
    assert "does not answer at port 1" in told
