"""Lists what a school's server installs, with licenses, as CycloneDX: ``./run sbom``, or ``./run sbom FILE``.

What is listed is `requirements-runtime.lock`, and Field Guide itself. Licenses are what each package says of itself, as
it is installed here; one that only other systems need is listed without, and named.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from datetime import UTC, datetime
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parent.parent
LOCK = PROJECT / "requirements-runtime.lock"
#: What packages that know no SPDX expression write, and which license it is where that leaves no doubt.
_KNOWN = {
    "MIT": "MIT",
    "MIT License": "MIT",
    "Apache-2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}


def locked(text: str) -> list[Requirement]:
    """The packages of a lock file, each with its one version."""
    lines = re.findall(r"^[A-Za-z0-9][^\n\\]*", text, re.MULTILINE)
    return [Requirement(line.strip()) for line in lines]


def licenses(about: Message) -> list[dict[str, Any]]:
    """What a package says of its license, as CycloneDX has it."""
    expression = about.get("License-Expression")
    if expression:
        return [{"expression": expression}]
    classifiers = (text.split(" :: ") for text in about.get_all("Classifier") or () if text.startswith("License :: "))
    names = [parts[-1] for parts in classifiers if parts[-1] != "OSI Approved"]
    # Some put the whole license into the field; its first line names it.
    written = (about.get("License") or "").strip().splitlines()
    names = names or written[:1]
    return [{"license": {"id": _KNOWN[name]} if name in _KNOWN else {"name": name}} for name in names]


def component(wanted: Requirement) -> dict[str, Any]:
    """A package of the lock."""
    (pin,) = wanted.specifier
    name = canonicalize_name(wanted.name)
    address = f"pkg:pypi/{name}@{pin.version}"
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": wanted.name,
        "version": pin.version,
        "purl": address,
        "scope": "required" if wanted.marker is None or wanted.marker.evaluate() else "optional",
    }
    try:
        installed = metadata.distribution(wanted.name)
    except metadata.PackageNotFoundError:
        return found
    if installed.version == pin.version:
        about = installed.metadata
        found |= {"licenses": licenses(about)} if licenses(about) else {}  # type: ignore[arg-type]
        found |= {"description": about["Summary"]} if about["Summary"] else {}
    return found


def needed_by(name: str, listed: set[str]) -> list[str]:
    """Which of the listed packages a package needs directly, by their names."""
    try:
        texts = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []
    needed = set()
    for wanted in map(Requirement, texts):
        extras = [{"extra": ""}, {"extra": "classroom"}] if name == "fieldguide" else [{"extra": ""}]
        if wanted.marker is None or any(wanted.marker.evaluate(extra) for extra in extras):
            needed.add(canonicalize_name(wanted.name))
    return sorted(needed & listed)


def bill(text: str) -> dict[str, Any]:
    """The bill of materials of a lock file, as CycloneDX 1.6."""
    components = sorted((component(wanted) for wanted in locked(text)), key=lambda one: one["bom-ref"])
    # Of two versions of a package the one for this system counts.
    by_scope = sorted(components, key=lambda one: one["scope"])
    refs = {canonicalize_name(one["name"]): one["bom-ref"] for one in by_scope}
    about = metadata.metadata("fieldguide")
    own = f"pkg:pypi/fieldguide@{about['Version']}"
    tree = [("fieldguide", own), *refs.items()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "fieldguide",
                "version": about["Version"],
                "purl": own,
                "licenses": licenses(about),  # type: ignore[arg-type]
            },
        },
        "components": components,
        "dependencies": [
            {"ref": ref, "dependsOn": [refs[needed] for needed in needed_by(name, set(refs))]} for name, ref in tree
        ],
    }


def main(arguments: list[str]) -> int:
    """Write the list to a file, or where the output goes; what is not known is told beside it."""
    made = bill(LOCK.read_text("utf-8"))
    text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
    if arguments:
        Path(arguments[0]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    without = [f"{one['name']} {one['version']}" for one in made["components"] if "licenses" not in one]
    count = len(made["components"])
    sys.stderr.write(f"{count} packages, {count - len(without)} with a license.\n")
    if without:
        sys.stderr.write(f"Not known here: {', '.join(without)}. Look them up before you hand the list on.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
