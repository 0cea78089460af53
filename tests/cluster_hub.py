"""A hub on this machine that is told what the files for a cluster tell theirs, with their services and real servers.

What is not a cluster's here: a server is a process, and ``KubeSpawner`` a stand-in that gives it folders for the disks
of its pod and values for the secrets; people log in with their name as password.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml
from browser import free_port
from conftest import PROJECT
from jupyterhub.auth import Authenticator
from jupyterhub.spawner import LocalProcessSpawner
from patience import seconds, until
from traitlets import Dict, Unicode
from traitlets.config import Config

FILES = PROJECT / "deploy" / "kubernetes"
#: The home of a pod, which the chart mounts by a name of its own.
_HOME = "volume-home"
#: What the hub and its servers of this file are told, as JSON.
_TOLD = "CLUSTER_HUB"


def values() -> dict[str, Any]:
    """What ``values.yaml`` says."""
    told: dict[str, Any] = yaml.safe_load((FILES / "values.yaml").read_text("utf-8"))
    return told


def manifests(kind: str) -> list[dict[str, Any]]:
    """The manifests of a kind, as ``services.yaml`` has them."""
    every = yaml.safe_load_all((FILES / "services.yaml").read_text("utf-8"))
    return [one for one in every if one["kind"] == kind]


def run_extra_config(told: dict[str, Any], config: Config) -> None:
    """Run what the values give the hub to run, as the chart does."""
    chart = types.ModuleType("z2jh")
    chart.get_config = lambda name: told["custom"][name.removeprefix("custom.")]  # type: ignore[attr-defined]
    sys.modules["z2jh"] = chart
    try:
        for text in told["hub"]["extraConfig"].values():
            exec(text, {"c": config})
    finally:
        del sys.modules["z2jh"]


class ByName(Authenticator):  # type: ignore[misc]
    """Takes a name that is its own password."""

    async def authenticate(self, handler: Any, data: dict[str, str]) -> str | None:
        return data["username"] if data["password"] == data["username"] else None


class KubeSpawner(LocalProcessSpawner):  # type: ignore[misc]
    """Starts what a pod would, as a process of the hub's own account. Takes what the chart sets, as the chart does."""

    volumes = Dict(help="By names of the chart's.").tag(config=True)
    volume_mounts = Dict(help="By names of the chart's.").tag(config=True)
    extra_labels = Dict().tag(config=True)
    folder = Unicode(help="For homes and disks.").tag(config=True)

    def make_preexec_fn(self, name: str) -> Any:
        return None

    def mounted(self, at: str) -> str | None:
        """The folder of what is mounted at a place; None where nothing is. What is mounted inside another mount lies
        in it, and is found by its claim from elsewhere."""
        claims = {one["name"]: one["persistentVolumeClaim"]["claimName"] for one in self.volumes.values()}
        places = {one["mountPath"]: claims[one["name"]] for one in self.volume_mounts.values()}
        if at not in places:
            return None
        disk = Path(self.folder) / places[at].replace("{username}", self.user.name)
        if not disk.exists():
            around = self.mounted(str(Path(at).parent))
            real = Path(around) / Path(at).name if around else disk
            real.mkdir()
            if around:
                disk.symlink_to(real)
        return str(disk.resolve())

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        home = Path(self.mounted("/home/jovyan") or Path(self.folder) / f"of-the-pod-of-{self.user.name}")
        home.mkdir(exist_ok=True)
        return {**env, "USER": self.user.name, "HOME": str(home), "SHELL": "/bin/sh"}

    def get_env(self) -> dict[str, str]:
        told = json.loads(os.environ[_TOLD])
        env: dict[str, Any] = super().get_env()
        for name, value in env.items():
            if isinstance(value, dict):
                kept = value["valueFrom"]["secretKeyRef"]
                env[name] = told["secrets"][kept["name"]][kept["key"]]
            for inside, here in told["services"].items():
                env[name] = str(env[name]).replace(inside, here)
        if "FIELDGUIDE_COURSE" in env:
            env["FIELDGUIDE_COURSE"] = self.mounted(env["FIELDGUIDE_COURSE"])
        return env

    @property
    def working_folder(self) -> str:
        """Where a pod begins."""
        return str(self.user_env({})["HOME"])

    async def start(self) -> tuple[str, int]:
        self.cmd = [sys.executable, *self.cmd[1:]]
        self.popen_kwargs = {"cwd": self.working_folder}
        if os.getuid() == 0:
            self.args = ["--allow-root"]
        address: tuple[str, int] = await super().start()
        return address


def settle(config: Config) -> None:
    """What the chart tells a hub, and what it is told instead on this machine. The settings' file calls it."""
    told = json.loads(os.environ[_TOLD])
    folder = Path(told["folder"])
    hub = config.JupyterHub
    hub.bind_url, hub.hub_port = f"http://127.0.0.1:{told['ports'][0]}", told["ports"][1]
    config.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{told['ports'][2]}"
    config.ConfigurableHTTPProxy.command = [sys.executable, "-m", "fieldguide.hub.proxy"]
    config.ConfigurableHTTPProxy.log_level = "error"
    hub.db_url = f"sqlite:///{folder / 'hub.sqlite'}"
    hub.cookie_secret_file = str(folder / "cookie_secret")
    hub.tornado_settings = {"slow_spawn_timeout": 0}
    hub.cleanup_servers = True
    hub.spawner_class = "cluster_hub.KubeSpawner"
    config.KubeSpawner.folder = told["folder"]
    config.KubeSpawner.volumes = {_HOME: {"name": _HOME, "persistentVolumeClaim": {"claimName": "home-{username}"}}}
    config.KubeSpawner.volume_mounts = {_HOME: {"name": _HOME, "mountPath": "/home/jovyan"}}
    hub.services, hub.load_roles = [], []
    for name, service in told["values"]["hub"]["services"].items():
        hub.services.append({**service, "name": name, "url": told["urls"][name], "api_token": f"token-of-{name}"})
    for section, about in told["values"]["hub"]["config"].items():
        config[section].update({name: value for name, value in about.items() if value is not None})
    hub.authenticator_class = "cluster_hub.ByName"
    run_extra_config(told["values"], config)


