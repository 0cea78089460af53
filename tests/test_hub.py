"""The classroom: what stands in its way is said in words, nothing is lost, and it leaves no process behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from http.cookiejar import CookieJar
from pathlib import Path
from types import SimpleNamespace
from typing import IO, TypeVar

import nbformat
import psutil
import pytest
from browser import JupyterServer, free_port
from children import started_by
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from patience import seconds, until
from traitlets.config import Config, PyFileConfigLoader

from fieldguide.bench.everybody import python_for_everybody
from fieldguide.cli import main
from fieldguide.grading.course import Course
from fieldguide.hub import ClassroomError, accounts, checks, classroom, course_setup, processes
from fieldguide.hub.classroom import _write_settings, start
from fieldguide.hub.environment import CONFIG, role_environment
from fieldguide.hub.places import Places
from fieldguide.hub.resetting import reset

SOLUTION = "answer = 42"
Told = TypeVar("Told")


def write_module(project: Path, name: str, text: str) -> None:
    """One ordinary nbgrader assignment: something to read, and one answer that people grade."""

    def nbgrader(grade_id: str, **more: object) -> dict[str, object]:
        flags = {"grade": False, "solution": False, "locked": False, "task": False}
        return {"nbgrader": {"schema_version": 3, "grade_id": grade_id, **flags, **more}}

    notebook = new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[
            new_markdown_cell(text, id="reading", metadata=nbgrader("reading", locked=True)),
            new_code_cell(
                f"### BEGIN SOLUTION\n{SOLUTION}\n### END SOLUTION",
                id="answer",
                metadata=nbgrader("answer", grade=True, solution=True, points=1),
            ),
        ],
    )
    folder = project / "source" / name
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / f"{name}.ipynb")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A project with one module, and a folder for a classroom with the folders that the checks would make."""
    project = tmp_path / "project"
    write_module(project, "ps1", "First text.")
    (project / "nbgrader_config.py").write_text(
        'c = get_config()\nc.ClearSolutions.code_stub = {"python": "# from the project"}\n'
    )
    places = Places(project, tmp_path / "classroom")
    checks.make_folders(places)
    return places


@pytest.fixture
def port() -> int:
    return free_port()


def set_up(places: Places) -> list[str]:
    """Set up the course; returns the notes."""
    return course_setup.set_up(places, lambda line: None)


# What stands in the way


def test_a_port_in_use_is_named_with_the_way_out(places: Places) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(ClassroomError, match=rf"Port {taken} is in use .*--port \d+"):
            start(places.project, places.folder, taken)


def test_a_port_that_is_none_is_refused(places: Places) -> None:
    with pytest.raises(ClassroomError, match="70000 is not a port"):
        start(places.project, places.folder, 70000)


#: Stands in for JupyterHub: it takes the ports of its settings, and of those that it starts one may come too late.
HUB = """
import http.server, json, os, socket, sys
told = json.load(open(os.environ["FIELDGUIDE_SETTINGS"]))
held = []
for name in ("hub_port", "proxy_port", "live_port"):
    try:
        held.append(socket.create_server(("127.0.0.1", told[name])))
    except OSError as error:
        if name == "hub_port":
            sys.exit(str(error))

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

http.server.HTTPServer(("127.0.0.1", told["port"]), Answer).serve_forever()
"""


