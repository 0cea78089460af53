"""The addresses of the service of course sites, which its administrators enter there."""

from __future__ import annotations

#: What the service is called, below the hub's address.
NAME = "lti"


def addresses(address: str) -> dict[str, str]:
    """What a course site's administrator enters, and what it all begins with; ``address`` is the school's server's."""
    base = f"{address}/services/{NAME}"
    return {
        "base": f"{base}/",
        "login": f"{base}/login",
        "redirect": f"{base}/launch",
        "target": f"{base}/open",
        "picking": f"{base}/pick",
        "keys": f"{base}/keys",
        "canvas": f"{base}/canvas.json",
    }
