"""Sets a school's server up on a bare Debian with systemd, as docs/deploy.md says, and looks at it: ``./run server``.

The machine is a container of systemd-nspawn, made by debootstrap and thrown away. The commands are those of the page,
word for word. Then people come in through Caddy, a student takes more memory than there is, and a newer version is
installed, and killed on the way. It takes a quarter of an hour, root, the network, and the ports 80, 443 and 650 on.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import release

PROJECT = Path(__file__).parent.parent
PAGE = PROJECT / "docs" / "deploy.md"
MIRROR = "http://deb.debian.org/debian"
#: What a Debian has that was installed in the usual way, and debootstrap's smallest has not.
USUAL = "systemd,systemd-sysv,dbus"
ADDRESS = "guide.localhost"
#: A student's server takes a part of it; what is left is soon full.
STUDENTS_MEMORY = "400M"
COURSES = f"""\
[school]
address = "https://{ADDRESS}"
student_memory = "{STUDENTS_MEMORY}"

[courses.sw101]
title = "Ethics and social media"
instructors = ["grace"]
"""
CLASS = "id,first_name,last_name\nana,Ana,Reyes\nben,Ben,Okoro\n"
#: Numbers of accounts that nobody outside the container has, so that nothing there is done to them.
NUMBERS = {"UID_MIN": 40_000, "UID_MAX": 49_999, "GID_MIN": 40_000, "GID_MAX": 49_999}
NUMBERS |= {"SYS_UID_MIN": 500, "SYS_UID_MAX": 599, "SYS_GID_MIN": 500, "SYS_GID_MAX": 599}
_MEMORY = Path("/sys/fs/cgroup/memory")
_STARTS_WITHIN = 300


class ServerError(Exception):
    """What went wrong, in words for people."""


class Machine:
    """A Debian in a folder, with systemd while it is on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._given: dict[str, str] = {}
        self._leader = 0

    def make(self) -> None:
        """Bring Debian, with what leads whoever runs this to an index of packages."""
        words = ("debootstrap", "--variant=minbase", f"--include={USUAL}", "bookworm", str(self.root), MIRROR)
        release.run("Debian", words, self.root.parent)
        numbers = "".join(f"{name} {number}\n" for name, number in NUMBERS.items())
        with (self.root / "etc/login.defs").open("a", encoding="utf-8") as stream:
            stream.write(numbers)
        with (self.root / "etc/hosts").open("a", encoding="utf-8") as stream:
            stream.write(f"127.0.0.1 localhost {ADDRESS}\n")
        self._given = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        for name in ("PIP_FIND_LINKS", "PIP_CONSTRAINT"):
            self._given.pop(name, None)
        if certificates := self._given.get("PIP_CERT"):
            (self.root / "opt/given").mkdir()
            shutil.copy(certificates, self.root / "opt/given/certificates.pem")
            self._given["PIP_CERT"] = "/opt/given/certificates.pem"

    @contextmanager
    def on(self) -> Iterator[None]:
        """Start systemd in it, and stop it at the end."""
        group = _MEMORY / "fieldguide-server"
        into = ""
        if (_MEMORY / "cgroup.procs").exists():
            group.mkdir(exist_ok=True)
            into = f"echo $$ >{group}/cgroup.procs; "
        boot = f'{into}exec systemd-nspawn --directory "$1" --boot --register=no --keep-unit --console=pipe'
        with (self.root.parent / "boot.log").open("wb") as log:
            words = ["sh", "-c", boot, "sh", str(self.root)]
            nspawn = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603 (our own)
        try:
            self._wait_until_started(nspawn)
            yield
        finally:
            nspawn.send_signal(signal.SIGTERM)
            try:
                nspawn.wait(timeout=90)
            except subprocess.TimeoutExpired:
                nspawn.kill()
                nspawn.wait()
            # Where /run is on a disk, nspawn leaves this, and the next would not start.
            shutil.rmtree(f"/run/systemd/nspawn/propagate/{self.root.name}", ignore_errors=True)

    def _wait_until_started(self, nspawn: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < deadline and nspawn.poll() is None:
            children = Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children").read_text("ascii").split()
            if children:
                self._leader = int(children[0])
                if self.run("systemctl is-system-running").stdout.strip() in ("running", "degraded"):
                    return
            time.sleep(1)
        log = (self.root.parent / "boot.log").read_text("utf-8", "replace")
        raise ServerError(f"systemd did not start in a container here:\n{log[-2000:]}")

    def command(self, script: str) -> list[str]:
        """What runs a script in it, as root who has just logged in."""
        told = {
            "PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
            **self._given,
        }
        variables = [f"{name}={value}" for name, value in told.items()]
        inside = ["--mount", "--uts", "--ipc", "--pid", "--cgroup", "--root", "--wd"]
        alone = [
            "unshare",
            "--mount",
            "sh",
            "-c",
            'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"',
            str(self.root),
        ]
        enter = ["nsenter", "--target", str(self._leader), *inside] if self._leader else alone
        return [*enter, "env", "-i", *variables, "sh", "-c", f"cd /root && {script}"]

    def run(self, script: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(script), input=given, capture_output=True, text=True)  # noqa: S603 (our own)

    def do(self, script: str, given: str = "") -> str:
        """Run a script; returns what it said. Raises ServerError where it fails."""
        done = self.run(script, given)
        if done.returncode:
            raise ServerError(f"'{script}' ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout

    def off(self) -> None:
        """From now on commands run without systemd, as in an image that is being made."""
        self._leader = 0


def commands(page: str) -> list[str]:
    """The commands under "Setting it up" that the page has people type, in their order."""
    section = page.partition("\n## Setting it up\n")[2].partition("\n## ")[0]
    return re.findall(r"^```\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def need(say: str, true: object) -> None:
    """Tell that something is so, or raise ServerError."""
    if not true:
        raise ServerError(f"It was to be so, and is not: {say}")
    tell(f"   {say}")


def set_up(machine: Machine) -> None:
    """Do what the page says, with an editor that is a text of ours in its place."""
    (machine.root / "root/class.csv").write_text(CLASS, encoding="utf-8")
    first, edit, second, last = commands(PAGE.read_text("utf-8"))
    look = "fieldguide-server-*/setup --check"
    unpack, _, setup = first.rpartition("fieldguide-server")
    machine.do(unpack)
    need("a look at the bare machine names what is missing, and ends with 1", machine.run(look).returncode == 1)
    said = machine.do(f"fieldguide-server{setup}")
    need("the first run ends with the example of courses.toml", said.endswith("are, then run this again.\n"))
    need("the example is not taken for the school's own", "still the example" in machine.run(second).stderr)
    need("the page has courses.toml edited", edit.split() == ["nano", "/etc/fieldguide/courses.toml"])
    (machine.root / "etc/fieldguide/courses.toml").write_text(COURSES, encoding="utf-8")
    said = machine.do(second)
    need("the second run starts the hub", "fieldguide-hub.service: started\n" in said)
    # Caddy's own authority stands in for one that browsers know.
    machine.do(
        "cp /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt /usr/local/share/ca-certificates/own.crt"
        " && update-ca-certificates 2>&1"
    )
    told = machine.run(last)
    source = machine.root / "srv/fieldguide/sw101/grader/course/source"
    need(
        "the course has its modules, and its students passwords", any(source.iterdir()) and "ana" in passwords(machine)
    )
    # The clock of a container is its host's.
    finds = [line for line in told.stderr.splitlines() if line.startswith("- ") and "timedatectl" not in line]
    need("doctor finds nothing at the end", told.returncode == 0 or (not finds and "to mend." in told.stderr))
    need("the third run changes nothing", "Nothing else to change" in machine.do(second))
    need("a look at it finds nothing", "This machine is set up." in machine.do(look))


def passwords(machine: Machine) -> dict[str, str]:
    """Everybody's first password."""
    files = (machine.root / "etc/fieldguide").glob("first-passwords-*.csv")
    rows = (row.split(",") for path in files for row in path.read_text("utf-8-sig").split()[1:])
    return {row[0]: row[1] for row in rows}


def visit(machine: Machine, name: str, *what: str) -> None:
    """Let somebody come in through Caddy (servervisit.py)."""
    python = "$(dirname $(readlink /usr/local/sbin/fieldguide-admin))/python"
    script = (PROJECT / "tools/servervisit.py").read_text("utf-8")
    words = " ".join(("-", f"https://{ADDRESS}", name, passwords(machine)[name], *what))
    for line in machine.do(f"{python} -P {words}", script).splitlines():
        tell(f"   {line}")


def look_at_memory(machine: Machine) -> None:
    """Let a student take more than there is, where this kernel hands limits on to a container."""
    if not (_MEMORY / "cgroup.procs").exists():
        tell("   NOT LOOKED AT: whether limits of memory hold, as this kernel does not hand them on to a container")
        return
    machine.do("mount -o remount,rw,bind /sys/fs/cgroup/memory && systemctl daemon-reexec")
    machine.do("systemctl restart fieldguide-hub 'fieldguide-server@*'")
    visit(machine, "ana", "memory", STUDENTS_MEMORY)
    visit(machine, "ben")


def upgrade(machine: Machine) -> None:
    """Install a newer one, kill it on the way, and do it again."""
    (wheel,) = machine.root.glob("root/fieldguide-server-*/fieldguide-*.whl")
    with zipfile.ZipFile(wheel, "a") as package:
        package.writestr("fieldguide/newer.txt", "newer")
    setup = "fieldguide-server-*/setup"
    packages = "opt/fieldguide/*/lib/python3*/site-packages/*.dist-info"
    there = len(list(machine.root.glob(packages)))
    before = machine.do("readlink /usr/local/sbin/fieldguide-admin")
    run = subprocess.Popen(machine.command(setup), stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 (ours)
    while run.poll() is None and len(list(machine.root.glob(packages))) < there + 10:
        time.sleep(0.1)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    need(
        "it was killed before the newer one was whole",
        machine.do("readlink /usr/local/sbin/fieldguide-admin") == before,
    )
    visit(machine, "ben")
    said = machine.do(setup)
    need("run again, it installs the newer one and starts the hub anew", "fieldguide-hub.service: started anew" in said)
    need(
        "the earlier one goes once nothing runs in it",
        "removed, as nothing runs in it any more" in said + machine.do(setup),
    )
    visit(machine, "ben")


def missing() -> Iterator[str]:
    """What this machine has not, and is needed."""
    if os.geteuid() != 0:
        yield "root"
    for program, package in (("debootstrap", "debootstrap"), ("systemd-nspawn", "systemd-container")):
        if shutil.which(program) is None:
            yield f"the program {program} (apt-get install {package})"
    for port in (80, 443, 650):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError:
                return
            except OSError:
                yield f"the port {port}, at which something listens already"


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def try_out(folder: Path) -> None:
    """Everything, in a folder that is thrown away."""
    tell("1 of 6: a release")
    _, unpacked, wheel = release.build(folder)
    packed = release.for_a_server(unpacked, wheel, folder)
    pack = (sys.executable, "-m", "fieldguide.cli", "--project", str(unpacked), "course", "pack", "--to")
    content = folder / "fieldguide-content-tried.tar"
    release.run("the content", (*pack, str(content)), folder)
    tell("2 of 6: a bare Debian")
    machine = Machine(folder / f"machine-{os.getpid()}")
    machine.make()
    for file in (packed, content):
        shutil.copy(file, machine.root / "root")
    with machine.on():
        tell("3 of 6: what docs/deploy.md says, word for word")
        set_up(machine)
        tell("4 of 6: people come in")
        visit(machine, "grace", "desk", "sw101")
        visit(machine, "ana", "kernel")
        need(
            "a student's server is in a scope of its own",
            "active" in machine.do("systemctl is-active fieldguide-student-ana.scope"),
        )
        look_at_memory(machine)
        tell("5 of 6: a newer version")
        upgrade(machine)
    tell("6 of 6: without systemd")
    machine.off()
    done = machine.run("fieldguide-server-*/setup")
    said = "Not done: systemd is not running here" in done.stdout + done.stderr
    need("it says that nothing is started, and ends with 3", said and done.returncode == 3)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run server", description=(__doc__ or "").partition("\n")[0])
    parser.parse_args(arguments)
    lacking = list(missing())
    if lacking:
        sys.stderr.write("NOT RUN. Here is missing: " + "; ".join(lacking) + ".\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="fieldguide-server-") as folder:
        try:
            try_out(Path(folder))
        except (ServerError, release.ReleaseError) as error:
            sys.stderr.write(f"This is no server yet.\n{error}\n")
            return 1
    tell("A school's server can be set up so.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