@pytest.fixture
def stand_in(places: Places, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A classroom with that hub, which is stopped as soon as it is open; what it says."""
    said: list[str] = []

    def start_hub(places: Places, log: IO[bytes]) -> subprocess.Popen[bytes]:
        environment = {**processes.marked_environment(places.folder), "FIELDGUIDE_SETTINGS": str(places.settings)}
        return subprocess.Popen([sys.executable, "-c", HUB], env=environment, stderr=log)

    def say(text: str, stream: object = None) -> None:
        said.append(text)
        if "The classroom is open" in text:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(classroom, "_start_hub", start_hub)
    monkeypatch.setattr(classroom, "_say", say)
    return said


@pytest.mark.parametrize("place", [0, 3])
def test_a_port_that_another_program_takes_meanwhile_gives_way_to_others(
    places: Places, port: int, stand_in: list[str], monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        found = [[free_port() for _ in range(4)] for _ in range(2)]  # which nobody takes meanwhile
        found[0][place] = other.getsockname()[1]
        monkeypatch.setattr(processes, "free_ports", lambda _: found.pop(0))
        assert classroom._run(places, port, False, accounts.load_passwords(places.passwords), [], False) == 0
    assert not found and len([text for text in stand_in if text.startswith("Another program took a port")]) == 1
    assert stand_in[-1].startswith("Stopped.") and not processes.running_in(places.folder)


def test_the_peoples_own_port_that_another_program_takes_meanwhile_is_named(
    places: Places, stand_in: list[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ClassroomError, match=rf"Port {port} is in use by another program"):
            classroom._run(places, port, False, accounts.load_passwords(places.passwords), [], False)
    assert not processes.running_in(places.folder) and stand_in == ["Starting JupyterHub."]


def test_a_nearly_full_disk_is_refused(places: Places, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 9 * 10**8, 10**8))
    with pytest.raises(ClassroomError, match=r"Only 100 MB are free .* --folder"):
        start(places.project, places.folder, port)


def test_a_folder_that_cannot_be_written_is_refused(places: Places, port: int, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(ClassroomError, match=r"cannot be written to .* --folder"):
        start(places.project, in_the_way / "classroom", port)


def test_a_folder_with_other_things_is_refused(places: Places, port: int) -> None:
    with pytest.raises(ClassroomError, match=r"holds other things.* --folder"):
        start(places.project, places.project, port)
    assert not (places.project / "hub").exists()


def test_a_classrooms_folder_is_its_owners_alone(places: Places) -> None:
    places.folder.chmod(0o755)
    checks.make_folders(places)
    assert places.folder.stat().st_mode & 0o777 == 0o700


def test_what_a_classroom_kept_open_to_others_is_closed_at_the_next_start(places: Places) -> None:
    log = places.state / "hub.log"
    log.touch()
    home = places.homes / "ana"
    home.mkdir()
    for path, mode in (
        (log, 0o644),
        (places.state, 0o755),
        (places.homes, 0o755),
        (home, 0o755),
        (places.course, 0o755),
    ):
        path.chmod(mode)
    checks.make_folders(places)
    assert log.stat().st_mode & 0o777 == 0o600
    for folder in (places.state, places.homes, home, places.course):
        assert folder.stat().st_mode & 0o777 == 0o700, folder


def test_the_exchange_is_open_to_all_as_nbgrader_needs_it_and_nobody_can_rename_what_is_anothers(
    places: Places,
) -> None:
    assert places.exchange.stat().st_mode & 0o7777 == 0o1777


def test_a_disk_that_fills_up_while_setting_up_is_told(
    places: Places, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Places, tell: object) -> list[str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(course_setup, "set_up", full)
    with pytest.raises(ClassroomError, match="No space left on device"):
        start(places.project, places.folder, port)


def test_a_folder_has_one_classroom_at_a_time(places: Places, port: int) -> None:
    with checks.only_one(places), pytest.raises(ClassroomError, match="Another classroom is running"):
        start(places.project, places.folder, port)


def test_a_project_without_modules_says_how_to_build_them(places: Places, port: int) -> None:
    shutil.rmtree(places.project / "source")
    with pytest.raises(ClassroomError, match=r"no modules .* \./run build"):
        start(places.project, places.folder, port)


# Passwords


def test_passwords_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    made = accounts.load_passwords(file)
    assert list(made) == ["instructor", "assistant", "ana", "ben", "chioma"]
    assert len(set(made.values())) == 5
    assert min(map(len, made.values())) >= 14
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    assert accounts.load_passwords(file) == made
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_missing_password_is_added_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"
    made = accounts.load_passwords(file)
    file.write_text(json.dumps({"ana": made["ana"]}))
    again = accounts.load_passwords(file)
    assert again["ana"] == made["ana"]
    assert set(again) == set(made)


@pytest.mark.parametrize("damaged", ["{", "[]", '{"ana": 7}', '{"ana": ""}'])
def test_damaged_passwords_say_what_to_do(tmp_path: Path, damaged: str) -> None:
    file = tmp_path / "passwords.json"
    file.write_text(damaged)
    with pytest.raises(ClassroomError, match="Delete that file"):
        accounts.load_passwords(file)


# What each role sees


def page_config(role: str) -> dict[str, dict[str, bool]]:
    """What JupyterLab makes of a role's files: the role's own over the shared ones."""
    merged: dict[str, dict[str, bool]] = {}
    for part in ("shared", role):
        file = CONFIG / part / "labconfig" / "page_config.json"
        for key, plugins in (json.loads(file.read_text()) if file.exists() else {}).items():
            if key != "fieldguideTiles":
                merged.setdefault(key, {}).update(plugins)
    return merged


def test_every_settings_file_is_json() -> None:
    files = [*CONFIG.rglob("*.json"), *CONFIG.rglob("*.jupyterlab-workspace")]
    assert len(files) >= 8
    for file in files:
        assert isinstance(json.loads(file.read_text(encoding="utf-8")), dict), file


def test_students_have_the_assignment_list_and_none_of_the_instructors_tools() -> None:
    config = page_config("student")
    for tool in ("formgrader", "create-assignment", "validate-assignment", "course-list"):
        assert config["disabledExtensions"][f"@jupyter/nbgrader:{tool}"]
    assert "@jupyter/nbgrader:assignment-list" not in config["disabledExtensions"]
    assert config["lockedExtensions"] == config["disabledExtensions"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which libraries a process has loaded")
def test_a_server_of_somebody_has_nothing_of_the_hubs_database() -> None:
    look = (
        "import sys; from fieldguide.hub.singleuser import keep_light; keep_light(); "
        "import jupyterhub.singleuser.extension, jupyter_server.serverapp; "
        "print([name for name in ('sqlalchemy', 'alembic', 'jupyterhub.handlers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("before", ["", "import sqlalchemy; "])
def test_a_courses_server_has_its_database_all_the_same(before: str) -> None:
    look = (
        f"{before}from fieldguide.hub.singleuser import keep_light; keep_light(); "
        "import jupyterhub.singleuser.extension; from sqlalchemy import create_engine, text; "
        "print(create_engine('sqlite://').connect().execute(text('SELECT 1')).scalar())"
    )
    done = subprocess.run([sys.executable, "-P", "-c", look], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("1\n", "")


def test_a_students_server_loads_nbgrader_when_jupyterlab_asks_for_its_list(tmp_path: Path) -> None:
    variables = role_environment("student", course_id="sw101", exchange=str(tmp_path))
    server = JupyterServer(tmp_path, tmp_path / "home", JUPYTERHUB_USER="ana", **variables)

    def has_nbgrader() -> bool:
        # A library that nothing else of a server needs.
        return any("rapidfuzz" in library.path for library in psutil.Process(server.pid).memory_maps())

    try:
        assert not has_nbgrader()
        assert server.ask("assignments?course_id=sw101") == {"success": True, "value": []}
        assert has_nbgrader()
        assert server.ask("courses")["success"]
    finally:
        server.stop()


def test_what_a_students_server_writes_is_the_students_alone_under_any_spawner() -> None:
    usual = os.umask(0o022)
    try:
        PyFileConfigLoader("jupyter_server_config.py", path=str(CONFIG / "student")).load_config()
    finally:
        left = os.umask(usual)
    assert left == 0o077


def test_the_instructor_has_formgrader_in_its_frame() -> None:
    disabled = page_config("instructor")["disabledExtensions"]
    assert not {"@jupyter/nbgrader:formgrader", "@jupyter/nbgrader:create-assignment"} & set(disabled)
    server = json.loads((CONFIG / "instructor" / "jupyter_server_config.json").read_text())["ServerApp"]
    assert server["tornado_settings"]["headers"]["Content-Security-Policy"] == "frame-ancestors 'self'"


def test_nothing_asks_the_network_for_news() -> None:
    defaults = json.loads((CONFIG / "shared" / "labconfig" / "default_setting_overrides.json").read_text())
    news = defaults["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}
    assert page_config("student")["disabledExtensions"]["@jupyterlab/apputils-extension:announcements"]


def test_a_roles_own_settings_come_before_the_shared_ones() -> None:
    variables = role_environment("student", course_id="sw101", exchange="/e")
    own, shared = variables["JUPYTER_CONFIG_PATH"].split(os.pathsep)
    assert (Path(own), Path(shared)) == (CONFIG / "student", CONFIG / "shared")
    assert "FIELDGUIDE_COURSE" not in variables


def hub_settings(places: Places, monkeypatch: pytest.MonkeyPatch, **more: object) -> Config:
    """What JupyterHub is told for a classroom whose settings a school has written by hand."""
    _write_settings(places, 8000)
    written = json.loads(places.settings.read_text("utf-8"))
    places.settings.write_text(json.dumps({**written, **more}), "utf-8")
    monkeypatch.setenv(processes.MARK, processes.mark_of(places.folder))
    monkeypatch.setenv("FIELDGUIDE_SETTINGS", str(places.settings))
    usual = os.umask(0o022)
    try:
        return PyFileConfigLoader("jupyterhub_config.py", path=str(CONFIG.parent)).load_config()
    finally:
        os.umask(usual)


def test_a_school_names_its_own_course(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = hub_settings(places, monkeypatch, course_id="sw101")
    assert set(hub.JupyterHub.load_groups) == {"formgrade-sw101", "assist-sw101", "nbgrader-sw101"}
    for role, group in (
        ("instructor", "formgrade-sw101"),
        ("assistant", "assist-sw101"),
        ("student", "nbgrader-sw101"),
    ):
        override = hub.Spawner.group_overrides[role]
        assert override["groups"] == [group]
        with monkeypatch.context() as patch:
            for name, value in {**override["spawner_override"]["environment"], "JUPYTERHUB_USER": "ana"}.items():
                patch.setenv(name, value)
            nbgrader = PyFileConfigLoader("nbgrader_config.py", path=str(CONFIG / "shared")).load_config()
        assert nbgrader.CourseDirectory.course_id == "sw101"


def test_only_the_try_out_takes_folders_of_another_account(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def check_owner(hub: Config) -> bool:
        environment = hub.Spawner.group_overrides["instructor"]["spawner_override"]["environment"]
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            settings = Course(places.course).config
        return bool(settings.get("ExchangeCollect", {}).get("check_owner", True))

    assert not check_owner(hub_settings(places, monkeypatch))
    assert check_owner(hub_settings(places, monkeypatch, tryout=False))
    said = [file.parent.name for file in CONFIG.rglob("*.py") if "check_owner" in file.read_text("utf-8")]
    assert said == ["tryout"]
    assert places.exchange.stat().st_mode & 0o7777 == 0o1777


def test_a_service_carries_the_mark_by_which_it_is_ended_after_a_crash(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = hub_settings(places, monkeypatch).JupyterHub.services
    assert services and all(one["environment"][processes.MARK] == processes.mark_of(places.folder) for one in services)


def test_a_students_server_is_told_of_the_package_and_the_exchange_and_of_no_other_place(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = hub_settings(places, monkeypatch)
    told = {**hub.Spawner.environment, **hub.Spawner.group_overrides["student"]["spawner_override"]["environment"]}
    told.pop("PATH")  # the running Python's and the system's own
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/services/live", told.pop("FIELDGUIDE_LIVE_URL"))
    named = [Path(part) for value in told.values() for part in value.split(os.pathsep) if os.sep in part]
    package = CONFIG.parent.parent
    assert len(named) == 3
    assert all(path.is_relative_to(package) or path == places.exchange for path in named), named


# Setting up the course: nbgrader's part is replaced by one that only writes the release folder


@pytest.fixture
def generated(places: Places, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The modules that nbgrader was asked to make ready, call by call."""
    calls: list[list[str]] = []

    def generate(places: Places, modules: list[str], tell: object) -> dict[str, str]:
        calls.append(modules)
        (places.course / "gradebook.db").touch()
        for module in modules:
            (places.course / "release" / module).mkdir(parents=True, exist_ok=True)
        return {}

    monkeypatch.setattr(course_setup, "_run_nbgrader", generate)
    return calls


def text_of(places: Places, module: str) -> str:
    return (places.course / "source" / module / f"{module}.ipynb").read_text(encoding="utf-8")


def test_modules_are_copied_and_made_ready_once(places: Places, generated: list[list[str]]) -> None:
    assert set_up(places) == []
    assert "First text." in text_of(places, "ps1")
    assert set_up(places) == []
    assert generated == [["ps1"]]


def test_what_reports_call_statements_by_and_samples_for_scorers_are_in_the_course_folder_and_stay(
    places: Places, generated: list[list[str]]
) -> None:
    texts = {"modules/data/statements.csv": "id,gist\nU1,Research travels\n", "modules/norming/essay.yaml": "a: b\n"}
    for name, text in texts.items():
        (places.project / name).parent.mkdir(parents=True)
        (places.project / name).write_text(text)
    set_up(places)
    assert {name: (places.course / name).read_text() for name in texts} == texts
    own = places.course / "modules" / "norming" / "essay.yaml"
    own.write_text("a: c\n")
    set_up(places)
    assert own.read_text() == "a: c\n"


def test_a_changed_module_is_taken_over_while_nobody_has_handed_it_in(
    places: Places, generated: list[list[str]]
) -> None:
    set_up(places)
    write_module(places.project, "ps1", "Second text.")
    write_module(places.project, "ps2", "Another.")
    (places.exchange / "fieldguide" / "outbound" / "ps1").mkdir(parents=True)
    assert set_up(places) == ["ps1 is newer than what was released: release it again in Formgrader."]
    assert "Second text." in text_of(places, "ps1")
    assert generated == [["ps1"], ["ps1", "ps2"]]


@pytest.mark.parametrize(
    "where", ["exchange/fieldguide/inbound/ana+ps1+now", "home/instructor/fieldguide/submitted/ana/ps1"]
)
def test_what_students_have_handed_in_for_is_not_changed(
    places: Places, generated: list[list[str]], where: str
) -> None:
    set_up(places)
    (places.folder / where).mkdir(parents=True)
    write_module(places.project, "ps1", "Second text.")
    notes = set_up(places)
    assert len(notes) == 1 and "students have handed it in" in notes[0]
    assert "First text." in text_of(places, "ps1")
    assert generated == [["ps1"]]


def test_the_instructors_own_version_stays(places: Places, generated: list[list[str]]) -> None:
    set_up(places)
    mine = places.course / "source" / "ps1" / "ps1.ipynb"
    mine.write_text(mine.read_text().replace("First", "My own"))
    assert set_up(places) == []
    write_module(places.project, "ps1", "Second text.")
    notes = set_up(places)
    assert len(notes) == 1 and "its own version" in notes[0]
    assert "My own text." in mine.read_text()
    assert generated == [["ps1"]]


def test_the_course_folder_has_the_projects_settings_to_edit_and_what_is_edited_stays(
    places: Places, generated: list[list[str]]
) -> None:
    set_up(places)
    settings = places.course / "nbgrader_config.py"
    assert settings.read_text() == (places.project / "nbgrader_config.py").read_text()
    settings.write_text("c = get_config()\nc.FeedbackExporter.show_best_answer = False\n")
    set_up(places)
    assert "show_best_answer = False" in settings.read_text()


def test_modules_alone_make_a_classroom(places: Places, generated: list[list[str]]) -> None:
    (places.project / "nbgrader_config.py").unlink()
    assert sorted(path.name for path in places.project.iterdir()) == ["source"]
    assert set_up(places) == []
    assert "show_best_answer = True" in (places.course / "nbgrader_config.py").read_text()


def test_the_command_asks_for_no_folder_that_it_does_not_use(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert main(["--project", str(places.project), "classroom", "--port", port]) == 1
    assert "is in use" in capsys.readouterr().err


def test_a_folder_that_is_no_course_is_left_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(tmp_path), "classroom"]) == 1
    assert "There are no modules" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_is_no_change(places: Places, generated: list[list[str]]) -> None:
    set_up(places)
    checkpoint = places.course / "source" / "ps1" / ".ipynb_checkpoints" / "ps1-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    checkpoint.write_text("{}")
    write_module(places.project, "ps1", "Second text.")
    assert set_up(places) == []
    assert generated == [["ps1"], ["ps1"]]


