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
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner
from kubespawner.objects import make_pod
from traitlets.config import Config

#: The version of Kubernetes whose schemas count: the oldest that JupyterHub's chart takes is 1.32.
_KUBERNETES = "1.35"


def problems(files: Path, chart: Path | None) -> Iterator[str]:
    """What is wrong, a sentence each."""
    for document in yaml.safe_load_all((files / "services.yaml").read_text("utf-8")):
        yield from _invalid(document, f"services.yaml, {document['kind']} {document['metadata']['name']}")
    values = yaml.safe_load((files / "values.yaml").read_text("utf-8"))
    config = _told_to_the_hub(values)
    for name, about in config.KubeSpawner.items():
        if not KubeSpawner.class_traits().get(name):
            yield f"KubeSpawner knows no setting {name} (it would be {about})."
    for role, group in (("student", "nbgrader"), ("instructor", "formgrade")):
        for course in values["custom"]["fieldguide"]["courses"]:
            yield from _invalid(_pod(config, f"{group}-{course}"), f"the pod of a {role} of {course}")
    if chart is not None:
        yield from _unlike(chart, values)


def _invalid(document: dict[str, Any], where: str) -> Iterator[str]:
    try:
        kubernetes_validate.validate(document, _KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{where}: {error.message} (at {'.'.join(map(str, error.path))})"


def _told_to_the_hub(values: dict[str, Any]) -> Config:
    """JupyterHub's settings as the chart has them made: by running what the values give it."""
    chart = types.ModuleType("z2jh")
    chart.get_config = lambda name: values["custom"][name.removeprefix("custom.")]  # type: ignore[attr-defined]
    sys.modules["z2jh"] = chart
    config = Config()
    for text in values["hub"]["extraConfig"].values():
        exec(text, {"c": config})  # noqa: S102 (as the chart does)
    return config


def _pod(config: Config, group: str) -> dict[str, Any]:
    """What Kubernetes would be given for the server of somebody in a group."""
    user = SimpleNamespace(groups=[SimpleNamespace(name=group)])
    place: Any = SimpleNamespace(
        user=user, user_options={}, environment={}, volumes=[], volume_mounts=[], extra_labels={}
    )
    config.KubeSpawner.pre_spawn_hook(place)
    pod = make_pod(
        name="jupyter-somebody",
        cmd=place.cmd,
        port=8888,
        image="fieldguide:0.1.0",
        image_pull_policy=None,
        labels=place.extra_labels,
        env=place.environment,
        volumes=place.volumes,
        volume_mounts=place.volume_mounts,
    )

    async def as_sent() -> dict[str, Any]:
        async with ApiClient() as client:
            sent: dict[str, Any] = client.sanitize_for_serialization(pod)
            return sent

    return asyncio.run(as_sent())


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
        checked = ", the values against the chart's schema" if chart else ""
        sys.stdout.write(f"The manifests, and a pod of each role in each course{checked}: nothing is wrong.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
