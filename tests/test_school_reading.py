"""courses.toml: what a school may write, and what it is told of mistakes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from conftest import PROJECT
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.school import SchoolError
from fieldguide.school.reading import LONGEST_ID, Course, line_of, parse_school, read_school

WHOLE = """\
[school]
address = "https://guide.school.edu/"
student_memory = "512M"

[courses.sw101]
title = "Ethics"
instructors = ["grace"]
assistants = ["tim"]

[courses.sw202]
title = "Field practice"
instructors = ["grace"]
[courses.sw202.sections.a]
instructors = ["joan"]
[courses.sw202.sections.b]
title = "Field practice, evenings"
"""


def problems(text: str) -> list[str]:
    with pytest.raises(SchoolError) as refused:
        parse_school(text)
    return str(refused.value).splitlines()


def test_a_section_is_a_course_with_its_own_people_and_the_courses() -> None:
    school = parse_school(WHOLE)
    assert school.courses == (
        Course("sw101", "Ethics", ("grace",), ("tim",)),
        Course("sw202-a", "Field practice, a", ("grace", "joan")),
        Course("sw202-b", "Field practice, evenings", ("grace",)),
    )
    assert (school.address, school.student_memory) == ("https://guide.school.edu", 512 << 20)


def test_what_a_school_begins_with_can_be_read() -> None:
    school = read_school(PROJECT / "src/fieldguide/school/courses.toml")
    assert [course.id for course in school.courses] == ["sw101"]
    # And what it shows behind # can be used as it stands.
    shown = (PROJECT / "src/fieldguide/school/courses.toml").read_text("utf-8")
    used = shown.replace("# [", "[").replace("# title", "title").replace("# instructors", "instructors")
    assert [course.id for course in parse_school(used).courses] == ["sw101", "sw202-a", "sw202-b"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('title = "Ethics"', 'titel = "Ethics"', "line 6: 'titel' is not known here. Did you mean 'title'?"),
        ('title = "Ethics"', "title = 3", "line 6: 'title' is a number. Expected a text in quotes."),
        ('["grace"]\nassistants', '"grace"\nassistants', "line 7: 'instructors' is a text. Expected account names"),
        ('["grace"]\nassistants', "[]\nassistants", "line 5: sw101 has no instructor. Expected instructors ="),
        ('["tim"]', '["grace"]', "line 5: grace is an instructor of sw101 and an assistant too."),
        ('["tim"]', '["Tim"]', "line 8: 'Tim' cannot be a person's account: expected small letters"),
        ('["tim"]', '["grader-sw101"]', "line 8: 'grader-sw101' cannot be a person's account: names that begin"),
        ('["tim"]', '[\n  "tim",\n  "tim",\n]', "line 8: tim is named twice."),
        (
            '"512M"',
            '"1G"\nport = 8000',
            "line 4: 'port' is '8000'. Expected a port that root alone can take, a whole num",
        ),
        ('"512M"', '"a lot"', "line 3: 'student_memory' is 'a lot'. Expected a size of 256M or more"),
        ('"512M"', '"8M"', "line 3: 'student_memory' is '8M'."),
        ('"512M"', "true", "line 3: 'student_memory' is true or false."),
        ("https://guide.school.edu/", "http://guide.school.edu", "line 2: 'http://guide.school.edu' would send passw"),
        ("https://guide.school.edu/", "https://guide.school.edu:8443", "line 2: 'https://guide.school.edu:8443' names"),
        ("https://guide.school.edu/", "guide.school.edu", "line 2: 'guide.school.edu' is no address of a server."),
        ("https://guide.school.edu/", "https://a b\\n}", "line 2: 'https://a b\n}' is no address"),
        ("[courses.sw101]", "[courses.SW101]", "line 5: 'SW101' cannot be a course's id."),
        ("[courses.sw101]", "[courses.sw202-a]", "line 13: there are two courses 'sw202-a'."),
        (
            "[courses.sw202.sections.a]",
            "[courses.sw202.section.a]",
            "line 13: 'section' is not known here. Did you mea",
        ),
        ("[school]", "[scholl]", "line 1: 'scholl' is not known here. Did you mean 'school'?"),
        ("[school]", "[school", "is not written as TOML: expected ']' at the end of a table declaration (at line 1"),
        ("[courses.sw101]", "[courses.sw 101]", "That line is: [courses.sw 101]\nExpected texts and names in"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_was_expected(before: str, after: str, said: str) -> None:
    assert before in WHOLE
    told = "\n".join(problems(WHOLE.replace(before, after, 1)))
    assert said in told, told


def test_every_mistake_is_told_at_once() -> None:
    told = problems('[courses.a]\ntitle = ""\n[courses.b]\ninstructors = ["x y"]\n[extra]\n')
    assert [line.split(":")[0] for line in told] == [
        "courses.toml, line 1",
        "courses.toml, line 2",
        "courses.toml, line 3",
        "courses.toml, line 4",
        "courses.toml, line 5",
    ]


def test_a_file_without_courses_or_none_at_all_says_what_to_do(tmp_path: Path) -> None:
    assert problems("") == [
        "courses.toml, line 1: there is no course. Expected a section for each, such as [courses.sw101]."
    ]
    with pytest.raises(SchoolError, match=r"Begin with: fieldguide-admin init"):
        read_school(tmp_path / "courses.toml")
    (tmp_path / "courses.toml").write_bytes("title = 'é'".encode("latin-1"))
    with pytest.raises(SchoolError, match="UTF-8"):
        read_school(tmp_path / "courses.toml")


def test_an_editor_that_writes_a_mark_first_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "courses.toml").write_bytes(WHOLE.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_school(tmp_path / "courses.toml") == parse_school(WHOLE)


KEY = st.from_regex(r"[a-z]{1,3}", fullmatch=True)
VALUE = st.sampled_from(['"a"', "3", "[\n 1,\n 2,\n]", '"""\nlong\n"""', "{ x = 1 }", "true"])
SPACE = st.sampled_from(["", "\n", "# said\n", "\n# title = 3\n"])


@given(st.dictionaries(KEY, st.tuples(SPACE, VALUE), min_size=1), KEY)
def test_the_line_of_a_key_is_where_it_stands(table: dict[str, tuple[str, str]], missing: str) -> None:
    text = "[t]\n"
    lines = {}
    for key, (space, value) in table.items():
        text += space
        lines[key] = text.count("\n") + 1
        text += f"{key} = {value}\n"
    tomllib.loads(text)
    for key, line in lines.items():
        assert line_of(text, ("t", key)) == line
    if missing not in table:
        assert line_of(text, ("t", missing)) == 1


@given(st.text(max_size=200) | st.builds(lambda middle: WHOLE[:90] + middle + WHOLE[90:], st.text(max_size=20)))
def test_no_text_at_all_ends_in_a_traceback(text: str) -> None:
    try:
        school = parse_school(text)
    except SchoolError as error:
        assert str(error).startswith("courses.toml")
        return
    assert school.courses


@given(
    st.sampled_from(["school", "courses", "school.address", "school.student_memory", "school.stop_idle_after_minutes"])
    | st.sampled_from(
        ["courses.a", "courses.a.title", "courses.a.instructors", "courses.a.sections", "courses.a.sections.b"]
    ),
    st.sampled_from(['"x"', "1", "2.5", "true", "2026-01-01", "[]", "{}", '["a"]', "[1]", "[{}]", "inf", "''"]),
)
def test_a_value_of_any_kind_anywhere_is_taken_or_told(key: str, value: str) -> None:
    text = f"{key} = {value}\n"
    try:
        parse_school(text)
    except SchoolError as error:
        assert all(line.startswith("courses.toml, line ") for line in str(error).splitlines()), error


@given(st.from_regex(r"[a-z0-9-]{1,24}", fullmatch=True), st.from_regex(r"[a-z0-9-]{1,24}", fullmatch=True))
def test_a_course_that_is_taken_has_names_that_the_system_can_have(id_: str, section: str) -> None:
    text = f'[courses.{id_}]\ntitle = "t"\ninstructors = ["g"]\n[courses.{id_}.sections.{section}]\n'
    try:
        (course,) = parse_school(text).courses
    except SchoolError as error:
        assert "cannot be a course's id" in str(error)
        return
    assert len(f"formgrade-{course.id}") <= 32 and len(course.id) <= LONGEST_ID


# -- course sites


SITE = """
[lms.canvas]
issuer = "https://canvas.instructure.com"
client_id = "10000000000001"
deployments = ["1:abc"]
authorization = "https://sso.canvaslms.com/api/lti/authorize_redirect"
token = "https://sso.canvaslms.com/login/oauth2/token"
keys = "https://sso.canvaslms.com/api/lti/security/jwks"
"""


def linked(**lines: str) -> str:
    """A course with a section and lines of a course site in each: of the course, and of the sections a and b."""
    course, a, b = (lines.get(name, "") for name in ("course", "a", "b"))
    head = f'[courses.sw202]\ntitle = "Practice"\ninstructors = ["joan"]\n{course}\n'
    return head + f"[courses.sw202.sections.a]\n{a}\n[courses.sw202.sections.b]\n{b}\n" + SITE


def test_a_section_names_its_course_of_a_course_site_and_takes_the_rest_from_its_course() -> None:
    school = parse_school(
        linked(course='lms = "canvas"\nlms_instructors = true', a='lms_context = "c1"', b="lms_instructors = false")
    )
    told = [(one.lms, one.lms_context, one.lms_instructors) for one in school.courses]
    assert told == [("canvas", "c1", True), ("canvas", "", False)]
    (site,) = school.lms
    assert (site.name, site.deployments, site.token_audience) == ("canvas", ("1:abc",), "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            linked(course='lms = "moodle"'),
            "there is no section [lms.moodle]. Expected the name of a course site: canvas",
        ),
        (
            linked(course='lms = "canvas"', a='lms_context = "c"', b='lms_context = "c"'),
            "sw202-a is that course of canvas",
        ),
        (linked(course='lms_context = "c"'), "Expected lms_context in a section."),
        (linked(a='lms_context = "c"'), 'sw202-a names no course site. Expected lms = "NAME" beside it.'),
        (linked() + 'keyes = "x"', "'keyes' is not known here. Did you mean 'keys'?"),
        (linked().replace("keys = ", "# "), "docs/lti.md says where your course site shows it."),
        (linked().replace('keys = "https://', 'keys = "http://'), "Expected one that begins with https://"),
        (linked().replace('["1:abc"]', '"1:abc"'), 'such as deployments = ["1"]'),
        (linked() + SITE.replace("canvas]", "again]"), "canvas is that course site already"),
        (linked(course="lms_instructors = 1"), "Expected true or false, without quotes."),
        (linked().replace("[lms.canvas]", "[lms.Canvas]"), "'Canvas' cannot be a course site's name."),
    ],
)
def test_what_a_school_is_told_of_a_course_site(text: str, said: str) -> None:
    assert any(said in problem for problem in problems(text)), problems(text)


def test_a_course_site_can_be_begun_before_it_tells_its_ids() -> None:
    begun = SITE.replace('"10000000000001"', '"later"').replace('["1:abc"]', "[]")
    (site,) = parse_school(linked().replace(SITE, begun)).lms
    assert (site.client_id, site.deployments) == ("later", ())
