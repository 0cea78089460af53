"""Nobody teaches a course and takes it too: by none of root's commands, and who does both is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldguide.failing import LEFT
from fieldguide.school import SchoolError, admin, apart, classlist
from fieldguide.school.apart import both, need_apart
from fieldguide.school.planning import Places
from fieldguide.school.reading import Course

SCHOOL = '[courses.sw101]\ntitle = "Ethics"\ninstructors = ["grace"]\n'
COURSE = Course("sw101", "Ethics", ("grace",), ("tim",))


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The system's groups of a course; ana takes it."""
    there = {
        "nbgrader-sw101": {"grader-sw101", "ana"},
        "formgrade-sw101": {"grader-sw101", "grace"},
        "assist-sw101": set[str](),
    }
    for module in (apart, classlist):
        monkeypatch.setattr(module, "members_of", lambda group: frozenset(there.get(group, ())))
    return there


@pytest.fixture
def places(tmp_path: Path, groups: dict[str, set[str]], monkeypatch: pytest.MonkeyPatch) -> Places:
    """A school whose machine is as its file says, where applying brings who teaches into their group."""
    places = Places(tmp_path)
    places.settings.mkdir(parents=True)
    (places.settings / "courses.toml").write_text(SCHOOL, encoding="utf-8")

    def bring(plan: object, tell: object) -> int:
        (course,) = admin._school(places).courses
        groups["formgrade-sw101"] |= {*course.instructors}
        groups["assist-sw101"] |= {*course.assistants}
        return 1

    def take_out(student: str, course: Course) -> None:
        groups["nbgrader-sw101"].remove(student)

    for name, stand_in in (("_need_root", lambda: None), ("_need_applied", lambda _: None), ("apply", bring)):
        monkeypatch.setattr(admin, name, stand_in)
    monkeypatch.setattr(admin, "take_out", take_out)
    monkeypatch.setattr(admin, "_plan", lambda _: None)
    return places


def run(places: Places, *words: str) -> int:
    return admin.main(["--root", str(places.root), *words])


@pytest.mark.parametrize("role", [(), ("--assistant",)])
def test_a_student_is_not_made_to_teach_without_a_word(
    places: Places, groups: dict[str, set[str]], capsys: pytest.CaptureFixture[str], role: tuple[str, ...]
) -> None:
    before = {name: {*people} for name, people in groups.items()}
    assert run(places, "instructor", "add", "sw101", "ana", *role) == 1
    told = capsys.readouterr()
    way = " ".join(("fieldguide-admin instructor add sw101 ana", *role, "--was-student"))
    assert "ana is a student of sw101" in told.err and f"{way}. " in told.err and "Nothing was changed." in told.err
    assert (places.settings / "courses.toml").read_text(encoding="utf-8") == SCHOOL and groups == before
    # The way that it names.
    assert run(places, *way.split()[1:]) == 0
    told = capsys.readouterr()
    assert "ana has left the class of sw101. What they handed in there stays" in told.out
    assert "ana" not in groups["nbgrader-sw101"] and "ana" in groups["assist-sw101" if role else "formgrade-sw101"]


def test_a_name_that_was_written_by_hand_is_refused_before_anything_is_changed_and_has_the_same_way_out(
    places: Places,
    groups: dict[str, set[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    by_hand = SCHOOL.replace('"grace"', '"grace", "ana"')
    (places.settings / "courses.toml").write_text(by_hand, encoding="utf-8")
    for needed in ("need_python_for_everybody", "need_ports_of_roots"):
        monkeypatch.setattr(admin, needed, lambda *_: None)
    assert run(places, "apply") == 1
    assert "ana is a student of sw101" in capsys.readouterr().err and "ana" not in groups["formgrade-sw101"]
    assert run(places, "instructor", "add", "sw101", "ana", "--was-student") == 0
    assert "ana" in groups["formgrade-sw101"] and "ana" not in groups["nbgrader-sw101"]
    assert (places.settings / "courses.toml").read_text(encoding="utf-8") == by_hand


def test_who_does_both_already_is_told_each_time_and_stops_nothing_else(
    places: Places, groups: dict[str, set[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    groups["formgrade-sw101"].add("ana")
    assert [line.split(".")[0] for line in both([COURSE])] == ["ana is a student of sw101"]
    need_apart([COURSE])
    assert run(places, "instructor", "add", "sw101", "joan") == LEFT
    assert "ana is a student of sw101" in capsys.readouterr().err and "joan" in groups["formgrade-sw101"]


def test_who_teaches_is_on_no_class_list_whoever_has_said_that_they_teach(
    tmp_path: Path, groups: dict[str, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    groups["assist-sw101"].add("joan")  # as the course site says
    monkeypatch.setattr(classlist, "why_refused", lambda *_, **__: None)
    listed = tmp_path / "class.csv"
    listed.write_text("id\nana\ngrace\njoan\ntim\n", encoding="utf-8")
    with pytest.raises(SchoolError) as refused:
        classlist.read(COURSE, Places(tmp_path), listed, existing=False)
    told = str(refused.value).splitlines()
    assert [line.split(" teaches")[0] for line in told[:3]] == [
        f"{listed}, line {number}: {name}" for number, name in ((3, "grace"), (4, "joan"), (5, "tim"))
    ]
    assert all("Take the row out of the list; or" in line for line in told[:3]) and told[3:] == ["Nothing was changed."]
