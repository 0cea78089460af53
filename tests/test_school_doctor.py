"""The doctor of a school's server: what is wrong is told in a sentence, with what to do."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from accounts import Server, needs_root, school_server
from filled import TWO_COURSES

from fieldguide.failing import LEFT
from fieldguide.filesystems import kind_of
from fieldguide.grading.gradebookdisk import why_no_gradebook
from fieldguide.school import doctor, server
from fieldguide.school.planning import Places

MOUNTS = """\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
30 22 0:26 / /srv rw,relatime shared:1 - nfs4 files:/srv rw
31 30 8:2 / /srv/local rw - xfs /dev/sdb1 rw
32 22 0:30 / /with\\040space rw - cifs //files/x rw
33 22 0:31 / /fuse rw - fuse.sshfs host: rw
34 22 0:32 / /container rw - fuse.lxcfs lxcfs rw
35 22 8:17 / /stick rw - fuseblk /dev/sdb1 rw
"""


@pytest.mark.parametrize(
    ("path", "kind", "refused"),
    [
        ("/var/x/gradebook.db", "ext4", False),
        ("/srv/sw101/gradebook.db", "nfs4", True),
        ("/srv/local/gradebook.db", "xfs", False),
        ("/srvother/gradebook.db", "ext4", False),
        ("/with space/gradebook.db", "cifs", True),
        ("/fuse/gradebook.db", "fuse.sshfs", True),
        ("/container/gradebook.db", "fuse.lxcfs", False),
        ("/stick/gradebook.db", "fuseblk", False),
    ],
)
def test_a_gradebook_in_sqlite_is_refused_on_a_file_system_of_the_network(path: str, kind: str, refused: bool) -> None:
    assert kind_of(Path(path), MOUNTS) == kind
    why = why_no_gradebook(f"sqlite:///{path}", MOUNTS)
    assert bool(why) == refused
    if why:
        assert path in why and "PostgreSQL" in why and kind in why
    assert why_no_gradebook("postgresql+psycopg://x@y/z", MOUNTS) is None


def test_what_this_machine_tells_is_read() -> None:
    assert kind_of(Path("/proc/self")) == "proc"


def test_a_courses_server_does_not_start_with_such_a_gradebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "source").mkdir()
    server.refuse_bad_place(tmp_path)
    monkeypatch.setattr(
        "fieldguide.filesystems._MOUNTS", _written(tmp_path / "mounts", f"1 1 0:1 / {tmp_path} rw - nfs4 x rw\n")
    )
    with pytest.raises(SystemExit) as ended:
        server.refuse_bad_place(tmp_path)
    assert ended.value.code == os.EX_CONFIG and "Put the course's folder on a disk" in capsys.readouterr().err


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_packages_that_do_not_fit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(doctor.versions()) == []
    real = metadata.version

    def version(name: str) -> str:
        if name == "lxml":
            raise metadata.PackageNotFoundError(name)
        return "1.0" if name == "jupyterhub" else real(name)

    monkeypatch.setattr(doctor.metadata, "version", version)
    told = list(doctor.versions())
    assert len(told) == 2 and all("requirements-runtime.lock" in line for line in told)
    assert any("jupyterhub is of version 1.0" in line for line in told)
    assert any("lxml is not installed" in line for line in told)


def test_a_disk_that_is_nearly_full_and_a_clock_that_is_behind_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = Places(tmp_path)
    places.courses.mkdir(parents=True)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100 << 30, 97 << 30, 3 << 30))  # type: ignore[attr-defined]
    assert "(3%)" in next(iter(doctor.disk(places)))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(100 << 30, 50 << 30, 50 << 30))  # type: ignore[attr-defined]
    assert list(doctor.disk(places)) == []
    assert list(doctor.clock(places)) == []
    _written(places.hub, "{}")
    os.utime(places.hub, (0, time.time() + 7200))
    assert "120 minutes behind" in next(iter(doctor.clock(places)))


@pytest.fixture(scope="module")
def school() -> Iterator[Server]:
    with school_server() as made:
        made.write(TWO_COURSES)
        assert made.admin("apply") == 0
        yield made


@needs_root
@pytest.mark.slow
def test_a_machine_is_looked_over_and_each_find_says_what_to_do(
    school: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    capsys.readouterr()
    assert school.admin("doctor") == LEFT
    told = capsys.readouterr().out
    assert "Not looked at: whether the units run" in told and "Nothing to mend was found." in told

    course = school.places.courses / school.name("a") / "grader/course"
    passwords = _written(school.places.settings / "first-passwords-a-1.csv", "id,password\n")
    os.utime(passwords, (0, time.time() - 30 * 86_400))
    (course.parents[1] / "exchange").chmod(0o777)
    school.places.hub.chmod(0o644)
    _written(school.places.services / "fieldguide-hub.service.d/more.conf", "[Service]\nMemoryMax=infinity\n")
    _written(course / "gradebook.db", "no database at all, but text " * 100)
    _written(course / "submitted/ana/x/x.ipynb", "{}")
    monkeypatch.setattr("fieldguide.school.machine._FIRST_OF_ANYBODY", _written(tmp_path / "first", "80\n"))
    assert school.admin("doctor") == 1
    told = capsys.readouterr().err
    for find in (
        "every account can listen at the ports from 80 on, and could stand in for the hub. Run: sysctl -w",
        f"- {course.parents[1] / 'exchange'} is root:root 0777, and should be root:root 1777. Run: fieldguide-admin",
        f"- {school.places.hub} is root:root 0644",
        f"{passwords} can be read by others than root. Run: chown",
        f"{passwords} holds passwords and is 30 days old.",
        "more.conf changes the unit fieldguide-hub.service",
        f"- {school.name('a')}: The gradebook {course / 'gradebook.db'} could not be read",
        f"{school.name('a')} has work handed in and no whole backup",
    ):
        assert find in told, (find, told)
    assert told.count("\n- ") + 1 == 8 and told.endswith("8 to mend.\n")
