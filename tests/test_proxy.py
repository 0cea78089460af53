"""The proxy of a hub: what a server answers comes to the browser as it comes, and however many wait."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browser import free_port
from patience import seconds, until

from fieldguide.hub.ownpages import TOLD, OwnPages

#: More than the proxy once waited for at a time.
MANY = 15
PACKED = gzip.compress(b"a page", mtime=0)


class Server(ThreadingHTTPServer):
    """A server behind the proxy. What is asked for below /slow is begun, and ended when ``go_on`` is set."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.go_on = threading.Event()


class Answer(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/slow"):
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"data: begun\n\n")
            self.server.go_on.wait(seconds(60))
            self.wfile.write(b"data: done\n\n")
            self.close_connection = True
        elif self.path == "/broken":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"the beginning")
            self.close_connection = True
        elif self.path == "/nothing":
            self.send_response(304)
            self.send_header("ETag", '"own"')
            self.end_headers()
        else:
            self.send_response(200, "Fine")
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(PACKED)))
            self.send_header("Set-Cookie", "one=1")
            self.send_header("Set-Cookie", "two=2")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(PACKED)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def is_open(port: int) -> bool:
    """Whether somebody takes what comes to a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Proxy:
    """The proxy, with one server behind it."""

    def __init__(self, **environment: str) -> None:
        self.server = Server()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port, self.api = free_port(), free_port()
        target = f"http://127.0.0.1:{self.server.server_port}"
        ports = ["--ip", "127.0.0.1", "--port", str(self.port), "--api-ip", "127.0.0.1", "--api-port", str(self.api)]
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "fieldguide.hub.proxy", *ports, "--default-target", target],
            stderr=subprocess.DEVNULL,
            env=os.environ | environment,
        )
        for port in (self.port, self.api):
            until(partial(is_open, port))

    def add_server(self, name: str) -> None:
        """Have what is below /user/NAME/ go to the same server."""
        connection = http.client.HTTPConnection("127.0.0.1", self.api, timeout=seconds(30))
        target = f"http://127.0.0.1:{self.server.server_port}"
        connection.request("POST", f"/api/routes/user/{name}/", json.dumps({"target": target}))
        assert connection.getresponse().status == 201

    def ask(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds(30))
        connection.request(method, path, headers=headers)
        return connection.getresponse()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.server.go_on.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    started = Proxy()
    yield started
    started.stop()


def test_whoever_waits_is_told_meanwhile_and_keeps_nobody_else_waiting(proxy: Proxy) -> None:
    waiting = [proxy.ask(f"/slow/{number}") for number in range(MANY)]
    assert {one.read(len(b"data: begun\n\n")) for one in waiting} == {b"data: begun\n\n"}
    assert gzip.decompress(proxy.ask("/").read()) == b"a page"
    proxy.server.go_on.set()
    assert {one.read() for one in waiting} == {b"data: done\n\n"}


def test_an_answer_is_passed_on_as_it_is(proxy: Proxy) -> None:
    page = proxy.ask("/")
    assert (page.status, page.reason, page.read()) == (200, "Fine", PACKED)
    assert page.headers.get_all("Set-Cookie") == ["one=1", "two=2"]
    assert page.headers.get_all("Content-Type") == ["text/plain"]
    assert (page.headers["Content-Encoding"], page.headers["ETag"]) == ("gzip", None)
    head = proxy.ask("/", "HEAD")
    assert (head.status, head.headers["Content-Length"], head.read()) == (200, str(len(PACKED)), b"")
    unchanged = proxy.ask("/nothing")
    assert (unchanged.status, unchanged.headers["ETag"], unchanged.read()) == (304, '"own"', b"")


def test_an_answer_that_breaks_off_does_not_look_whole(proxy: Proxy) -> None:
    with pytest.raises(http.client.IncompleteRead):
        proxy.ask("/broken").read()
    assert proxy.ask("/").status == 200


def test_a_server_that_is_gone_is_told_as_such() -> None:
    gone = Proxy()
    gone.server.shutdown()
    gone.server.server_close()
    answer = gone.ask("/")
    assert (answer.status, b"503" in answer.read()) == (503, True)
    gone.process.terminate()
    gone.process.wait()


def test_a_page_of_somebodys_server_comes_to_their_own_browser_alone() -> None:
    told = OwnPages.made(over_https=False)
    own, keeps = OwnPages(told), Proxy(**{TOLD: told})
    for name in ("ana", "ben"):
        keeps.add_server(name)
    words = {name: f"{own.cookie}={own.word(name)}" for name in ("ana", "grace")}
    words["forged"] = f"{own.cookie}={OwnPages(OwnPages.made(over_https=False)).word('ana')}"

    def got(path: str, **headers: str) -> tuple[int, str | None]:
        answer = keeps.ask(path, **headers)
        return answer.status, answer.headers["Location"]

    try:
        assert got("/user/ana/page", Cookie=words["ana"]) == (200, None)
        asked = (302, "/hub/own?next=%2Fuser%2Fana%2Fpage%3Fa%3D1")
        assert got("/user/ana/page?a=1") == asked
        assert got("/user/ana/page?a=1", Cookie=words["grace"]) == asked
        assert got("/user/ana/page?a=1", Cookie=words["forged"]) == asked
        # What a browser can be made to send by a link, and other ways to write an address.
        assert got("/user/ana/page?token=x", Cookie=words["grace"])[0] == 302
        assert got("/user/ana/page", Cookie=words["grace"], Authorization="Basic YTpi")[0] == 302
        for path in ("/user/ben/page", "//user/ben/page", "/user/b%65n/page", "/%75ser/ben/page", "/user/ben"):
            assert keeps.ask(path, Cookie=words["ana"]).status == 302, path
        assert keeps.ask("/user/ana/page", "POST", Cookie=words["grace"]).status == 403
        socket_of = {"Upgrade": "websocket", "Connection": "Upgrade", "Cookie": words["grace"]}
        assert keeps.ask("/user/ana/socket", **socket_of).status == 403
        # A program has a token of its own, and nobody's browser; all else goes where it went.
        assert got("/user/ana/page", Authorization="token x") == (200, None)
        assert got("/services/sw101/desk", Cookie=words["grace"]) == (200, None)
    finally:
        keeps.stop()
