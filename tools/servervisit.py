"""Somebody who comes to a school's server through Caddy; ``./run server`` has it run on the machine itself.

servervisit.py ADDRESS NAME PASSWORD [desk COURSE | kernel | memory SIZE]
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

#: The system's own, as a browser has them; requests alone would look elsewhere.
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_PATIENCE = 300
_TAKE = "x = b'x' * ({} << 20)"


class Visitor:
    """A browser of somebody who has logged in."""

    def __init__(self, address: str, name: str, password: str) -> None:
        self.address, self.name = address, name
        self.browser = requests.Session()
        self.browser.verify = CERTIFICATES
        self.browser.hooks["response"].append(refuse_what_browsers_drop)
        plain = requests.get(f"http{address.removeprefix('https')}/hub/login", allow_redirects=False, timeout=60)
        need("whoever comes by http is sent to https", plain.headers.get("Location") == f"{address}/hub/login")
        page = self.page("/hub/login")
        (word,) = re.findall(r'name="_xsrf" value="([^"]+)"', page.text)
        self.answer = self.browser.post(f"{address}/hub/login", {"username": name, "password": password, "_xsrf": word})
        need(f"{name} is let in", self.browser.get(f"{address}/hub/home").url == f"{address}/hub/home")
        open_ones = [cookie.name for cookie in self.browser.cookies if not cookie.secure]
        need(f"every cookie goes by https alone ({', '.join(open_ones) or 'all'})", not open_ones)
        need("that of the log-in is this machine's alone", any("__Host-" in one.name for one in self.browser.cookies))

    def page(self, path: str) -> requests.Response:
        """A page, once it is there."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            page = self.browser.get(f"{self.address}{path}")
            if page.status_code == 200 and page.url.startswith(f"{self.address}{path}"):
                return page
            if time.monotonic() > deadline:
                raise SystemExit(f"{path} did not come: {page.status_code} at {page.url}")
            time.sleep(1)

    def own_page(self) -> None:
        """The course page, with headers that stand there once."""
        page = self.page(f"/user/{self.name}/fieldguide/")
        need(
            "the course page loads nothing from elsewhere",
            "default-src 'none'" in page.headers["Content-Security-Policy"],
        )
        told = {name: page.headers.get(name) for name in ("X-Content-Type-Options", "Referrer-Policy")}
        need(
            "each header comes once",
            told == {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
            and page.headers["Strict-Transport-Security"] == "max-age=31536000",
        )

    def kernel(self) -> str:
        """The address of a new kernel's socket."""
        own = f"{self.address}/user/{self.name}"
        self.page(f"/user/{self.name}/lab")
        words = {cookie.path: cookie.value or "" for cookie in self.browser.cookies if cookie.name == "_xsrf"}
        word = words[f"/user/{self.name}/"]
        made = self.browser.post(f"{own}/api/kernels", json={"name": "fieldguide"}, headers={"X-XSRFToken": word})
        made.raise_for_status()
        return f"wss{own.removeprefix('https')}/api/kernels/{made.json()['id']}/channels"

    async def run(self, kernel: str, code: str, until: Callable[[dict[str, Any]], bool]) -> bool:
        """Run code in a kernel; whether a message came that was waited for."""
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.browser.cookies if one.name != "_xsrf")
        asked = HTTPRequest(
            kernel, headers={"Cookie": cookies, "Origin": self.address}, ca_certs=CERTIFICATES, connect_timeout=60
        )
        line = await websocket_connect(asked)
        head = {"msg_id": "1", "msg_type": "execute_request", "username": "", "session": "s", "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        message = {"header": head, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await line.write_message(json.dumps(message))
        while True:
            told = await asyncio.wait_for(line.read_message(), _PATIENCE)
            if told is None:
                return False
            if until(json.loads(told)):
                line.close()
                return True


def refuse_what_browsers_drop(answer: requests.Response, **_: object) -> None:
    """End where a cookie comes that a browser does not keep, by its rules for names that begin with __Host-."""
    for cookie in answer.raw.headers.getlist("Set-Cookie"):
        words = {word.strip().lower() for word in cookie.split(";")[1:]}
        if cookie.startswith("__Host-") and not {"secure", "path=/"} <= words:
            raise SystemExit(f"A browser would not keep this cookie of {answer.url}: {cookie.partition('=')[0]}")


def need(say: str, true: object) -> None:
    if not true:
        raise SystemExit(f"It was to be so, and is not: {say}")
    sys.stdout.write(f"{say}\n")


def says(text: str) -> Callable[[dict[str, Any]], bool]:
    return lambda told: told.get("msg_type") == "stream" and text in told["content"]["text"]


def died(told: dict[str, Any]) -> bool:
    return told.get("msg_type") == "status" and told["content"]["execution_state"] in ("restarting", "dead")


def main(address: str, name: str, password: str, what: str = "", more: str = "") -> None:
    visitor = Visitor(address, name, password)
    if what == "desk":
        need("the desk comes", "desk" in visitor.page(f"/services/{more}/fieldguide/desk").text)
        return
    visitor.own_page()
    if what == "kernel":
        said = asyncio.run(visitor.run(visitor.kernel(), "print(6 * 7)", says("42")))
        need("a kernel answers through a web socket", said)
    if what == "memory":
        size = int(more.rstrip("M"))
        kernel = visitor.kernel()
        need("a kernel runs within the limit", asyncio.run(visitor.run(kernel, "print(6 * 7)", says("42"))))
        need(
            f"one that takes {2 * size} MB of {size} ends",
            asyncio.run(visitor.run(kernel, _TAKE.format(2 * size), died)),
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
