"""Habits of the project that a machine can look at."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from contextlib import suppress
from graphlib import TopologicalSorter
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
import yaml
from conftest import PROJECT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fieldguide import __version__
from fieldguide.cli import _parser, main
from fieldguide.opening import copies
from fieldguide.responses.names import ESSAYS, RECORD

#: What ./run check --write, ./run accessibility, uv and npm write.
BUILT = (
    *("docs/coverage.md", "docs/items.md", "docs/accessibility.md"),
    *("requirements.lock", "requirements-runtime.lock", "requirements-scripts.lock", "requirements-site.lock"),
    "package-lock.json",
)


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return [PROJECT / name for name in listed.split("\0") if name]


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("requirements.lock", 100),
        ("requirements-runtime.lock", 100),
        ("requirements-cluster.lock", 100),
        ("requirements-clustercheck.lock", 20),
        ("requirements-scripts.lock", 0),
        ("requirements-site.lock", 20),
        ("requirements-left-out.lock", 0),
    ],
)
def test_the_lock_pins_versions_with_hashes_and_names_no_index(name: str, least: int) -> None:
    lock = (PROJECT / name).read_text("utf-8")
    assert "://" not in lock and "--index" not in lock and "--find-links" not in lock
    entries = re.split(r"\n(?=[a-z0-9])", lock.strip(), flags=re.IGNORECASE)
    assert len(entries) > least
    for entry in entries:
        assert re.match(r"[\w.\[\]-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_what_checks_the_scripts_is_pinned_with_hashes_and_names_no_index() -> None:
    wanted = json.loads((PROJECT / "package.json").read_text("utf-8"))["devDependencies"]
    packages = json.loads((PROJECT / "package-lock.json").read_text("utf-8"))["packages"]
    assert packages.pop("")["devDependencies"] == wanted
    assert {f"node_modules/{name}" for name in wanted} <= packages.keys()
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-") and "resolved" not in package, name


def test_nobody_who_only_uses_it_installs_what_checks_the_scripts() -> None:
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    assert "nodejs" not in lock
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    own = (PROJECT / "requirements-scripts.lock").read_text("utf-8")
    names = [re.split(r"[=<>]", requirement)[0] for requirement in groups["scripts"]]
    assert all(f"{name}==" in own for name in names) and names


def test_the_lock_holds_every_dependency() -> None:
    lock = (PROJECT / "requirements.lock").read_text("utf-8").lower()
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    for requirement in wanted:
        name = re.match(r"[A-Za-z0-9_.-]+", requirement)
        assert name and re.search(rf"^{re.escape(name[0].lower())}(\[[a-z,]+\])?==", lock, re.MULTILINE), requirement


def test_what_is_left_out_is_in_no_lock_but_that_for_who_insists_on_it() -> None:
    left_out = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]["exclude-dependencies"]
    having = {path.name: set(pinned(path.name)) for path in PROJECT.glob("requirements*.lock")}
    insisting = having.pop("requirements-left-out.lock")
    assert left_out and len(having) > 5
    assert all(any(entry.startswith(f"{name}==") for entry in insisting) for name in left_out)
    assert not [name for name in left_out for lock in having.values() for one in lock if one.startswith(f"{name}==")]


def pinned(name: str) -> dict[str, str]:
    """The entries of a lock, each by its first line: name, version and where it is for."""
    entries = re.split(r"\n(?=[a-z0-9])", (PROJECT / name).read_text("utf-8").strip())
    return {entry.split(" \\")[0]: entry for entry in entries}


def test_what_runs_a_course_is_locked_apart_from_what_tests_it() -> None:
    runtime, everything = pinned("requirements-runtime.lock"), pinned("requirements.lock")
    # The same versions with the same hashes: what is tested is what runs.
    assert runtime.items() <= everything.items()
    names = {re.split("==", entry)[0] for entry in runtime}
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {
        name: {re.split(r"[\[=<>]", requirement)[0].lower() for requirement in wanted}
        for name, wanted in {"": project["dependencies"], **project["optional-dependencies"]}.items()
    }
    assert extras[""] | extras["classroom"] | extras["build"] <= names
    assert not extras["test"] & names and len(extras["test"]) > 10


def test_the_version_is_the_same_wherever_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    said = (PROJECT / "CITATION.cff").read_text("utf-8")
    assert re.search(r"^version: (.+)$", said, re.MULTILINE)[1] == __version__  # type: ignore[index]
    extension = PROJECT / "src/fieldguide/opening/labextension/package.json"
    assert json.loads(extension.read_text("utf-8"))["version"] == __version__
    assert version("fieldguide") == __version__
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"Field Guide {__version__}\n"


def attribute(name: str, files: list[Path]) -> dict[Path, str]:
    command = ["git", "check-attr", "-z", name, "--", *files]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split("\0")
    return {Path(file): value for file, value in zip(said[0::3], said[2::3], strict=False)}


def is_built(path: Path) -> bool:
    name = path.relative_to(PROJECT).as_posix()
    return name in BUILT or name.startswith(("notebooks/", "source/", "release/")) or path.parent.name == "built"


def test_built_files_are_marked_as_such_and_no_others() -> None:
    files = committed()
    marked = [path for path, value in attribute("linguist-generated", files).items() if value == "true"]
    assert marked == [path for path in files if is_built(path)]
    assert len(marked) > 40


#: What is no text, by its name.
BINARY = {".png", ".webp", ".xz"}


def test_text_has_line_feeds_on_every_machine() -> None:
    ends = attribute("eol", committed())
    assert {path.suffix for path, value in ends.items() if value != "lf"} <= BINARY
    texts = [path for path in committed() if path.is_file() and path.suffix not in BINARY]
    assert [path for path in texts if b"\r" in path.read_bytes()] == []


def test_what_runs_before_a_commit_is_what_continuous_integration_runs() -> None:
    (repo,) = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert repo["repo"] == "local"
    integration = (PROJECT / ".ci" / "run").read_text("utf-8").splitlines()
    assert {hook["entry"] for hook in repo["hooks"]} <= {line for line in integration if line.startswith("./run ")}
    (lint,) = [hook for hook in repo["hooks"] if hook["entry"] == "./run lint"]
    read = [path for path in committed() if path.suffix in (".py", ".js", ".css") and not is_built(path)]
    assert [path for path in read if not re.search(lint["files"], path.relative_to(PROJECT).as_posix())] == []


def test_conda_installs_from_the_same_lock() -> None:
    environment = (PROJECT / "environment.yml").read_text("utf-8")
    locks = re.findall(r"^ +- -r (\S+)$", environment, re.MULTILINE)
    assert locks == ["requirements-runtime.lock", "requirements-left-out.lock"]
    pins = {canonicalize_name(re.split(r"[=\[]", entry)[0]) for lock in locks for entry in pinned(lock)}
    # pip follows what each package asks for, and takes nothing without a hash.
    asked, followed = {("fieldguide", "classroom"), ("fieldguide", "build")}, set[tuple[str, str]]()
    while new := asked - followed:
        followed |= new
        for name, extra in new:
            with suppress(PackageNotFoundError):  # left out here too
                for one in map(Requirement, requires(name) or ()):
                    if one.marker is None or one.marker.evaluate({"extra": extra}):
                        asked |= {(canonicalize_name(one.name), more) for more in {"", *one.extras}}
    names = {name for name, _ in asked} - {"fieldguide"}
    assert len(names) > 100 and names <= pins


@pytest.mark.parametrize(
    "name",
    [
        "gradebook.db",
        "grades.csv",
        "grading-log.jsonl",
        "submitted/ana",
        "digests/05",
        ".classroom/passwords.json",
        ".fieldguide-desk.json",
        ".fieldguide-content.json",
    ],
)
def test_what_names_students_stays_out_of_the_repository(name: str) -> None:
    assert subprocess.run(["git", "check-ignore", "--quiet", name], cwd=PROJECT).returncode == 0


def test_no_committed_file_names_a_package_index() -> None:
    address = re.compile(rb"(pyp[i]\.org|python[h]osted\.org|registry\.npm[j]s)")
    found = [path for path in committed() if path.is_file() and address.search(path.read_bytes())]
    assert found == []


def test_the_architecture_names_every_part_and_every_file_of_grading() -> None:
    page = (PROJECT / "ARCHITECTURE.md").read_text("utf-8")
    source = PROJECT / "src" / "fieldguide"
    parts = {path.name for path in source.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    (house,) = re.findall(r"```\nsrc/fieldguide/\n(.*?)```", page, re.DOTALL)
    assert sorted(re.findall(r"^  ([\w.]+)", house, re.MULTILINE)) == sorted(parts - {"__init__.py"})
    (files,) = re.findall(r"`grading/`, by what its files are about:\n\n```\n(.*?)```", page, re.DOTALL)
    named = re.findall(r"(?:  |· )(\w+)(?= ·|\n)", files)
    assert sorted(named) == sorted(path.stem for path in (source / "grading").glob("*.py") if path.stem != "__init__")


def test_imports_run_one_way() -> None:
    source = PROJECT / "src" / "fieldguide"
    alone = {"words", "plainfiles", "unheard", "failing", "cookies", "docs", "look", "filesystems", "hubservice"}
    allowed: dict[str, set[str]] = {
        **{part: set() for part in alone},
        "items": {"words"},
        "courseplan": {"plainfiles"},
        "responses": {"words", "plainfiles", "filesystems"},
        "pause": {"words"},
        "player": {"words", "items", "plainfiles", "responses", "pause"},
        "tables": {"words", "items", "plainfiles", "player"},
        "forms": {"words", "responses", "player"},
        "cases": {"words", "items", "responses", "player", "forms"},
        "policy": {"words", "items", "responses", "player", "forms", "plainfiles", "look"},
        "cells": {"items", "player", "tables", "cases", "policy"},
        "notebook": {"words", "items", "responses", "player", "cells"},
        "authoring": {"words", "items", "plainfiles", "tables", "cases", "policy", "cells"},
        "translate": {"words", "items", "plainfiles", "tables", "cells", "authoring"},
        "grading": {"words", "items", "plainfiles", "courseplan", "filesystems", "responses", "cases", "policy"}
        | {"cells", "docs", "failing", "look"},
        "lms": {"words", "items", "plainfiles", "docs", "grading"},
        "itemfiles": {"words", "items", "cells", "grading"},
        "digest": {"words", "plainfiles", "pause", "cases", "cells", "grading", "look"},
        "report": {"words", "items", "plainfiles", "cells", "grading", "digest"},
        "openid": set(),
        "live": {"items", "cases", "player", "digest", "hubservice"},
        "opening": {"words"},
        "coursepage": {
            "words",
            "items",
            "plainfiles",
            "courseplan",
            "responses",
            "player",
            "tables",
            "cells",
            "opening",
        }
        | {"grading", "live"},
        "paper": {
            "words",
            "items",
            "responses",
            "player",
            "tables",
            "cases",
            "policy",
            "cells",
            "grading",
            "coursepage",
        },
        "desk": {"docs", "words", "items", "plainfiles", "courseplan", "cells", "coursepage", "grading", "live"}
        | {"lms", "report", "paper", "lti/client", "lti/store"},
        "lti/store": set(),
        "lti/client": {"lti/store"},
        "sharing": {"plainfiles", "courseplan", "grading", "hubservice"},
        "content": {"items", "plainfiles", "courseplan", "cells", "authoring", "grading", "desk", "paper"},
        "madeup": {"items", "responses", "player", "cells", "grading", "desk"},
        "hub": {"cookies", "words", "content", "coursepage", "desk", "grading", "live", "madeup", "sharing"},
        "school": {"content", "desk", "plainfiles", "grading", "hub", "hubservice", "live", "words", "openid"}
        | {"unheard", "cookies", "docs", "failing"},
        "lti": {"cookies", "coursepage", "hubservice", "openid", "school", "words", "lti/client", "lti/store"},
        "cluster": {"hub", "words"},
    }
    # None of them rests on itself, by whatever way.
    TopologicalSorter(allowed).prepare()
    seen = {"bench", "cli", "__init__"}
    for file in source.rglob("*.py"):
        where = file.relative_to(source).with_suffix("")
        part = str(where) if str(where) in allowed else where.parts[0]
        if part in seen or where.name == "commands":  # they see all
            continue
        for found in re.findall(r"(?:from|import) fieldguide\.([\w.]+)", file.read_text("utf-8")):
            first, *rest = found.split(".")
            there = "/".join([first, *rest[:1]])
            there = there if there in allowed else first
            assert there == part or there in allowed[part], (file, found)


def test_the_files_of_a_record_are_named_in_one_place_and_where_that_may_not_be_imported() -> None:
    source = PROJECT / "src" / "fieldguide"
    spelled = re.compile("|".join(rf"[^`]{re.escape(ending)}[\"'.]" for ending in (RECORD, ESSAYS)))
    there = {str(path.relative_to(source)) for path in source.rglob("*.py") if spelled.search(path.read_text("utf-8"))}
    apart = {"opening/copies.py": copies._ANSWERS}
    assert there == {"responses/names.py", *apart}
    assert {*apart.values()} == {(RECORD, ESSAYS)}


def test_every_file_for_a_spreadsheet_is_written_where_formulas_are_defused() -> None:
    source = PROJECT / "src" / "fieldguide"
    writing = re.compile(r"csv\.writer|DictWriter|\.to_csv|\.to_excel|openpyxl|xlsxwriter")
    there = {str(path.relative_to(source)) for path in source.rglob("*.py") if writing.search(path.read_text("utf-8"))}
    # A table's data in another language are part of the course, and read by its program alone.
    assert there == {"grading/spreadsheets.py", "translate/sources.py"}


def test_every_command_is_in_the_docs() -> None:
    told = "\n".join(path.read_text("utf-8") for path in (PROJECT / "README.md", PROJECT / "CONTRIBUTING.md"))
    commands = next(action for action in _parser()._actions if hasattr(action, "choices") and action.choices)
    own = re.findall(r"^    (\w+)\)", (PROJECT / "run").read_text("utf-8"), re.MULTILINE)
    assert {"test", "coverage", "release", "pythons", "lint"} <= set(own)
    for command in {*(commands.choices or ()), *own} - {"help"}:
        assert f"./run {command}" in told, command


@pytest.mark.parametrize("name", ["python3", "python"])
def test_run_tells_in_one_sentence_what_it_needs(name: str, tmp_path: Path) -> None:
    # A machine whose only Python is too old.
    old = tmp_path / name
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for tool in ("dirname", "cat", "cksum", "pwd"):
        found = subprocess.run(["/bin/sh", "-c", f"command -v {tool}"], capture_output=True, text=True).stdout.strip()
        if found.startswith("/"):
            (tmp_path / tool).symlink_to(found)
    done = subprocess.run(
        ["/bin/sh", PROJECT / "run", "build"], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr and len(done.stderr.splitlines()) == 1


def test_help_tells_the_commands() -> None:
    done = subprocess.run([sys.executable, "-m", "fieldguide.cli", "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "classroom" in done.stdout