def test_a_module_that_nbgrader_refuses_is_told_and_tried_again(
    places: Places, generated: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Places, modules: list[str], tell: object) -> dict[str, str]:
        generated.append(modules)
        return {"ps1": "Traceback\nRuntimeError: no kernel"}

    with monkeypatch.context() as patch:
        patch.setattr(course_setup, "_run_nbgrader", refuse)
        notes = set_up(places)
    assert len(notes) == 1 and "ps1 could not be made ready (RuntimeError: no kernel)" in notes[0]
    assert set_up(places) == []
    assert generated == [["ps1"], ["ps1"]]


def test_students_files_are_left_alone(places: Places, generated: list[list[str]]) -> None:
    set_up(places)
    work = places.homes / "ana" / "ps1" / "ps1.ipynb"
    work.parent.mkdir()
    work.write_text("mine")
    set_up(places)
    assert work.read_text() == "mine"
    assert (places.homes / "ana").stat().st_mode & 0o777 == 0o700


# Processes


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is nobody's business."""
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


def test_only_processes_with_the_mark_are_ended(places: Places, sleeper: subprocess.Popen[bytes]) -> None:
    marked = subprocess.Popen(["sleep", "600"], env=processes.marked_environment(places.folder))
    elsewhere = subprocess.Popen(["sleep", "600"], env=processes.marked_environment(places.folder / "other"))
    try:
        assert [process.pid for process in processes.running_in(places.folder)] == [marked.pid]
        processes.end(processes.running_in(places.folder))
        marked.wait(seconds(30))
        assert processes.running_in(places.folder) == []
        assert sleeper.poll() is None and elsewhere.poll() is None
    finally:
        for process in (marked, elsewhere):
            process.kill()
            process.wait()


