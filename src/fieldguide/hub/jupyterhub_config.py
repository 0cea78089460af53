"""JupyterHub's settings of the try-out classroom. Reads the file named by FIELDGUIDE_SETTINGS, which `classroom.py`
writes. A school's own server has others: `school/jupyterhub_config.py`."""

import json
import os
import sys
from pathlib import Path

from fieldguide.hub.environment import NAMED, path_with_tools, role_environment
from fieldguide.hub.logs import LOGGING
from fieldguide.hub.pages import OwnCourse, add_pages
from fieldguide.hub.processes import MARK
from fieldguide.live.setting_up import CourseGroups, add_live
from fieldguide.sharing.setting_up import add_service
from fieldguide.words import Words

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (JupyterHub provides it)

settings = json.loads(Path(os.environ["FIELDGUIDE_SETTINGS"]).read_text(encoding="utf-8"))
state = Path(settings["state"])
course_id = settings["course_id"]

# Files of the hub and of the servers that it starts are private to their owner. In the exchange nbgrader
# sets permissions by itself, and in a course that several look after it does with `CourseDirectory.groupshared`.
os.umask(0o077)
c.JupyterHub.logging_config = LOGGING

# On this machine only: the pages, JupyterHub's own address and the proxy's.
c.JupyterHub.bind_url = f"http://127.0.0.1:{settings['port']}"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = settings["hub_port"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['proxy_port']}"

c.JupyterHub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(state / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(state / "proxy.pid")

# A request gets 20 seconds unless the proxy is told otherwise, and grading a class takes longer. Of JupyterHub's names
# for the log levels this proxy knows three.
c.ConfigurableHTTPProxy.command = [sys.executable, "-m", "fieldguide.hub.proxy", "--proxy-timeout", "600000"]
c.ConfigurableHTTPProxy.log_level = "error"

# Stopping the hub stops everything, and soon: what students answered is on disk already.
c.JupyterHub.cleanup_servers = True
c.JupyterHub.cleanup_proxy = True
c.LocalProcessSpawner.interrupt_timeout = 5
c.LocalProcessSpawner.term_timeout = 2
c.LocalProcessSpawner.kill_timeout = 1

c.JupyterHub.authenticator_class = "fieldguide.hub.authenticator.PasswordFileAuthenticator"
c.PasswordFileAuthenticator.password_file = settings["passwords"]
c.Authenticator.allowed_users = {*settings["instructors"], *settings["assistants"], *settings["students"]}
c.JupyterHub.load_groups = {
    f"formgrade-{course_id}": {"users": settings["instructors"]},
    f"assist-{course_id}": {"users": settings["assistants"]},
    f"nbgrader-{course_id}": {"users": settings["students"]},
}

# The exchange: a folder, or a service.
service = ""
if settings.get("service_port"):
    service = add_service(c, [course_id], state / "exchange", settings["service_port"])
# Votes in class, which are in this service's memory alone.
groups = CourseGroups(course_id, f"formgrade-{course_id}", f"nbgrader-{course_id}", assistants=f"assist-{course_id}")
live = add_live(c, [groups], settings["live_port"])
for one in c.JupyterHub.services:  # which outlives a hub that is killed, and is then found by it
    one["environment"] |= {MARK: os.environ.get(MARK, "")}

# Everybody's server runs as the system user who started the hub, in a home folder of its own.
c.JupyterHub.spawner_class = "fieldguide.hub.starting.TryoutSpawner"
title = Words("coursepage").say("course")
roles = dict.fromkeys(settings["students"], "student") | dict.fromkeys(settings["instructors"], "instructor")
add_pages(c, lambda user: [OwnCourse(course_id, title, roles[user.name])])
c.SimpleLocalProcessSpawner.home_dir_template = str(Path(settings["homes"]) / "{username}")
c.Spawner.cmd = [sys.executable, "-P", "-m", "fieldguide.hub.singleuser"]
c.Spawner.args = ["--allow-root"] if os.getuid() == 0 else []
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
c.Spawner.environment = {MARK: os.environ.get(MARK, ""), "PATH": path_with_tools()}
# Instructors are at home at the desk, from which Formgrader is a link away, and students in the course page. The
# assignment list beside it has no address: the workspace "assignments" shows it (course_setup.py puts it into their
# homes). Assistants come to the desk too, on a server that lets them in to nothing else.
grading = {
    "course_id": course_id,
    "exchange": settings["exchange"],
    "service": service,
    "live": live,
    "course": settings["course"],
    "tryout": settings.get("tryout", False),
}
c.Spawner.group_overrides = {
    "instructor": {
        "groups": [f"formgrade-{course_id}"],
        "spawner_override": {
            "default_url": "/fieldguide/desk",
            "environment": role_environment("instructor", **grading),
        },
    },
    "assistant": {
        "groups": [f"assist-{course_id}"],
        "spawner_override": {
            "cmd": [sys.executable, "-P", "-m", "fieldguide.hub.assisting"],
            "default_url": "/fieldguide/desk",
            "environment": role_environment("assistant", **grading) | {NAMED: json.dumps(settings["instructors"])},
        },
    },
    "student": {
        "groups": [f"nbgrader-{course_id}"],
        "spawner_override": {
            "default_url": "/fieldguide/",
            "environment": role_environment(
                "student", course_id=course_id, exchange=settings["exchange"], service=service, live=live
            ),
        },
    },
}
