"""JupyterHub's settings on a school's server.

What differs between schools is in the file that FIELDGUIDE_HUB names; `fieldguide-admin apply` writes it.
"""

import json
import os
import secrets
import sys
from pathlib import Path

from fieldguide.cookies import by_https
from fieldguide.hub.choosing import chosen
from fieldguide.hub.environment import path_with_tools
from fieldguide.hub.logs import LOGGING
from fieldguide.hub.ownpages import TOLD, OwnPages
from fieldguide.hub.pages import add_pages
from fieldguide.hubservice import add_service
from fieldguide.live.setting_up import CourseGroups, add_live
from fieldguide.school import LTI_SECRET
from fieldguide.school.addresses import NAME
from fieldguide.school.entering import Entering
from fieldguide.school.people import People
from fieldguide.school.planning import LTI_ACCOUNT, Places
from fieldguide.school.reading import Course, SignIn
from fieldguide.school.scopes import CUSTOM, roles, score, teach
from fieldguide.school.signin import SigningIn

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (JupyterHub provides it)

settings = json.loads(Path(os.environ["FIELDGUIDE_HUB"]).read_text(encoding="utf-8"))
state = Path(settings["state"])
people = People(settings["courses"])

os.umask(0o077)
c.JupyterHub.logging_config = LOGGING

# On this machine only; Caddy is in front of it.
c.JupyterHub.bind_url = f"http://127.0.0.1:{settings['port']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings['port'] + 1}"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = settings["port"] + 2
c.JupyterHub.public_url = settings["address"] + "/"
over_https = by_https(settings["address"])
# A browser then sends these cookies to no other machine, and takes none from another.
c.JupyterHub.cookie_host_prefix_enabled = over_https
c.JupyterHub.tornado_settings = {"xsrf_cookie_kwargs": {"secure": over_https}}

# The proxy gets this hub's environment; no server and no service does.
os.environ[TOLD] = OwnPages.made(over_https=over_https)

c.JupyterHub.db_url = f"sqlite:///{state / 'jupyterhub.sqlite'}"
# A newer JupyterHub may need it in another form; it keeps a copy of what was.
c.JupyterHub.upgrade_db = True
c.JupyterHub.cookie_secret_file = str(state / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(state / "proxy.pid")
# A request gets 20 seconds unless the proxy is told otherwise, and grading a class takes longer. Of JupyterHub's names
# for the log levels this proxy knows three.
c.ConfigurableHTTPProxy.command = [sys.executable, "-P", "-m", "fieldguide.hub.proxy", "--proxy-timeout", "600000"]
c.ConfigurableHTTPProxy.log_level = "error"

c.JupyterHub.authenticator_class = "fieldguide.school.authenticator.SchoolAuthenticator"
c.SchoolAuthenticator.course_groups = people.groups
c.SchoolAuthenticator.manage_groups = True
# So a change of who is in which course holds also for who goes on with a token from before.
c.SchoolAuthenticator.auth_refresh_age = settings["looks_again_after"]
c.SchoolAuthenticator.auth_refresh_strict = True
# Nobody is the hub's administrator: what there is to do, root does with fieldguide-admin.
c.JupyterHub.custom_scopes = CUSTOM
c.JupyterHub.load_roles = roles(settings["courses"])
# Each course's own server, where it is graded, is a unit of its own: started, limited and started again by systemd.
# JupyterHub starting it would stop with it, when it is slow, and start one after the other.
c.JupyterHub.services = [
    {
        "name": course["id"],
        "url": f"http://127.0.0.1:{course['port']}",
        "api_token": Path(course["token"]).read_text(encoding="utf-8").strip(),
        "oauth_client_id": f"service-{course['id']}",
        "oauth_client_allowed_scopes": [teach(course["id"]), score(course["id"])],
        "oauth_redirect_uri": f"/services/{course['id']}/oauth_callback",
        "oauth_no_confirm": True,
        "info": {"title": course["title"]},
    }
    for course in settings["courses"]
]
c.JupyterHub.default_url = people.first_page
# Votes in class, in this service's memory alone; it needs nothing of the machine.
live = add_live(
    c,
    [CourseGroups(one["id"], one["instructors"], one["students"], desk=one["id"]) for one in settings["courses"]],
    settings["port"] + 9,
    account="nobody",
)

courses = [
    Course(
        one["id"],
        one["title"],
        tuple(one["teaching"]),
        tuple(one["assisting"]),
        closed=one["closed"],
        lms=one["lms"],
        lms_instructors=one["lms_instructors"],
    )
    for one in settings["courses"]
]

# Those who come from a course site: its service takes what comes from there, and has no rights; the hub lets them in.
if settings["lti"]:
    lti_secret = secrets.token_hex(32)
    linked = [course for course in courses if course.lms]
    lti = add_service(
        c,
        NAME,
        settings["port"] + 8,
        ("fieldguide.lti.service", "--settings", settings["lti"]),
        groups=(),
        services=[course.id for course in linked],
        account=LTI_ACCOUNT,
        environment={LTI_SECRET: lti_secret},
    )
    c.SchoolAuthenticator.entering = Entering(linked, Places(Path(settings["root"])), lti, lti_secret)
    c.SchoolAuthenticator.over_https = over_https

# Where the school has a sign-in service of its own, it asks for passwords, and nobody types one here.
if settings["sign_in"]:
    c.SchoolAuthenticator.signing_in = SigningIn(
        SignIn(**settings["sign_in"]), Places(Path(settings["root"])), settings["address"], courses
    )

add_pages(c, people.own)
# A class that begins at nine starts its servers together. They start in turn, so nobody is turned away, as JupyterHub
# does from the hundredth on, and who waits for their turn has an hour; once it is theirs, a server has five minutes.
c.JupyterHub.concurrent_spawn_limit = 0
c.Spawner.start_timeout = 3600
c.Spawner.http_timeout = 300
# Answers are on disk when they are given, so a server that nobody uses can be stopped, and is without the hub's help.
idle = 60 * settings["stop_idle_after_minutes"]
c.Spawner.args = [
    f"--ServerApp.shutdown_no_activity_timeout={idle}",
    f"--MappingKernelManager.cull_idle_timeout={idle}",
    "--MappingKernelManager.cull_interval=60",
]
c.Spawner.environment = {"PATH": path_with_tools(), "FIELDGUIDE_LIVE_URL": live}
c.Spawner.default_url = "/fieldguide/"
c.Spawner.options_form = people.choice
c.Spawner.options_from_form = chosen
c.Spawner.pre_spawn_hook = people.prepare
c.Spawner.mem_limit = settings["student_memory"]
c.JupyterHub.spawner_class = "fieldguide.school.spawner.StudentSpawner"
c.StudentSpawner.in_scopes = Path("/run/systemd/system").is_dir()
# Until it is seen that a server has ended, who opens it waits.
c.Spawner.poll_interval = 5