def test_the_proxy_hands_on_a_kernels_messages_and_protocol_as_they_are() -> None:
    from fieldguide.hub.proxy import Handler

    sent: list[tuple[str | bytes, bool]] = []
    handler = object.__new__(Handler)
    handler.target = {"prefix": "/user/ana"}
    handler.proxy = SimpleNamespace(update_last_activity=lambda _: None)
    handler.ws_client = SimpleNamespace(
        selected_subprotocol="v1.kernel", write_message=lambda message, binary: sent.append((message, binary))
    )
    handler.on_message(b"\x01")
    handler.on_message("text")
    assert sent == [(b"\x01", True), ("text", False)]
    assert handler.select_subprotocol(["v1.kernel", "other"]) == "v1.kernel"
    handler.ws_client = None
    handler.on_message("too late")
    assert handler.select_subprotocol([]) is None


# The real thing


@pytest.mark.slow
def test_nbgrader_sets_up_the_course_with_the_projects_settings(places: Places) -> None:
    from nbgrader.api import Gradebook

    told: list[str] = []
    assert course_setup.set_up(places, told.append) == []
    assert told == ["  1 of 1: ps1"]
    released = (places.course / "release" / "ps1" / "ps1.ipynb").read_text(encoding="utf-8")
    assert "# from the project" in released and SOLUTION not in released
    with Gradebook(f"sqlite:///{places.course / 'gradebook.db'}") as gradebook:
        assert {student.id: student.first_name for student in gradebook.students} == {
            "ana": "Ana",
            "ben": "Ben",
            "chioma": "Chioma",
        }
        gradebook.update_or_create_student("ana", first_name="Anna")
    write_module(places.project, "ps1", "Second text.")
    assert set_up(places) == []
    assert "Second text." in (places.course / "release" / "ps1" / "ps1.ipynb").read_text(encoding="utf-8")
    with Gradebook(f"sqlite:///{places.course / 'gradebook.db'}") as gradebook:
        assert gradebook.find_student("ana").first_name == "Anna"


