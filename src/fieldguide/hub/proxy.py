"""The proxy in front of JupyterHub and the servers: the one written in Python, so that no Node is needed.

    python -m fieldguide.hub.proxy [the options of configurable-http-proxy]

It corrects two errors with WebSockets, which kernels use. JupyterLab offers a choice of protocols; the proxy passes the
offer on but not the answer, so browsers refuse the connection and JupyterLab has to try again with the older protocol.
And it passes binary messages on as text, which the server cannot read in either protocol.
"""

from __future__ import annotations

from configurable_http_proxy import configproxy
from configurable_http_proxy.cli import main


class Handler(configproxy.ProxyHandler):  # type: ignore[misc]
    """The proxy's handler, which passes kernels' WebSockets on unchanged."""

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Return the server's choice of protocol; the connection to it is made before this is called."""
        return self.ws_client.selected_subprotocol if self.ws_client else None

    def on_message(self, message: str | bytes) -> None:
        """Pass a browser's message on, as binary if it came as binary."""
        if self.ws_client:
            self.proxy.update_last_activity(self.target["prefix"])
            self.ws_client.write_message(message, binary=isinstance(message, bytes))


if __name__ == "__main__":
    configproxy.ProxyHandler = Handler
    main()
