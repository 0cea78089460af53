"""JupyterHub's single-user server, on a socket that it is given: ``python -P -m fieldguide.school.listening``.

Where a server opens its own port, another account of the machine can be there first, or take the port once the server
has ended, and then gets what was meant for the server. So root opens the socket, keeps it as long as anything is sent
there, and hands it on: the hub to a student's server, the start of a course's to what it becomes.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from fieldguide.hub.singleuser import keep_light
from fieldguide.school import OVER_HTTPS, SOCKET
from fieldguide.school.sockets import KERNELS_AT_SOCKETS, runtime_folder

keep_light()  # before anything of Jupyter's is imported

from jupyter_server.serverapp import ServerApp  # noqa: E402
from jupyterhub.singleuser.extension import JupyterHubSingleUser  # noqa: E402

_WAITING = 128  # connections, as many as tornado lets wait


class GivenServerApp(ServerApp):
    """Jupyter's server, which opens no port."""

    def init_webapp(self) -> None:
        """Jupyter's own, with a cookie against forged requests that goes by HTTPS alone where people come so."""
        if os.environ.get(OVER_HTTPS) == "1":
            self.tornado_settings = {
                **self.tornado_settings,
                "xsrf_cookie_kwargs": {"path": self.base_url, "secure": True},
            }
        super().init_webapp()

    def _find_http_port(self) -> None:
        """Nothing to find: the address is settled."""

    def _bind_http_server_tcp(self) -> bool:
        given = socket.socket(fileno=int(os.environ.pop(SOCKET)))
        given.set_inheritable(False)
        given.setblocking(False)
        given.listen(_WAITING)
        self.http_server.add_socket(given)
        return True


def serve(app: type[GivenServerApp] = GivenServerApp) -> None:
    """Serve until this process is ended."""
    JupyterHubSingleUser.serverapp_class = app
    os.environ["JUPYTER_RUNTIME_DIR"] = str(runtime_folder(Path.home()))
    JupyterHubSingleUser.launch_instance([*sys.argv[1:], KERNELS_AT_SOCKETS])


if __name__ == "__main__":
    serve()