class Running:
    """A classroom in a process of its own, as the command line starts it."""

    def __init__(
        self, places: Places, port: int, python: Sequence[str] = (sys.executable,), told: dict[str, str] | None = None
    ) -> None:
        self.places = places
        self.url = f"http://127.0.0.1:{port}"
        program = "import sys, pathlib, fieldguide.hub.classroom as room; sys.exit(room.start(*map(pathlib.Path, "
        program += "sys.argv[1:3]), int(sys.argv[3]), browser=True))"
        self.process = subprocess.Popen(
            [*python, "-c", program, str(places.project), str(places.folder), str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env=told or {name: value for name, value in os.environ.items() if name != "DISPLAY"},
        )

    def wait_until_open(self) -> str:
        assert self.process.stdout
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith("Ctrl-C stops"):
                return said
        raise AssertionError(said)

    def log_in(self, name: str) -> str:
        """Log in and wait for the person's own server; returns the address they come to."""
        password = json.loads(self.places.passwords.read_text())[name]
        self.cookies = CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        form = browser.open(f"{self.url}/hub/login").read().decode()
        token = re.search(r'name="_xsrf" value="([^"]+)"', form)
        assert token
        fields = {"username": name, "password": password, "_xsrf": token[1]}
        page = browser.open(f"{self.url}/hub/login", urllib.parse.urlencode(fields).encode())
        deadline = time.monotonic() + seconds(120)
        while "/user/" not in urllib.parse.urlsplit(page.url).path:
            assert time.monotonic() < deadline, page.url
            time.sleep(0.5)
            page = browser.open(f"{self.url}/user/{name}/")
        return str(page.url)

    def stop(self, number: int) -> tuple[int, str]:
        """Send the signal; returns the exit code and what was said since."""
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=seconds(60))
        return self.process.returncode, said