class ClusterHub:
    """The hub and its services, started. ``folder`` holds homes and disks by the names of their claims."""

    def __init__(self, folder: Path, courses: dict[str, Any]) -> None:
        self.folder, self.log = folder, folder / "hub.log"
        told_values = values()
        told_values["custom"]["fieldguide"]["courses"] = courses
        ports = [free_port() for _ in range(3)]
        self.url = f"http://127.0.0.1:{ports[0]}"
        self.gradebooks = {course: f"sqlite:///{folder}/{course}.db" for course in courses}
        self.urls = {name: f"http://127.0.0.1:{free_port()}" for name in told_values["hub"]["services"]}
        self._told = {
            "folder": str(folder),
            "ports": ports,
            "values": told_values,
            "urls": self.urls,
            "services": {told_values["hub"]["services"][name]["url"]: url for name, url in self.urls.items()},
            "secrets": {"fieldguide-gradebooks": self.gradebooks},
        }
        settings = folder / "jupyterhub_config.py"
        settings.write_text("import cluster_hub\ncluster_hub.settle(get_config())\n", encoding="utf-8")
        here = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "NO_PROXY": "127.0.0.1"}
        here |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", _TOLD: json.dumps(self._told)}
        self._processes = [self._start([sys.executable, "-m", "jupyterhub", "-f", str(settings)], here)]
        for deployment in manifests("Deployment"):
            (container,) = deployment["spec"]["template"]["spec"]["containers"]
            self._processes.append(self._start(*self._service(container, courses, here)))

    def _service(
        self, container: dict[str, Any], courses: dict[str, Any], here: dict[str, str]
    ) -> tuple[list[str], dict[str, str]]:
        name = container["name"]
        kept = {
            "$(EXCHANGE_DATABASE)": f"sqlite:///{self.folder}/exchange.sqlite",
            "/exchange/files": f"{self.folder}/exchange",
        }
        arguments = [kept.get(one, one) for one in container["args"]]
        if name == "live":  # of every course of the values, which is one in the file
            (about,) = json.loads(arguments[1])
            every = [{key: one.replace(about["id"], course) for key, one in about.items()} for course in courses]
            arguments[1] = json.dumps(every)
        told = {one["name"]: one["value"] for one in container["env"] if "value" in one}
        told |= {"JUPYTERHUB_SERVICE_URL": self.urls[name], "JUPYTERHUB_API_TOKEN": f"token-of-{name}"}
        told["JUPYTERHUB_API_URL"] = f"http://127.0.0.1:{self._told['ports'][1]}/hub/api"
        return [sys.executable, *container["command"][1:], *arguments], {**here, **told}

    def _start(self, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)

    def said(self) -> str:
        """The end of the log, for a test that fails."""
        return self.log.read_text("utf-8")[-4000:]

    def wait_until_open(self) -> None:
        for address in (f"{self.url}/hub/api", *(f"{self.url}/services/{name}/healthz" for name in self.urls)):
            until(lambda address=address: self._answers(address))  # type: ignore[misc]

    def _answers(self, address: str) -> bool:
        assert all(one.poll() is None for one in self._processes), self.said()
        try:
            return requests.get(address, timeout=seconds(10)).ok
        except requests.RequestException:
            return False

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait(seconds(60))

    def log_in(self, name: str) -> tuple[requests.Session, requests.Response]:
        """Somebody's browser, logged in, and the page that they come to."""
        browser = requests.Session()
        browser.trust_env = False
        form = browser.get(f"{self.url}/hub/login", timeout=seconds(60))
        fields = {"username": name, "password": name, "_xsrf": word(form.text)}
        return browser, browser.post(f"{self.url}/hub/login", fields, timeout=seconds(60))

    def wait_for(self, browser: requests.Session, name: str, page: str) -> requests.Response:
        """A page of somebody's own server, once that is there."""

        def opened() -> requests.Response | None:
            answer = browser.get(f"{self.url}/user/{name}/{page}", timeout=seconds(60))
            assert "<h1>Your page could not be opened." not in answer.text, self.said()
            there = answer.url.startswith(f"{self.url}/user/{name}/") and answer.status_code != 503
            return answer if there else None

        return until(opened)


def word(page: str) -> str:
    """What a form of a page carries."""
    return re.findall(r'name="_xsrf" value="([^"]+)"', page)[0]


@contextmanager
def cluster_hub(folder: Path, courses: dict[str, Any]) -> Iterator[ClusterHub]:
    """A hub, open."""
    opened = ClusterHub(folder, courses)
    try:
        opened.wait_until_open()
        yield opened
    finally:
        opened.stop()
