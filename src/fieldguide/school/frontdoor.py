"""Caddy, which serves a school's site by HTTPS: what its own file says, and what it really sends.

That file is Caddy's, and a school may have other sites in it. It is written where it is as Debian installs it, and else
people are told what to change.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from fieldguide.cookies import by_https
from fieldguide.docs import page
from fieldguide.school import SchoolError
from fieldguide.school.machine import Difference
from fieldguide.school.planning import Places
from fieldguide.school.reading import School
from fieldguide.school.units import HEADERS, caddyfile, main_caddyfile

_DEAF = re.compile(r"^\s*admin\s+off\b", re.MULTILINE)
#: How long Caddy may take to answer on its own machine, in seconds.
_ANSWER = 10.0


def served(school: School) -> bool:
    """Whether Caddy has to serve anything: not for an address of this machine's own."""
    return by_https(school.address)


def own_file(places: Places) -> Path:
    """The file that Caddy begins with."""
    return places.root / "etc/caddy/Caddyfile"


def file_look(school: School, places: Places) -> Iterator[Difference]:
    """Caddy's own file, where it is missing, or as Debian installs it. Raises SchoolError where Caddy is missing."""
    if not served(school):
        return
    path = own_file(places)
    if not path.parent.is_dir():
        if places.root != Path("/"):
            return
        raise SchoolError("Caddy is not installed, so nothing is served by HTTPS. Run: apt-get install caddy")
    if path.exists() and not _untouched(path):
        return

    def write() -> None:
        draft = path.with_name(f".{path.name}.new")
        draft.write_text(main_caddyfile(str(places.settings / "Caddyfile")), encoding="utf-8")
        draft.chmod(0o644)
        draft.replace(path)

    yield Difference(f"{path} does not serve our site", f"{path}: written, with our site alone", write)


def by_hand(school: School, places: Places) -> Iterator[str]:
    """What to change in Caddy's own file, where a school has written it: our site with its headers, and no orders."""
    path, ours = own_file(places), places.settings / "Caddyfile"
    if not served(school) or not path.exists() or _untouched(path):
        return
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        yield f"{path} is no text in UTF-8. Save it as such."
        return
    if not _DEAF.search(text):
        yield (
            f"{path} lets every account of this machine tell Caddy what to serve (at port 2019). Write 'admin off' "
            f"into the braces that it begins with ({page('deploy.md')}), then run: fieldguide-admin apply"
        )
    wanted = caddyfile(school)
    if f"import {ours}" in text or wanted.split("\n", 1)[1] in text:
        return
    host = urlsplit(school.address).hostname or ""
    if host not in text:
        yield f"{path} does not serve {host}. Add the line: import {ours}"
        return
    for name, value in HEADERS.items():
        if not re.search(rf'^\s*(header\s+)?[>+?]?{name}\s+"?{re.escape(value)}"?\s*$', text, re.MULTILINE):
            yield f"{path} does not send the header {name} as {value}. Add it, or the line: import {ours}"
    if f"reverse_proxy 127.0.0.1:{school.port}" not in text:
        yield f"{path} does not hand on to 127.0.0.1:{school.port}, where the hub is. See {ours}"


def sent(school: School, port: int = 443) -> Iterator[str]:
    """What Caddy really sends on this machine: a certificate that browsers take, our headers, and the hub's page."""
    host = urlsplit(school.address).hostname or ""
    try:
        _page(host, port, ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        yield (
            f"A browser would refuse the certificate that Caddy has for {host} ({error.verify_message}). See: "
            "journalctl -u caddy. Where no certificate can be had from outside, give Caddy your own "
            f"({page('deploy.md')})."
        )
    except OSError as error:
        yield f"Caddy does not answer at port {port} for {host} ({error.strerror or error}). See: journalctl -u caddy"
        return
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    status, headers = _page(host, port, unchecked)
    if status != http.client.OK:
        yield f"{school.address} answers with {status}, so the hub is not reached. See: journalctl -u fieldguide-hub"
    for name, value in HEADERS.items():
        if headers.get_all(name) != [value]:
            yield f"{school.address} does not come with the header {name}: {value}. See {own_file(Places())}"


def _page(host: str, port: int, context: ssl.SSLContext) -> tuple[int, http.client.HTTPMessage]:
    """The status and headers of the log-in page, asked of this machine whatever the network says of the name."""
    with (
        socket.create_connection(("127.0.0.1", port), timeout=_ANSWER) as plain,
        context.wrap_socket(plain, server_hostname=host) as line,
    ):
        connection = http.client.HTTPSConnection(host)
        connection.sock = line
        connection.request("GET", "/hub/login")
        answer = connection.getresponse()
        return answer.status, answer.headers


def _untouched(path: Path) -> bool:
    """Whether a file is as Debian's package installs it."""
    try:
        done = subprocess.run(
            ["dpkg-query", "--show", "--showformat=${Conffiles}", "caddy"],  # noqa: S607  (the system's own)
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return False
    installed = {
        words[1] for line in done.stdout.splitlines() if (words := line.split())[:1] == ["/etc/caddy/Caddyfile"]
    }
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest() in installed