def has_key(path: Path) -> bool:
    """Whether a key stands in a file, which servers at work may take away at any moment."""
    try:
        return SOLUTION.encode() in path.read_bytes()
    except FileNotFoundError:
        return False


def asked_of(running: list[psutil.Process], ask: Callable[[psutil.Process], Told]) -> list[Told]:
    """What each process tells, of those that have not ended meanwhile: some run for a moment only."""
    told = []
    for process in running:
        with contextlib.suppress(psutil.NoSuchProcess):
            told.append(ask(process))
    return told


def keys_within_reach(places: Places, student: str) -> list[tuple[str, Path]]:
    """The files with a key that lie at or below a place which the environment of a student's processes names."""
    roots = (places.project, places.folder)
    keys = [path for root in roots for path in root.rglob("*") if path.is_file() and has_key(path)]
    assert keys
    environments = asked_of(processes.running_in(places.folder), psutil.Process.environ)
    of_student = [environment for environment in environments if environment.get("JUPYTERHUB_USER") == student]
    assert of_student
    return [
        (name, key)
        for environment in of_student
        for name, value in environment.items()
        if not name.endswith(("_URL", "_PREFIX"))  # addresses, which may be "/"
        for part in value.split(os.pathsep)
        for key in keys
        if Path(part).is_absolute() and key.resolve().is_relative_to(Path(part).resolve())
    ]


