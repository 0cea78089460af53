"""What a school's server installs is listed with licenses, and asked about as a whole."""

from __future__ import annotations

import json
import re
from email.message import Message
from pathlib import Path

import audit
import pytest
import sbom
from conftest import PROJECT

LOCK = (PROJECT / "requirements-runtime.lock").read_text("utf-8")


def test_every_package_of_the_lock_is_listed_once_and_nothing_else() -> None:
    made = sbom.bill(LOCK)
    pins = {f"{name.lower()}@{version}" for name, version in re.findall(r"^([\w.-]+)==([\w.+!-]+)", LOCK, re.MULTILINE)}
    listed = [f"{one['name'].lower()}@{one['version']}" for one in made["components"]]
    assert len(pins) > 100 and sorted(listed) == sorted(pins)
    assert {one["purl"] for one in made["components"]} == {one["bom-ref"] for one in made["components"]}
    assert not {"pytest", "playwright", "mypy"} & {one["name"] for one in made["components"]}


def test_each_that_is_installed_here_has_its_license_and_what_it_needs() -> None:
    made = sbom.bill(LOCK)
    required = [one for one in made["components"] if one["scope"] == "required"]
    assert len(required) > 100 and not [one["name"] for one in required if not one.get("licenses")]
    (hub,) = [one for one in required if one["name"] == "jupyterhub"]
    needs = {one["ref"]: one["dependsOn"] for one in made["dependencies"]}
    assert hub["bom-ref"] in needs[made["metadata"]["component"]["bom-ref"]]
    assert any(ref.startswith("pkg:pypi/tornado@") for ref in needs[hub["bom-ref"]])
    refs = {made["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in made["components"])}
    assert {*needs, *(ref for found in needs.values() for ref in found)} <= refs
    here = {one["bom-ref"] for one in required}
    assert {ref for found in needs.values() for ref in found} <= here


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"License-Expression": "MIT OR Apache-2.0"}, [{"expression": "MIT OR Apache-2.0"}]),
        ({"Classifier": "License :: OSI Approved :: MIT License"}, [{"license": {"id": "MIT"}}]),
        ({"Classifier": "License :: OSI Approved"}, []),
        ({"License": "BSD License\n\nCopyright (c) …\n"}, [{"license": {"name": "BSD License"}}]),
        ({"Classifier": "Topic :: Education"}, []),
    ],
)
def test_a_license_is_told_as_the_package_tells_it(fields: dict[str, str], told: list[object]) -> None:
    about = Message()
    for name, value in fields.items():
        about[name] = value
    assert sbom.licenses(about) == told


def test_what_is_not_known_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text(
        "jupyterhub==0.1 \\\n    --hash=sha256:00\nno-such-package==1.0 ; sys_platform == 'win32' \\\n", "utf-8"
    )
    monkeypatch.setattr(sbom, "LOCK", lock)
    assert sbom.main([str(tmp_path / "list.cdx.json")]) == 0
    told = capsys.readouterr().err
    assert "2 packages, 0 with a license." in told and "jupyterhub 0.1, no-such-package 1.0" in told
    listed = json.loads((tmp_path / "list.cdx.json").read_text("utf-8"))
    assert [one["scope"] for one in listed["components"]] == ["required", "optional"]


def test_a_package_that_could_not_be_asked_about_fails_the_audit() -> None:
    asked = audit.command(["--vulnerability-service", "osv"])
    assert "--strict" in asked and str(PROJECT / "requirements-runtime.lock") in asked
    assert asked[-2:] == ["--vulnerability-service", "osv"]
