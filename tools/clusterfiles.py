"""What ``./run cluster`` looks at, in the environment that has Kubernetes' schemas and kubespawner.

python clusterfiles.py FILES [CHART]
"""

from __future__ import annotations

import asyncio
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import kubernetes_validate
import yaml
from jsonschema import Draft202012Validator
from jupyterhub.orm import Base
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner, spawner
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from tornado.httpclient import AsyncHTTPClient
from traitlets.config import Config

#: The version of Kubernetes whose schemas count: the oldest that JupyterHub's chart takes is 1.32.
_KUBERNETES = "1.35"
#: Where the chart has what it tells a hub.
_CHARTS_OWN = Path("files/hub/jupyterhub_config.py")
#: A home as the chart has it mounted, for where there is no chart to ask.
_HOME = {"name": "volume-home", "persistentVolumeClaim": {"claimName": "{pvc_name}"}}


def problems(files: Path, chart: Path | None) -> Iterator[str]:
    """What is wrong, a sentence each."""
    for document in yaml.safe_load_all((files / "services.yaml").read_text("utf-8")):
        yield from _invalid(document, f"services.yaml, {document['kind']} {document['metadata']['name']}")
    values = yaml.safe_load((files / "values.yaml").read_text("utf-8"))
    config = _told_to_the_hub(values, chart)
    for name, about in config.KubeSpawner.items():
        if not KubeSpawner.class_traits().get(name):
            yield f"KubeSpawner knows no setting {name} (it would be {about})."
    for role, group in (("student", "nbgrader"), ("assistant", "assist"), ("instructor", "formgrade")):
        for course in values["custom"]["fieldguide"]["courses"]:
            yield from _invalid(_pod(config, f"{group}-{course}"), f"the pod of a {role} of {course}")
    if chart is not None:
        yield from _unlike(chart, values)


def _invalid(document: dict[str, Any], where: str) -> Iterator[str]:
    try:
        kubernetes_validate.validate(document, _KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{where}: {error.message} (at {'.'.join(map(str, error.path))})"


def _told_to_the_hub(values: dict[str, Any], chart: Path | None) -> Config:
    """JupyterHub's settings as the chart has them made, by its own file where there is a copy of it; what the values
    give the hub to run is run last."""
    under = yaml.safe_load((chart / "values.yaml").read_text("utf-8")) if chart else {}
    told, config = _over(under, values), Config()
    sys.modules["z2jh"] = _z2jh(told)
    if chart is None:
        config.KubeSpawner.volumes = {"volume-home": _HOME}
        config.KubeSpawner.volume_mounts = {"volume-home": {"name": "volume-home", "mountPath": "/home/jovyan"}}
        for text in values["hub"]["extraConfig"].values():
            exec(text, {"c": config})  # noqa: S102 (as the chart does)
        return config
    AsyncHTTPClient.configure = lambda *_: None  # type: ignore[assignment]  # the chart's is in its image
    own = (chart / _CHARTS_OWN).read_text("utf-8")
    here = {"get_config": lambda: config, "__file__": str(chart / _CHARTS_OWN)}
    exec(compile(own, str(_CHARTS_OWN), "exec"), here)  # noqa: S102 (as the hub does)
    return config


def _z2jh(told: dict[str, Any]) -> types.ModuleType:
    """The module of the chart's by which a hub reads values and secrets, without a cluster to read them from."""
    chart = types.ModuleType("z2jh")

    def get_config(name: str, default: object = None) -> Any:
        value: Any = told
        for part in name.split("."):
            if not isinstance(value, dict) or part not in value:
                return default
            value = value[part]
        return value

    def set_config_if_not_none(section: Any, trait: str, name: str) -> None:
        if (value := get_config(name)) is not None:
            setattr(section, trait, value)

    chart.__dict__.update(
        get_config=get_config,
        set_config_if_not_none=set_config_if_not_none,
        get_name=lambda name: name,
        get_name_env=lambda *_: "8081",
        get_secret_value=lambda name, default=None: f"secret {name}",
    )
    return chart


def _pod(config: Config, group: str) -> dict[str, Any]:
    """What Kubernetes would be given for the server of somebody in a group."""
    groups = [SimpleNamespace(name=group)]
    user: Any = SimpleNamespace(name="somebody", escaped_name="somebody", id=1, url="/user/somebody/", groups=groups)
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    user.db = Session(engine)
    hub: Any = SimpleNamespace(base_url="/hub/", api_url="http://hub:8081/hub/api", public_host="")
    spawner.load_config = spawner.shared_client = lambda *_, **__: None  # which look for a cluster

    async def as_sent() -> dict[str, Any]:
        server = KubeSpawner(config=config, hub=hub, user=user, orm_spawner=_Kept())
        config.KubeSpawner.pre_spawn_hook(server)
        async with ApiClient() as client:
            sent: dict[str, Any] = client.sanitize_for_serialization(await server.get_pod_manifest())
            return sent

    return asyncio.run(as_sent())


class _Kept:
    """What a hub keeps of a server that has not started."""

    name, server, user_options = "", None, None


def _unlike(chart: Path, values: dict[str, Any]) -> Iterator[str]:
    schema = yaml.safe_load((chart / "values.schema.yaml").read_text("utf-8"))
    merged = _over(yaml.safe_load((chart / "values.yaml").read_text("utf-8")), values)
    for error in Draft202012Validator(schema).iter_errors(merged):
        yield f"values.yaml, {'.'.join(map(str, error.path))}: {error.message}"


def _over(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """One set of values over another, as Helm lays them."""
    both = {
        name: _over(under[name], value)
        for name, value in over.items()
        if isinstance(value, dict) and isinstance(under.get(name), dict)
    }
    return {**under, **over, **both}


def main() -> int:
    """Look, and tell; the exit code."""
    files, *chart = map(Path, sys.argv[1:])
    found = list(problems(files, chart[0] if chart else None))
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    if not found:
        checked = ", made by the chart's own settings, and the values against its schema" if chart else ""
        sys.stdout.write(f"The manifests, and a pod of each role in each course{checked}: nothing is wrong.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
