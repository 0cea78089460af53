"""The proxy in front of JupyterHub and everybody's servers: the one written in Python, so that no Node is needed.

    python -m fieldguide.hub.proxy [the options of configurable-http-proxy]

Two things about WebSockets, which kernels speak through, are put right here. JupyterLab offers a choice of protocols;
the proxy hands on the offer but not the answer, and browsers refuse such a connection, so that JupyterLab has to try
again with the older one. And it hands on binary messages as text, which the server cannot read in either protocol.
"""

from __future__ import annotations

from configurable_http_proxy import configproxy
from configurable_http_proxy.cli import main


class Handler(configproxy.ProxyHandler):  # type: ignore[misc]
    """The proxy's handler, with kernels' WebSockets passed through as they are."""

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        """Return the choice of the server behind; the connection to it is made before this is asked."""
        return self.ws_client.selected_subprotocol if self.ws_client else None

    def on_message(self, message: str | bytes) -> None:
        """Hand a browser's message on, binary if it came so."""
        if self.ws_client:
            self.proxy.update_last_activity(self.target["prefix"])
            self.ws_client.write_message(message, binary=isinstance(message, bytes))


if __name__ == "__main__":
    configproxy.ProxyHandler = Handler
    main()
