"""The course on a cluster: who goes where, and what the services' manifests start, as far as no cluster is needed."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import yaml
from browser import free_port
from cluster_hub import FILES, run_extra_config, values
from conftest import PROJECT
from jupyterhub.handlers.base import reasons
from jupyterhub.orm import Group, User, new_session_factory
from jupyterhub.spawner import SpawnException
from patience import seconds
from tornado.web import HTTPError
from traitlets.config import Config

from fieldguide.bench.standin import StandInHub, StartedService
from fieldguide.cluster.places import LABEL, Places
from fieldguide.cluster.setting_up import SERVICES, settle
from fieldguide.hub.choosing import chosen
from fieldguide.hub.environment import NAMED
from fieldguide.school.people import People

VALUES = values()
MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((FILES / "services.yaml").read_text("utf-8")))
DEPLOYMENTS = [one for one in MANIFESTS if one["kind"] == "Deployment"]
COURSES = Places({"sw101": "Ethics", "sw202": "Policy & <practice>"}, "http://x/exchange", "http://x/live")
HOME = {"name": "volume-home", "persistentVolumeClaim": {"claimName": "{pvc_name}"}}


def server(*groups: str, place: str | None = None) -> Any:
    """A server that is about to be started for somebody in some groups."""
    user = SimpleNamespace(groups=[SimpleNamespace(name=name) for name in groups])
    told = {"course": place} if place else {}
    as_the_chart: dict[str, Any] = {"volumes": {"volume-home": HOME}, "volume_mounts": {}, "extra_labels": {}}
    return SimpleNamespace(user=user, user_options=told, environment={"A": "1"}, handler=None, **as_the_chart)


def test_a_student_gets_a_server_that_knows_of_no_course_folder_and_no_gradebook() -> None:
    mine = server("nbgrader-sw101", "other")
    assert COURSES.choice(mine) == ""
    COURSES.prepare(mine)
    assert mine.cmd[-1] == "fieldguide.cluster.student" and mine.default_url == "/fieldguide/"
    assert mine.environment["A"] == "1" and mine.environment["FIELDGUIDE_ROLE"] == "student"
    assert mine.environment["FIELDGUIDE_EXCHANGE_SERVICE"] == "http://x/exchange"
    assert not {"FIELDGUIDE_COURSE", "FIELDGUIDE_GRADEBOOK"} & mine.environment.keys()
    assert mine.volumes == {"volume-home": HOME} and mine.volume_mounts == {}
    assert mine.extra_labels == {LABEL: "student"}


def test_an_instructor_gets_the_courses_disk_and_its_gradebook_by_name() -> None:
    mine = server("formgrade-sw101")
    COURSES.prepare(mine)
    assert mine.cmd[-1] == "fieldguide.cluster.instructor" and mine.default_url == "/fieldguide/desk"
    assert mine.volumes["volume-home"] == HOME
    assert mine.volumes["course"]["persistentVolumeClaim"] == {"claimName": "fieldguide-course-sw101"}
    mount = mine.volume_mounts["course"]
    assert mount["mountPath"] == mine.environment["FIELDGUIDE_COURSE"]
    assert mine.environment["FIELDGUIDE_GRADEBOOK"]["valueFrom"]["secretKeyRef"]["key"] == "sw101"


def test_who_has_more_than_one_place_is_asked_and_gets_no_other() -> None:
    mine = server("nbgrader-sw101", "formgrade-sw202")
    asked = COURSES.choice(mine)
    assert re.findall(r'value="([^"]+)"', asked) == ["nbgrader-sw101", "formgrade-sw202"]
    assert "Policy &amp; &lt;practice&gt; (sw202): You teach this course." in asked
    with pytest.raises(HTTPError, match="Choose one"):
        COURSES.prepare(mine)
    mine.user_options = chosen({"course": ["formgrade-sw202"]})
    COURSES.prepare(mine)
    assert mine.environment["FIELDGUIDE_COURSE_ID"] == "sw202"
    elsewhere = server("nbgrader-sw101", "nbgrader-sw202", place="formgrade-sw101")
    for refused in (elsewhere, server("other"), server(), server(place="nbgrader-sw101")):
        with pytest.raises(HTTPError):
            COURSES.prepare(refused)
        assert refused.environment == {"A": "1"}


def test_who_has_one_place_left_comes_there_whatever_they_chose_before() -> None:
    school = People(
        [
            {"id": one, "title": one, "students": f"nbgrader-{one}", "instructors": "", "exchange": ""}
            for one in ("a", "b")
        ]
    )
    for places, before in ((COURSES, "nbgrader-sw202"), (school, "b")):
        mine = server("nbgrader-sw101", "nbgrader-a", place=before)
        places.prepare(mine)
        assert mine.environment["FIELDGUIDE_COURSE_ID"] in ("sw101", "a")
        # By this the hub knows which of their courses a server is open for.
        assert mine.user_options == {"course": "nbgrader-sw101" if places is COURSES else "a"}


def test_who_has_one_place_arrives_there_and_who_has_more_or_none_where_they_all_are() -> None:
    def arrives(*groups: str) -> str:
        user = SimpleNamespace(groups=[SimpleNamespace(name=name) for name in groups])
        return COURSES.first_page(SimpleNamespace(current_user=user, hub=SimpleNamespace(base_url="/hub/")))

    assert arrives("nbgrader-sw101") == "" == COURSES.first_page(SimpleNamespace(current_user=None))
    assert arrives() == "/hub/home" == arrives("nbgrader-sw101", "formgrade-sw202")


def test_who_can_go_nowhere_is_told_why_on_the_hubs_page() -> None:
    school = People([{"id": "a", "title": "Ethics", "students": "nbgrader-a", "instructors": "formgrade-a"}])
    for places, said in ((COURSES, "You are in no course here."), (school, "You take no course here.")):
        with pytest.raises(SpawnException) as refused:
            places.prepare(server("other"))
        # Of any other error, and of a reason that it has a sentence for, the hub tells only that no server started.
        assert refused.value.message.startswith(said) and refused.value.status_code == 403
        assert refused.value.reason not in reasons


def test_the_values_make_the_hubs_settings() -> None:
    config = Config()
    run_extra_config(VALUES, config)
    assert config.JupyterHub.load_groups["formgrade-sw101"] == {"users": ["grace"]}
    roles = {role["name"]: role for role in config.JupyterHub.load_roles}
    assert roles.keys() == VALUES["hub"]["services"].keys() == {"exchange", "live"}
    assert "access:services!service=live" in config.KubeSpawner.server_token_scopes


def test_an_assistant_gets_the_courses_disk_and_no_home() -> None:
    mine = server("assist-sw101")
    mine.storage_pvc_ensure = True
    mine.user.db = new_session_factory("sqlite://")()
    group = Group(name="formgrade-sw101")
    group.users = [User(name=name) for name in ("joan", "grace")]
    mine.user.db.add(group)
    COURSES.prepare(mine)
    assert mine.cmd[-1] == "fieldguide.cluster.assistant" and mine.default_url == "/fieldguide/desk"
    assert [*mine.volumes] == ["course"] == [*mine.volume_mounts] and mine.storage_pvc_ensure is False
    assert mine.environment["FIELDGUIDE_GRADEBOOK"]["valueFrom"]["secretKeyRef"]["key"] == "sw101"
    assert json.loads(mine.environment[NAMED]) == ["grace", "joan"]
    assert mine.extra_labels == {LABEL: "assistant"}


def test_only_who_grades_reaches_the_gradebooks_and_who_assists_no_exchange() -> None:
    (policy,) = (one for one in MANIFESTS if one["metadata"]["name"] == "fieldguide-graders")
    (role,) = policy["spec"]["podSelector"]["matchExpressions"]
    assert (role["key"], role["operator"], set(role["values"])) == (LABEL, "In", {"instructor", "assistant"})
    config = Config()
    settle(config, VALUES["custom"]["fieldguide"])
    groups = {one["name"]: {*one["groups"]} for one in config.JupyterHub.load_roles}
    assert groups["exchange"] == {"formgrade-sw101", "nbgrader-sw101"}
    assert groups["live"] == groups["exchange"] | {"assist-sw101"}


def test_nobody_grades_a_course_that_they_take() -> None:
    about = {"title": "Ethics", "instructors": ["grace", "grace"], "assistants": ["tim", "ben"], "students": ["ben"]}
    with pytest.raises(ValueError, match=r"courses\.sw101 in values\.yaml names ben more than once"):
        settle(Config(), {"courses": {"sw101": about}})


@pytest.mark.parametrize("about", [{}, {"title": ""}, {"title": "Ethics", "teachers": ["grace"]}])
def test_a_course_that_cannot_be_understood_is_told_by_its_name(about: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"courses\.sw101 in values\.yaml needs a title"):
        settle(Config(), {"courses": {"sw101": about}})


def test_where_the_login_brings_groups_none_is_named() -> None:
    config = Config()
    settle(config, {"courses": {"sw101": {"title": "Ethics"}}})
    assert "load_groups" not in config.JupyterHub


def test_the_two_files_name_the_same_courses_image_and_services() -> None:
    courses = set(VALUES["custom"]["fieldguide"]["courses"])
    claims = {one["metadata"]["name"] for one in MANIFESTS if one["kind"] == "PersistentVolumeClaim"}
    assert {f"fieldguide-course-{course}" for course in courses} == claims - {"fieldguide-exchange"}
    (live,) = (one for one in DEPLOYMENTS if one["metadata"]["name"] == "fieldguide-live")
    (container,) = live["spec"]["template"]["spec"]["containers"]
    assert set(re.findall(r'"id": "([^"]+)"', container["args"][1])) == courses
    image = "{name}:{tag}".format(**VALUES["hub"]["image"])
    assert VALUES["singleuser"]["image"] == {key: VALUES["hub"]["image"][key] for key in ("name", "tag")}
    reached = {
        rule["to"][0]["podSelector"]["matchLabels"]["app"]: rule["ports"][0]["port"]
        for rule in VALUES["singleuser"]["networkPolicy"]["egress"]
    }
    ports = {one["metadata"]["name"]: one["spec"]["ports"][0]["port"] for one in MANIFESTS if one["kind"] == "Service"}
    for deployment in DEPLOYMENTS:
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert container["image"] == image
        name = container["name"]
        port = container["ports"][0]["containerPort"]
        assert VALUES["hub"]["services"][name]["url"] == f"http://fieldguide-{name}:{port}"
        assert ports[f"fieldguide-{name}"] == reached[f"fieldguide-{name}"] == port
        # Servers ask the service itself: the proxy would send them on to HTTPS.
        assert SERVICES[name] == f"http://fieldguide-{name}:{port}/services/{name}"


def test_no_secret_stands_in_a_file_and_every_pod_is_closed() -> None:
    policies = [one["spec"] for one in MANIFESTS if one["kind"] == "NetworkPolicy"]
    for deployment in DEPLOYMENTS:
        pod = deployment["spec"]["template"]
        assert pod["spec"]["automountServiceAccountToken"] is False and pod["spec"]["securityContext"]["runAsNonRoot"]
        (container,) = pod["spec"]["containers"]
        closed = container["securityContext"]
        assert closed["readOnlyRootFilesystem"] and not closed["allowPrivilegeEscalation"]
        assert closed["capabilities"] == {"drop": ["ALL"]} and container["resources"]["limits"]["memory"]
        for variable in container["env"]:
            if re.search("TOKEN|DATABASE|PASSWORD", variable["name"]):
                assert "secretKeyRef" in variable["valueFrom"]
        (policy,) = [
            one for one in policies if one["podSelector"]["matchLabels"] == {"app": pod["metadata"]["labels"]["app"]}
        ]
        assert policy["policyTypes"] == ["Ingress", "Egress"]
        (rule,) = policy["ingress"]
        assert {one["podSelector"]["matchLabels"]["component"] for one in rule["from"]} == {
            "proxy",
            "singleuser-server",
        }
    everything = "".join(path.read_text("utf-8") for path in FILES.iterdir())
    assert not re.search(r"(?i)(password|apiToken|secretToken|cookieSecret):", everything)


@pytest.mark.parametrize("name", ["exchange", "live"])
def test_what_a_manifest_starts_is_the_service(name: str, tmp_path: Any) -> None:
    (deployment,) = (one for one in DEPLOYMENTS if one["metadata"]["name"] == f"fieldguide-{name}")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["command"][:3] == ["python", "-P", "-m"]
    kept = {"$(EXCHANGE_DATABASE)": f"sqlite:///{tmp_path}/exchange.sqlite", "/exchange/files": str(tmp_path / "files")}
    arguments = [kept.get(argument, argument) for argument in container["args"]]
    hub = StandInHub(name, {"ana": ["nbgrader-sw101"], "else": []})
    started = StartedService(hub, [container["command"][3], *arguments], free_port(), seconds(60))
    told = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert told["JUPYTERHUB_SERVICE_PREFIX"] == f"/services/{name}/"
    assert told["JUPYTERHUB_OAUTH_ACCESS_SCOPES"] == f'["{hub.may_use}"]'
    assert told["JUPYTERHUB_SERVICE_URL"].endswith(f":{container['ports'][0]['containerPort']}")
    try:
        where = {"exchange": "courses", "live": "rooms"}[name]
        asked = {
            who: requests.get(f"{started.url}/{where}", headers={"Authorization": f"token {who}"}, timeout=seconds(30))
            for who in ("ana", "stranger")
        }
        assert asked["ana"].ok and asked["stranger"].status_code == 403
        if "httpGet" in container["readinessProbe"]:
            path = container["readinessProbe"]["httpGet"]["path"]
            assert requests.get(started.url.removesuffix(f"/services/{name}") + path, timeout=seconds(30)).ok
    finally:
        started.stop()
        hub.close()


def test_the_image_copies_only_what_it_may_hold() -> None:
    lines = (FILES / "Dockerfile").read_text("utf-8").splitlines()
    copied = {name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]}
    allowed = {line[1:] for line in (PROJECT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert copied and copied <= allowed
    assert "USER 1000:100" in lines
    (install,) = (line for line in lines if "requirements-cluster.lock" in line and line.startswith("RUN"))
    assert "--require-hashes" in install


def test_what_the_image_has_is_what_is_tested() -> None:
    def pinned(name: str) -> dict[str, str]:
        entries = re.split(r"\n(?=[a-z0-9])", (PROJECT / name).read_text("utf-8").strip())
        return {entry.partition("==")[0].partition("[")[0]: entry.partition("==")[2].split(" ")[0] for entry in entries}

    image, everything = pinned("requirements-cluster.lock"), pinned("requirements.lock")
    assert {"jupyterhub-kubespawner", "pycurl", "ngshare", "psycopg"} <= image.keys()
    # What the chart starts in the hub's image, where servers are stopped that nobody uses, and what logs people in.
    assert VALUES["cull"]["enabled"] and {"jupyterhub-idle-culler", "oauthenticator"} <= image.keys()
    assert {name: version for name, version in image.items() if everything.get(name, version) != version} == {}


def test_who_can_go_to_two_places_is_asked_which_by_one_form_and_a_title_is_text() -> None:
    def asks(*groups: str) -> SimpleNamespace:
        user = SimpleNamespace(groups=[SimpleNamespace(name=name) for name in groups])
        return SimpleNamespace(user=user, handler=None)

    cluster = Places({"a": "<b>Ethics", "b": "Law"}, "", "")
    told = [{"id": one, "title": f"<b>{one}", "students": f"nbgrader-{one}", "instructors": ""} for one in "ab"]
    school = People(told)
    assert cluster.choice(asks("nbgrader-a")) == "" == school.choice(asks("nbgrader-a"))
    form = cluster.choice(asks("formgrade-a", "nbgrader-b"))
    assert 'value="formgrade-a" required> &lt;b&gt;Ethics (a): You teach this course.<' in form
    assert "Law (b): You take this course." in form
    legend = "<fieldset><legend>Which course do you want to open?</legend>"
    other = school.choice(asks("nbgrader-a", "nbgrader-b"))
    assert form.startswith(legend) and other.startswith(legend)
    assert 'name="course" value="b" required> &lt;b&gt;b (b)<' in other and "<b>" not in form + other