def is_open_to_others(path: Path) -> bool:
    """Whether others than its owner may do anything with a file, which is there."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:  # servers at work make some for a moment
        return False
    return not stat.S_ISLNK(mode) and bool(mode & 0o077)


@pytest.fixture
def opened() -> Iterator[list[Running]]:
    """Classrooms that a test opens in one folder, one after the other; none outlives the test."""
    rooms: list[Running] = []
    yield rooms
    for room in rooms:
        if room.process.poll() is None:
            room.process.kill()
            room.process.communicate()
        processes.end(processes.running_in(room.places.folder))


@pytest.mark.slow
def test_a_classroom_opens_and_stops_and_opens_again_after_a_crash(
    places: Places, port: int, opened: list[Running]
) -> None:
    room = Running(places, port)
    opened.append(room)
    said = room.wait_until_open()
    passwords = json.loads(places.passwords.read_text())
    assert room.url in said
    assert all(word in said for word in passwords.values())
    assert "not\nisolated" in said
    with urllib.request.urlopen(f"{room.url}/hub/api") as answer:
        assert "version" in json.load(answer)
    assert "/user/ana/fieldguide" in room.log_in("ana")
    listening = {
        connection.laddr.ip
        for connections in asked_of(processes.running_in(places.folder), lambda one: one.net_connections("tcp"))
        for connection in connections
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}
    assert keys_within_reach(places, "ana") == []
    kept = [path for folder in (places.state, places.homes / "ana") for path in (folder, *folder.rglob("*"))]
    assert len(kept) > 10
    assert [path for path in kept if is_open_to_others(path)] == []
    assert (places.course / "gradebook.db").stat().st_mode & 0o077 == 0

    stranger = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    state = re.search(r"state%3D([\w-]+)", stranger.open(f"{room.url}/user/ana/").url)
    session = next(cookie.value for cookie in room.cookies if cookie.name == "jupyterhub-session-id")
    log = until(lambda: "state%3D[secret]" in (text := places.log.read_text()) and text)  # after the answer
    assert state and state[1] not in log
    assert session not in log and "xsrf cookie for [secret]" in log

    code, said = room.stop(signal.SIGINT)
    assert (code, processes.running_in(places.folder)) == (0, [])
    assert "Nothing is lost" in said
    assert places.log.read_text().rstrip().endswith("...done")  # JupyterHub stopped in order, and was not ended

    # Ended by force, with the hub: the proxy and a student's server go on without them, and hold the port.
    room = Running(places, port)
    opened.append(room)
    room.wait_until_open()
    room.log_in("ben")
    # An assistant comes to the desk, and to nothing else of their server.
    assert "/user/assistant/fieldguide/desk" in room.log_in("assistant")
    assistant = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(room.cookies))
    for address in ("lab", "tree", "api/contents", "api/terminals", "formgrader", "fieldguide/desk/roster"):
        with pytest.raises(urllib.error.HTTPError, match="403") as refused:
            assistant.open(f"{room.url}/user/assistant/{address}")
        assert "instructor" in refused.value.read().decode()
    hub = psutil.Process(room.process.pid).children()[0]
    room.process.kill()
    hub.kill()
    room.process.communicate()
    assert processes.running_in(places.folder)

    room = Running(places, port)
    opened.append(room)
    room.wait_until_open()
    assert "/user/instructor/fieldguide/desk" in room.log_in("instructor")
    assert json.loads(places.passwords.read_text()) == passwords
    assert room.stop(signal.SIGTERM)[0] == 0
    assert processes.running_in(places.folder) == []


@pytest.fixture
def ordinary() -> Iterator[tuple[Places, Sequence[str], dict[str, str]]]:
    """A project, and how somebody who is not root and has an empty home runs Python, with a browser of ours."""
    folder = Path(tempfile.mkdtemp(prefix="fieldguide-ordinary-"))  # which other accounts can enter, as not pytest's
    folder.chmod(0o755)
    try:
        write_module(folder / "project", "ps1", "First text.")
        browser = folder / "browser"
        browser.write_text(f'#!/bin/sh\necho "$1" >> "{folder}/home/opened"\n')
        browser.chmod(0o755)
        (home := folder / "home").mkdir()
        python: Sequence[str] = (sys.executable,)
        if os.geteuid() == 0:
            python = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
            python += [str(python_for_everybody(folder / "env"))]
            shutil.chown(home, "nobody")
        told = {"HOME": str(home), "PATH": "/usr/bin:/bin", "DISPLAY": ":99", "BROWSER": f"{browser} %s"}
        yield Places(folder / "project", home / "classroom"), python, told
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
def test_an_ordinary_user_with_an_empty_home_has_it_opened_in_the_browser_and_a_crash_told(
    port: int, ordinary: tuple[Places, Sequence[str], dict[str, str]], opened: list[Running]
) -> None:
    places, python, told = ordinary
    room = Running(places, port, python, told)
    opened.append(room)
    room.wait_until_open()
    shown = Path(told["HOME"]) / "opened"
    deadline = time.monotonic() + seconds(30)
    while not (shown.exists() and shown.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert shown.read_text() == f"{room.url}\n"
    assert "/user/ana/fieldguide" in room.log_in("ana")
    owners = {told.real for told in asked_of(processes.running_in(places.folder), psutil.Process.uids)}
    assert owners and 0 not in owners
    (hub,) = started_by(room.process.pid, "jupyterhub")
    hub.kill()
    said, _ = room.process.communicate(timeout=seconds(60))
    assert room.process.returncode == 1
    assert "has stopped by itself" in said and str(places.log) in said
    assert processes.running_in(places.folder) == []


# A class of made-up students, and beginning anew


def test_made_up_students_fill_no_class_that_has_begun(places: Places, port: int) -> None:
    (places.exchange / places.course_id / "outbound" / "ps1").mkdir(parents=True)
    with pytest.raises(ClassroomError, match=r"has begun already.* --reset"):
        start(places.project, places.folder, port, made_up=3)
    with pytest.raises(ClassroomError, match="1 to 300 students"):
        start(places.project, places.folder, port, made_up=301)
    with pytest.raises(ClassroomError, match="--exchange-service"):
        start(places.project, places.folder, port, made_up=3, service=True)


def test_a_class_is_deleted_only_when_somebody_agrees(places: Places) -> None:
    accounts.load_passwords(places.passwords)
    asked: list[str] = []

    def answering(answer: str) -> Callable[[str], str]:
        return lambda question: asked.append(question) or answer  # type: ignore[func-returns-value]

    (submitted := places.course / "submitted" / "ana" / "ps1").mkdir(parents=True)
    for answer in ("", "yes", "delete it"):
        assert not reset(places.project, places.folder, answering(answer))
    assert submitted.is_dir() and "1 that were collected" in asked[0]
    with checks.only_one(places), pytest.raises(ClassroomError, match="Another classroom is running"):
        reset(places.project, places.folder, answering("delete"))
    assert reset(places.project, places.folder, answering(" delete\n"))
    assert list(places.folder.iterdir()) == []
    checks.make_folders(places)  # and it can be begun anew


def test_what_is_no_class_is_never_deleted(places: Places) -> None:
    with pytest.raises(ClassroomError, match="There is no class"):
        reset(places.project, places.project, lambda _: "delete")
    assert (places.project / "source").is_dir()
