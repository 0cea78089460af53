"""The proxy in front of JupyterHub and the servers: the one written in Python, so that no Node is needed.

    python -m fieldguide.hub.proxy [the options of configurable-http-proxy]

It corrects three errors. Ten answers at a time are all that it waits for, and it passes on each when it is whole: while
ten students are told how far their servers are, nobody else of the school gets any page, and what they are told comes
at the end. JupyterLab offers a choice of protocols for a kernel's WebSocket; the proxy passes the offer on but not the
answer, so browsers refuse the connection and JupyterLab has to try again with the older protocol. And it passes binary
messages on as text, which the server cannot read in either protocol.
"""

from __future__ import annotations

import os
from asyncio import Future

from configurable_http_proxy import configproxy
from configurable_http_proxy.cli import main
from tornado.httpclient import AsyncHTTPClient
from tornado.httputil import parse_response_start_line

from fieldguide.hub.ownpages import OwnPages, asking

#: How many answers are waited for at a time, more than a machine has students; and how large one may be, in bytes.
_AT_A_TIME, _LARGEST = 20_000, 1 << 40
#: What is between two neighbors, and not passed on.
_BETWEEN = frozenset(("connection", "keep-alive", "transfer-encoding"))


class Handler(configproxy.ProxyHandler):  # type: ignore[misc]
    """The proxy's handler, which passes on what comes as it comes."""

    async def get_target_url(self, path: str | None) -> str | None:
        """Where a request goes; None where it is answered here: nobody comes to a server that is not theirs."""
        url: str | None = await super().get_target_url(path)
        own = OwnPages.here(os.environ)
        if url is None or own is None:
            return url
        cookie, program = self.get_cookie(own.cookie), self.request.headers.get("Authorization")
        if own.may_see(self.target["prefix"], cookie, program):
            return url
        if self.request.method in ("GET", "HEAD") and "Upgrade" not in self.request.headers:
            self.redirect(asking(self.request.uri))
        else:
            self.send_error(403)
        return None

    async def call_proxy(self, path: str | None = None) -> None:
        """Ask the server, and pass on its answer while it comes, as it is."""
        url = await self.get_target_url(path)
        if url is None:
            return
        request = self._get_proxy_request(url)
        request.decompress_response = False
        request.header_callback = self._head
        request.streaming_callback = self._part
        try:
            await AsyncHTTPClient().fetch(request, raise_error=False)
        except Exception as error:  # whatever it is, somebody waits for an answer
            if self._headers_written:  # what came is not whole, and must not look so
                self.detach().close()
            else:
                self.clear()
                await self.handle_proxy_error(503, error)
            return
        self.finish()

    def _head(self, line: str) -> None:
        line = line.rstrip("\r\n")
        if line.startswith("HTTP/"):
            self.clear()
            for name in ("Server", "Content-Type", "Date"):
                self.clear_header(name)
            start = parse_response_start_line(line)
            self.set_status(start.code, start.reason)
        elif line:
            name, _, value = line.partition(":")
            if name.lower() not in _BETWEEN:
                self.add_header(name, value.strip())

    def _part(self, part: bytes) -> Future[None]:
        self.write(part)
        done: Future[None] = self.flush()
        return done  # the server waits for whoever reads slowly, and is left by who has gone

    def compute_etag(self) -> None:
        """None: the server says what its answer is called."""

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Return the server's choice of protocol; the connection to it is made before this is called."""
        return self.ws_client.selected_subprotocol if self.ws_client else None

    def on_message(self, message: str | bytes) -> None:
        """Pass a browser's message on, as binary if it came as binary."""
        if self.ws_client:
            self.proxy.update_last_activity(self.target["prefix"])
            self.ws_client.write_message(message, binary=isinstance(message, bytes))


def many_at_a_time() -> None:
    """Have the proxy wait for as many answers as are asked for."""
    AsyncHTTPClient.configure(None, max_clients=_AT_A_TIME, max_body_size=_LARGEST)


if __name__ == "__main__":
    configproxy.ProxyHandler = Handler
    many_at_a_time()
    main()
