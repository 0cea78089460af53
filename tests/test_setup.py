"""The script that sets a school's server up, with a folder in place of the machine: it is run, killed and run again."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from accounts import needs_root
from conftest import PROJECT
from patience import DONE_WITHIN, seconds

from release import for_a_server, pages_for_a_server

pytestmark = [needs_root, pytest.mark.slow, pytest.mark.in_order]

COURSE = """\
[school]
address = "http://127.0.0.1:650"
[courses.a]
title = "Ethics"
instructors = ["grace"]
"""
#: What a package is that brings the packages of these tests, in place of those that would come by the network.
PACKAGES = {
    "shared.pth": f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n",
    "shared-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: shared\nVersion: 1.0\n",
    "shared-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "shared-1.0.dist-info/RECORD": "",
}


class Machine:
    """A folder in place of a machine, with accounts that only its own commands see, and what a release unpacks to."""

    def __init__(self, root: Path, release: Path, etc: Path) -> None:
        self.root, self.release = root, release
        self.settings = root / "etc/fieldguide/courses.toml"
        self.environments = root / "opt/fieldguide"
        self.link = root / "usr/local/sbin/fieldguide-admin"
        self._etc = etc

    def command(self, *words: str) -> list[str]:
        return self.alone(str(self.release / "setup"), "--root", str(self.root), *words)

    def alone(self, *words: str) -> list[str]:
        """A command that sees an /etc of its own, with the system's accounts, those it makes, and no other test's."""
        return ["unshare", "--mount", "sh", "-c", f'mount --bind {self._etc} /etc && exec "$@"', "sh", *words]

    def told(self) -> dict[str, str]:
        """The variables of root, who has no index of packages but a folder."""
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.release)}

    def setup(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*words), capture_output=True, text=True, env=self.told())

    def versions(self) -> list[Path]:
        return sorted(path for path in self.environments.iterdir() if path.is_dir())

    def files(self) -> list[tuple[str, int]]:
        """Every file there is, and when it was changed, but for what running anything changes."""
        paths = (path for path in self.root.rglob("*") if "__pycache__" not in path.parts)
        return sorted(
            (str(path), path.lstat().st_mtime_ns) for path in paths if path.name not in ("__pycache__", "lock")
        )


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="fieldguide-setup-"))  # which other accounts can enter, as not pytest's
    folder.chmod(0o755)
    for name in ("root/etc", "made"):
        (folder / name).mkdir(parents=True)
    (folder / "root/etc/os-release").write_text('NAME="Debian"\nID=debian\n')
    try:
        # What another test makes and removes meanwhile may be missing.
        subprocess.run(["cp", "-a", "/etc", folder], capture_output=True)
        subprocess.run(
            "rm -f *.lock; sed -i '/^fieldguide-/d' group gshadow", cwd=folder / "etc", shell=True, check=True
        )
        machine = Machine(folder / "root", _release(folder / "made"), folder / "etc")
        yield machine
    finally:
        shutil.rmtree(folder)


def _release(folder: Path) -> Path:
    """What the file for a server unpacks to, with a lock of one package, which is there."""
    with zipfile.ZipFile(folder / "shared-1.0-py3-none-any.whl", "w") as package:
        for name, text in PACKAGES.items():
            package.writestr(name, text)
    digest = hashlib.sha256((folder / "shared-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    project = folder / "project"
    (project / "deploy").mkdir(parents=True)
    shutil.copytree(PROJECT / "deploy/server", project / "deploy/server")
    shutil.copy(PROJECT / "LICENSE", project)
    shutil.copytree(PROJECT / "docs", project / "docs", ignore=shutil.ignore_patterns("*.docx"))
    (project / "requirements-runtime.lock").write_text(f"shared==1.0 --hash=sha256:{digest}\n")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
    (wheel,) = folder.glob("fieldguide-*.whl")
    packed = for_a_server(project, wheel, folder)
    subprocess.run(["tar", "-xf", packed, "-C", folder], check=True)
    release = folder / packed.name.removesuffix(".tar.gz")
    shutil.move(folder / "shared-1.0-py3-none-any.whl", release)
    return release


def test_what_a_server_is_set_up_from_holds_no_key(machine: Machine) -> None:
    pages = {path.name for path in (machine.release / "docs").iterdir()}
    assert pages == {path.name for path in pages_for_a_server(PROJECT)}
    names = {path.name for path in machine.release.iterdir()} - {"shared-1.0-py3-none-any.whl", "docs"}
    (wheel,) = machine.release.glob("fieldguide-*.whl")
    assert names == {"setup", "README.md", "LICENSE", "requirements-runtime.lock", wheel.name}


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        ("echo ID=fedora >{root}/etc/os-release", "this machine is fedora"),
        ("rm {root}/etc/os-release", "something else"),
        ("rm {release}/fieldguide-*.whl", "There is no fieldguide-….whl beside"),
        ("cp {release}/fieldguide-*.whl {release}/fieldguide-0-x.whl", "more than one fieldguide-….whl"),
        ("rm {release}/requirements-runtime.lock", "There is no requirements-runtime.lock"),
        ("rm -r {release}/docs", "There is no docs"),
    ],
)
def test_it_stops_with_words_where_something_is_missing(
    machine: Machine, tmp_path: Path, break_it: str, says: str
) -> None:
    broken = Machine(tmp_path / "root", tmp_path / "release", Path("/etc"))
    shutil.copytree(machine.release, broken.release)
    shutil.copytree(machine.root / "etc", broken.root / "etc")
    subprocess.run(["sh", "-c", break_it.format(root=broken.root, release=broken.release)], check=True)
    done = broken.setup()
    assert done.returncode == 1 and says in done.stderr and not done.stdout
    assert [path.name for path in broken.root.iterdir()] == ["etc"]


def test_it_wants_root_and_a_python_that_is_new_enough(machine: Machine, tmp_path: Path) -> None:
    setup = str(machine.release / "setup")
    done = subprocess.run(
        ["setpriv", "--reuid", "nobody", "--clear-groups", setup, "--root", str(machine.root)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "Run it as root: sudo " in done.stderr
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\ncase "$1" in -V) echo "Python 3.9.2" ;; *) exit 1 ;; esac\n')
    old.chmod(0o755)
    elsewhere = f'mount --bind {old} $(readlink -f /usr/bin/python3) && exec "$@"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", elsewhere, "sh", *machine.command()], capture_output=True, text=True
    )
    assert done.returncode == 1 and "what is there is Python 3.9.2" in done.stderr
    assert "usage" in machine.setup("--chek").stderr


def test_a_look_at_a_bare_machine_names_all_and_changes_nothing(machine: Machine) -> None:
    shutil.rmtree(machine.environments, ignore_errors=True)
    before = machine.files()
    done = machine.setup("--check")
    assert done.returncode == 1 and not done.stderr
    assert [line.split(" is not ")[-1].split(" no ")[-1] for line in done.stdout.splitlines()] == [
        "installed",
        "of this version",
        str(machine.settings),
    ]
    assert machine.files() == before


def test_a_run_without_the_network_says_so_and_leaves_nothing_half_done(machine: Machine) -> None:
    (package,) = machine.release.glob("shared-*.whl")
    package.rename(package.with_suffix(".away"))
    done = machine.setup()
    package.with_suffix(".away").rename(package)
    assert done.returncode == 1 and "It needs the network" in done.stderr and "What ran before runs on" in done.stderr
    assert not machine.link.exists() and not list(machine.environments.glob("*/whole"))


def test_one_that_is_killed_goes_on_when_it_is_run_again(machine: Machine) -> None:
    run = subprocess.Popen(machine.command(), env=machine.told(), start_new_session=True, stdout=subprocess.DEVNULL)
    until(lambda: any(machine.environments.glob("*/lib/python3*/site-packages/shared.pth")))
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert not machine.link.exists() and not list(machine.environments.glob("*/whole"))
    done = machine.setup()
    assert done.returncode == 0, done.stderr
    assert "Say in " in done.stdout and "then run this again" in done.stdout
    assert machine.link.readlink() == machine.versions()[0] / "bin/fieldguide-admin"
    told = subprocess.run([machine.link, "--help"], capture_output=True, text=True, check=True).stdout
    read = machine.versions()[0] / "share/doc/fieldguide"
    assert f"are in {read}." in told and (read / "lti.md").is_file()


def test_the_example_is_not_taken_for_the_schools_own(machine: Machine) -> None:
    done = machine.setup()
    assert done.returncode == 1 and "is still the example" in done.stderr


def test_the_second_time_there_is_nothing_to_change(machine: Machine) -> None:
    machine.settings.write_text(COURSE)
    assert machine.setup("--check").returncode == 1
    done = machine.setup()
    assert done.returncode == 0, done.stderr
    assert "account grace: made" in done.stdout and "1 first passwords are in" in done.stdout
    before = machine.files()
    done = machine.setup()
    assert done.returncode == 0 and done.stdout.splitlines() == [
        "Nothing to change: everything is as courses.toml says.",
        f"Nothing else to change: Field Guide {machine.versions()[0].name.split('-')[0]} is set up.",
    ]
    assert machine.files() == before
    done = machine.setup("--check")
    assert done.returncode == 0 and done.stdout.endswith("This machine is set up.\n") and machine.files() == before


def test_a_newer_one_is_installed_beside_what_runs(machine: Machine) -> None:
    (old,) = machine.versions()
    (wheel,) = machine.release.glob("fieldguide-*.whl")
    with zipfile.ZipFile(wheel, "a") as package:
        package.writestr("fieldguide/newer.txt", "x")
    done = machine.setup("--check")
    assert done.returncode == 1 and "is not installed" in done.stdout and machine.versions() == [old]
    server = subprocess.Popen([old / "bin/python", "-c", "import time; time.sleep(600)"])
    try:
        done = machine.setup()
        assert done.returncode == 0, done.stderr
        assert f"{old}: kept, as servers still run in it" in done.stdout and len(machine.versions()) == 2
    finally:
        server.kill()
        server.wait()
    (new,) = {*machine.versions()} - {old}
    assert machine.link.readlink() == new / "bin/fieldguide-admin"
    unit = machine.root / "etc/systemd/system/fieldguide-hub.service"
    assert f"ExecStart={new}/bin/python" in unit.read_text() and "written anew" in done.stdout
    done = machine.setup()
    assert f"{old}: removed" in done.stdout and machine.versions() == [new]
    assert machine.setup("--check").returncode == 0


def until(true: object) -> None:
    deadline = time.monotonic() + seconds(DONE_WITHIN)
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)
