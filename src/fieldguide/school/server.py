"""A course's own server, where it is graded: ``python -P -m fieldguide.school.server FILE``, started as root.

It is JupyterHub's single-user server as a service of the hub: whoever may use the service works here as the course's
account. The file is written by ``fieldguide-admin apply``.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from fieldguide.cookies import by_https
from fieldguide.grading.course import Course, CourseError, gradebook_address
from fieldguide.grading.gradebookdisk import why_no_gradebook
from fieldguide.hub.environment import CONFIG, path_with_tools, role_environment
from fieldguide.hubservice import become
from fieldguide.school import INSTRUCTORS, OVER_HTTPS, SOCKET
from fieldguide.school.begun import unfinished
from fieldguide.school.scopes import score, teach


def environment(settings: dict[str, Any], token: str, account: str, home: str) -> dict[str, str]:
    """What the server is told: by the hub's own names, as the hub would tell a service that it started itself."""
    name = settings["course"]
    access = f"access:services!service={name}"
    return {
        **role_environment(
            "instructor",
            course_id=name,
            exchange=settings["exchange"],
            live=settings["live"],
            course=settings["folder"],
        ),
        "FIELDGUIDE_LTI_URL": settings["lti"],
        "FIELDGUIDE_SIGN_IN": settings["sign_in"],
        "HOME": home,
        "USER": account,
        "LOGNAME": account,
        "SHELL": "/bin/sh",
        "LANG": "C.UTF-8",
        "PATH": path_with_tools(),
        "JUPYTERHUB_USER": account,
        "JUPYTERHUB_SERVICE_NAME": name,
        "JUPYTERHUB_SERVICE_PREFIX": settings["prefix"],
        "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{settings['port']}",
        "JUPYTERHUB_CLIENT_ID": f"service-{name}",
        "JUPYTERHUB_API_TOKEN": token,
        "JUPYTERHUB_API_URL": settings["hub"],
        "JUPYTERHUB_BASE_URL": "/",
        # A browser keeps cookies that this names __Host- only where they go by HTTPS alone, for which that of a log-in
        # on its way looks at the address.
        OVER_HTTPS: "1" if by_https(settings["public"]) else "0",
        "JUPYTERHUB_PUBLIC_URL": settings["public"],
        "JUPYTERHUB_HOST": "",
        "JUPYTERHUB_OAUTH_SCOPES": json.dumps([access, teach(name), score(name)]),
        "JUPYTERHUB_OAUTH_ACCESS_SCOPES": json.dumps([access]),
        INSTRUCTORS: settings["instructors"],
        "JUPYTERHUB_DEFAULT_URL": "/fieldguide/desk",
    }


def begin(folder: Path, course: str) -> None:
    """Give a course folder its settings file and an empty gradebook, where it has none: the desk opens with them."""
    settings = folder / "nbgrader_config.py"
    if not settings.exists():
        shutil.copyfile(CONFIG / "course" / settings.name, settings)
    gradebook = folder / "gradebook.db"
    if not gradebook.exists():
        from nbgrader.api import Gradebook  # imported only where it is needed: it takes seconds

        Gradebook(gradebook_address(folder), course).close()


def refuse_bad_place(folder: Path) -> None:
    """End with a sentence where scores would be lost; systemd does not start again what ended so."""
    try:
        why = why_no_gradebook(Course(folder).db_url)
    except CourseError as error:
        why = str(error)
    if why:
        sys.stderr.write(f"{why}\n")
        sys.exit(os.EX_CONFIG)


def refuse_unfinished(state: Path, course: str) -> None:
    """End with a sentence where a restore of the course was stopped: it would find an empty gradebook in its way."""
    begun = unfinished(state)
    if begun and course in begun.courses:
        sys.stderr.write(f"A restore of {course} was stopped, and has to be done first. Run: {begun.command}\n")
        sys.exit(os.EX_CONFIG)


def main(file: Path) -> None:
    """Become the server: as root take the port, which nobody else can, and then be the course's account."""
    os.umask(0o077)
    settings = json.loads(file.read_text(encoding="utf-8"))
    refuse_unfinished(Path(settings["token"]).parents[1], settings["course"])
    token = Path(settings["token"]).read_text(encoding="utf-8").strip()
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a connection of the last server may not be over yet
    taken.bind(("127.0.0.1", settings["port"]))
    become(settings["account"])
    entry = pwd.getpwuid(os.getuid())
    os.chdir(settings["folder"])
    refuse_bad_place(Path(settings["folder"]))
    begin(Path(settings["folder"]), settings["course"])
    os.set_inheritable(taken.fileno(), True)
    # Nothing of the environment of whoever started this is passed on.
    told = environment(settings, token, entry.pw_name, entry.pw_dir) | {SOCKET: str(taken.fileno())}
    again = f"--HubOAuth.cache_max_age={settings['asks_again_after']}"
    os.execve(sys.executable, [sys.executable, "-P", "-m", "fieldguide.school.gate", again], told)  # noqa: S606 (our own)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
