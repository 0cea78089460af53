"""What runs: the units of a plan, by systemd, with the settings that their files have now.

A unit that runs is started anew where one of its files is newer; one that somebody has stopped stays stopped.
"""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from fieldguide.docs import page
from fieldguide.school import SchoolError
from fieldguide.school.frontdoor import by_hand, file_look, own_file, served
from fieldguide.school.machine import Difference, command
from fieldguide.school.planning import Places
from fieldguide.school.reading import School
from fieldguide.school.units import HUB, SERVER

CADDY = "caddy.service"
_JOURNAL = "systemd-journald.service"
#: How long a hub may take until it answers, in seconds.
_OPENS_WITHIN = 180


def why_not(places: Places) -> str | None:
    """Why nothing can be started here, in words; None where it can."""
    if places.root != Path("/"):
        return f"{places.root} is not this machine, so nothing is started there"
    if not Path("/run/systemd/system").is_dir():
        return "systemd is not running here, so nothing is started"
    return None


def looks(school: School, places: Places) -> Iterator[Iterator[Difference]]:
    """What does not run as it should, in the order in which it can be mended; without systemd, Caddy's file alone."""
    files = {} if why_not(places) else _files(school, places)
    if files:
        yield _read_again([*files])
        yield _kept_log(places)
        yield _of_no_course([*files])
    for name, own in files.items():
        if name != CADDY:
            yield _unit(name, own, then=_until_open(school) if name == HUB else _nothing)
    yield file_look(school, places)
    if CADDY in files:
        # A file with a mistake in it must not end a Caddy that runs.
        read = command("caddy", "adapt", "--config", str(own_file(places)))
        yield _unit(CADDY, files[CADDY], first=read)


def left(school: School, places: Places) -> Iterator[str]:
    """What nobody but people should change: Caddy's own file, where a school has written it, and what they stopped."""
    yield from by_hand(school, places)
    for name in _files(school, places) if why_not(places) is None else ():
        told = _told(name)
        if told["UnitFileState"] == "enabled" and told["ActiveState"] == "inactive":
            yield f"{name} is stopped. To start it: systemctl start {name}"


def _files(school: School, places: Places) -> dict[str, list[Path]]:
    """Every unit, and the files that it reads when it starts."""
    tokens = [places.token(course) for course in school.courses]
    lti = [places.lti.with_suffix(suffix) for suffix in (".json", ".key")]
    files = {HUB: [places.services / HUB, places.hub, *lti, *tokens]}
    for course in school.courses:
        own = [places.services / SERVER, places.server(course), places.token(course)]
        files[SERVER.replace("@", f"@{course.id}")] = own
    if served(school):
        files[CADDY] = [own_file(places), places.settings / "Caddyfile"]
    return files


def _read_again(names: list[str]) -> Iterator[Difference]:
    changed = [name for name in names if _told(name)["NeedDaemonReload"] == "yes"]
    if changed:
        yield Difference(
            f"systemd has not read {', '.join(changed)} since the last change",
            f"systemd: has read {', '.join(changed)} again",
            command("systemctl", "daemon-reload"),
        )


def _kept_log(places: Places) -> Iterator[Difference]:
    if _newest([places.journal / "fieldguide.conf"]) > _started(_told(_JOURNAL)):
        yield Difference(
            "the journal does not know yet for how long it keeps what is logged",
            f"the journal: keeps what is logged for as long as {page('deploy.md')} says",
            command("systemctl", "restart", _JOURNAL),
        )


def _of_no_course(names: list[str]) -> Iterator[Difference]:
    """Servers of courses that are no longer in courses.toml."""
    pattern = SERVER.replace("@", "@*")
    listed = ("list-units", "--all", "--plain"), ("list-unit-files", "--state=enabled")
    found = {line.split()[0] for how in listed for line in _said("systemctl", *how, "--no-legend", pattern)}
    for name in sorted(found - {*names, SERVER}):
        if _told(name)["ActiveState"] != "inactive" or _told(name)["UnitFileState"] == "enabled":
            yield Difference(
                f"{name} is of no course in courses.toml",
                f"{name}: stopped, as no course in courses.toml has it",
                command("systemctl", "disable", "--now", "--quiet", name),
            )


def _nothing() -> None:
    pass


def _unit(
    name: str, files: list[Path], first: Callable[[], None] = _nothing, then: Callable[[], None] = _nothing
) -> Iterator[Difference]:
    told = _told(name)
    if told["LoadState"] == "not-found":
        how = "apt-get install caddy" if name == CADDY else "fieldguide-admin apply"
        raise SchoolError(f"systemd has no unit {name}. Run: {how}")

    def in_turn(*words: str) -> Callable[[], None]:
        def run() -> None:
            first()
            command("systemctl", *words, name)()
            then()

        return run

    runs, enabled = told["ActiveState"] in ("active", "activating", "reloading"), told["UnitFileState"] == "enabled"
    if runs and _newest(files) > _started(told):
        wrong = "runs with settings from before the last change"
        yield Difference(
            f"{name} {wrong}", f"{name}: started anew, with its settings as they are now", in_turn("restart")
        )
    elif told["ActiveState"] == "failed":
        yield Difference(f"{name} has failed", f"{name}: had failed, and is started again", in_turn("restart"))
    elif not runs and not enabled:
        yield Difference(f"{name} does not run", f"{name}: started", in_turn("start"))
    # After it has started: one that was stopped by hand is known by being enabled.
    if not enabled:
        yield Difference(
            f"{name} does not start with the machine",
            f"{name}: starts with the machine from now on",
            command("systemctl", "enable", "--quiet", name),
        )


def _until_open(school: School) -> Callable[[], None]:
    def wait() -> None:
        deadline = time.monotonic() + _OPENS_WITHIN
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{school.port}/hub/api", timeout=10):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        raise SchoolError(f"{HUB} was started, and does not answer after three minutes. See: journalctl -u {HUB}")

    return wait


def _newest(files: list[Path]) -> float:
    return max((path.stat().st_mtime for path in files if path.exists()), default=0.0)


def _started(told: dict[str, str]) -> float:
    """When a unit was started, in seconds since 1970."""
    since_boot = int(told["ActiveEnterTimestampMonotonic"] or 0) / 1e6
    return time.time() - (time.monotonic() - since_boot)


def _told(name: str) -> dict[str, str]:
    """What systemd tells of a unit."""
    names = ("LoadState", "ActiveState", "UnitFileState", "NeedDaemonReload", "ActiveEnterTimestampMonotonic")
    said = dict(line.split("=", 1) for line in _said("systemctl", "show", f"--property={','.join(names)}", name))
    return {name: said.get(name, "") for name in names}


def _said(*words: str) -> list[str]:
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  (the system's own)
    except FileNotFoundError:
        return []
    return done.stdout.splitlines()
