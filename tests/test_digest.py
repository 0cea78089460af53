"""The digest of a case: what a class may be told of itself, and that nobody in it can be told apart."""

from __future__ import annotations

import csv
import io
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from case_class import GRADED_CASE, case_source, decided
from course import Course
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from fieldguide.cases.model import Case
from fieldguide.cases.reading import read_case
from fieldguide.digest.decisions import ClassDecisions
from fieldguide.digest.figures import LEAST, apart, apart_in_order, leaning
from fieldguide.digest.making import digest_command
from fieldguide.digest.page import figures_html
from fieldguide.digest.reasons import Line, fingerprint, plain, read_lines, up_to_date
from fieldguide.grading import course as settings
from fieldguide.grading.course import CourseError
from fieldguide.responses import ResponseRecord

LEVELS = ("sure", "fairly", "guess")
#: Every way through the case, those who turned back before an ending included.
WAYS = (("robin", "tell"), ("robin", "leave"), ("robin",), ("chat", "tell"), ("chat", "leave"), ("wait",), ())
CASE = read_case(GRADED_CASE, "a test")


def with_options(number: int) -> Case:
    options = {f"option-{n}": f"Option {'ABCD'[n]}" for n in range(number)}
    return replace(CASE, decision=replace(CASE.decision, options=options))


def ways_to_share(people: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way in which people can fall into cells."""
    if cells == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in ways_to_share(people - first, cells - 1):
            yield (first, *rest)


def some_of(names: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    for number in range(1, len(names) + 1):
        yield from combinations(names, number)


def groups_worked_out(
    people: int, cells: int, page_of: Callable[[tuple[int, ...]], object], groups: Sequence[Sequence[int]]
) -> list[tuple[Sequence[int], int, object]]:
    """The groups of one to four whose size can be worked out by somebody who knows the page, the rule and the class.

    They would think of every class that has this page: where a group is of one size in all of them, they know it.
    """
    classes: dict[object, list[tuple[int, ...]]] = {}
    for counts in ways_to_share(people, cells):
        classes.setdefault(page_of(counts), []).append(counts)
    found = []
    for page, possible in classes.items():
        for group in groups:
            sizes = {sum(counts[cell] for cell in group) for counts in possible}
            if len(sizes) == 1 and 0 < min(sizes) < LEAST:
                found.append((group, min(sizes), page))
    return found


# -- the rule for numbers ------------------------------------------------------------------------------


def test_the_least_is_five() -> None:
    assert LEAST == 5


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((14, 8, 7), {"A": 14, "B": 8, "C": 7}),
        ((14, 8, 3), {"A": 14, "B C": 11}),  # alone, three could be had by subtraction
        ((14, 8, 3, 2), {"A": 14, "B": 8, "C D": 5}),
        ((14, 8, 1, 2), {"A": 14, "B C D": 11}),  # too few together
        ((14, 8, 4, 4), {"A": 14, "B C D": 16}),  # alike, so that half of the sum would be known
        ((14, 8, 8, 3), {"A": 14, "B C D": 19}),  # of two equal ones neither is picked by where it stands
        ((14, 9, 0), {"A": 14, "B": 9, "C": 0}),
        ((14, 3, 0), {"C": 0, "A B": 17}),
        ((12, 0), {"A": 12, "B": 0}),
    ],
)
def test_small_groups_are_put_together_with_others(counts: tuple[int, ...], told: dict[str, int]) -> None:
    parts = apart(dict(zip("ABCD", counts, strict=False)))
    assert {" ".join(part.options): part.count for part in parts} == told


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((5, 6, 7), [5, 6, 7]),
        ((5, 3, 4), [5, 7]),
        ((3, 4, 5), [7, 5]),
        ((3, 9, 3), [15]),
        ((4, 1, 0), [5, 0]),
        ((9, 0, 0), [9, 0, 0]),
    ],
)
def test_of_what_has_an_order_neighbors_are_put_together(counts: tuple[int, ...], told: list[int]) -> None:
    assert [part.count for part in apart_in_order(dict(zip(LEVELS, counts, strict=True)))] == told


@given(st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 40), min_size=2))
def test_parts_are_nobody_or_five_and_more_and_make_up_the_whole(counts: dict[str, int]) -> None:
    if sum(counts.values()) < LEAST:
        return
    for parts in (apart(counts), apart_in_order(counts)):
        assert sorted(option for part in parts for option in part.options) == sorted(counts)
        for part in parts:
            assert part.count == sum(counts[option] for option in part.options)
            assert part.count == 0 or part.count >= LEAST


@pytest.mark.parametrize("options", [2, 3, 4])
def test_no_small_group_can_be_worked_out_from_parts(options: int) -> None:
    groups = list(some_of(range(options)))
    for people in range(LEAST, 21):
        for rule in (apart, apart_in_order):

            def page_of(counts: tuple[int, ...], rule: Callable[..., object] = rule) -> object:
                return rule(dict(zip("ABCD"[:options], counts, strict=True)))

            assert groups_worked_out(people, options, page_of, groups) == []


@pytest.mark.parametrize("options", [2, 3, 4])
def test_no_small_group_can_be_worked_out_from_what_a_small_class_sees(options: int) -> None:
    case = with_options(options)

    def page_of(counts: tuple[int, ...]) -> str:
        decisions = Counter(
            {(option, "sure"): count for option, count in zip(case.decision.options, counts, strict=True)}
        )
        return figures_html(case, ClassDecisions(decisions, [()] * sum(counts)))

    for people in range(LEAST, 10):
        assert groups_worked_out(people, options, page_of, list(some_of(range(options)))) == []


@pytest.mark.parametrize(("options", "classes"), [(2, range(10, 14)), (3, [10])])
@pytest.mark.slow
def test_no_small_group_can_be_worked_out_from_choices_with_certainty(options: int, classes: Sequence[int]) -> None:
    case = with_options(options)
    cells = [(option, level) for option in case.decision.options for level in LEVELS]
    groups = [
        [cells.index((option, level)) for option in some for level in sure]
        for some in some_of(list(case.decision.options))
        for sure in some_of(LEVELS)
    ]

    def page_of(counts: tuple[int, ...]) -> str:
        return figures_html(case, ClassDecisions(Counter(dict(zip(cells, counts, strict=True))), [()] * sum(counts)))

    for people in classes:
        assert groups_worked_out(people, len(cells), page_of, groups) == []


@pytest.mark.slow
def test_no_small_group_can_be_worked_out_from_the_paths() -> None:
    begun = {way[:length] for way in WAYS for length in range(3)}
    groups = [[n for n, way in enumerate(WAYS) if way[: len(start)] == start] for start in begun]
    groups += [[n] for n in range(len(WAYS))]
    groups += [[0, 3], [1, 4]]  # the same scene, come to on two ways

    def page_of(counts: tuple[int, ...]) -> str:
        paths = [way for way, count in zip(WAYS, counts, strict=True) for _ in range(count)]
        return figures_html(CASE, ClassDecisions(Counter({("speak", "sure"): len(paths)}), list(paths)))

    for people in (10, 11):
        assert groups_worked_out(people, len(WAYS), page_of, groups) == []


@given(
    st.lists(
        st.tuples(st.sampled_from(list(CASE.decision.options)), st.sampled_from(LEVELS), st.sampled_from(WAYS)),
        min_size=LEAST,
        max_size=80,
    )
)
@hypothesis_settings(max_examples=200)
def test_every_number_on_a_page_counts_five_people_or_more(answers: list[tuple[str, str, tuple[str, ...]]]) -> None:
    counted = Counter((option, level) for option, level, _ in answers)
    page = figures_html(CASE, ClassDecisions(counted, [way for _, _, way in answers]))
    said = re.sub(r"\d:\d\d|style=\"[^\"]*\"|</?[^>]*>", " ", page)
    assert all(int(number) >= LEAST for number in re.findall(r"\d+", said))
    if len(answers) < 10:
        assert re.findall(r"\d+", said) == [str(len(answers))]
        assert "sure" not in said and "Where you went first" not in said
    shares = [float(share) for share in re.findall(r"inline-size:([\d.]+)%", page)]
    assert all(share == 0 or share * len(answers) / 100 > LEAST - 0.5 for share in shares)


def test_of_two_options_and_an_even_small_class_no_lean_is_told() -> None:
    assert leaning({"A": 4, "B": 4}) == leaning({"A": 7, "B": 1}) is None
    assert leaning({"A": 4, "B": 3}) == ("A",)
    assert leaning({"A": 3, "B": 3, "C": 1}) == ()


# -- the command ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("digest")
    course = Course(folder / "course", "small", case_source(folder))
    course.generate()
    return course


@pytest.fixture
def course(handed_out: Course, tmp_path: Path) -> Course:
    return handed_out.copy(tmp_path / "course", stock=False)


SCRIPT = "<script>window.canary=1</script><img src=x onerror=window.canary=1>"
SECRET = ("zebra-finch", "okapi-calf")


def hand_in(course: Course, people: int, *, case: str = "friday", share: bool = True) -> None:
    """A class in which about half choose the first option, with reasons that say who wrote them to this test alone."""
    for number in range(people):
        option = ("speak", "speak", "quiet", "speak", "report")[number % 5]
        record = decided(option, LEVELS[number % 3], WAYS[number % 2], share=share)
        text = {"friday": "friday", "thursday": "the-group-chat"}[case]
        course.submit(
            f"{SECRET[number % 2]}-{number:02}", {case: record}, {text: f"Copies spread fast: {number + 100}."}
        )


def digest(course: Course, case: str = "friday") -> str:
    return digest_command(settings.Course(course.root, course.config()), "small", case)


def page_path(course: Course, case: str = "friday") -> Path:
    return course.root / "digests" / "small" / f"{case}.html"


def page_of(course: Course, case: str = "friday") -> str:
    return page_path(course, case).read_text("utf-8")


def sheet_path(course: Course, case: str = "friday") -> Path:
    return course.root / "digests" / "small" / f"{case}.reasons.csv"


def rows_of(course: Course, case: str = "friday") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet_path(course, case).read_text("utf-8-sig"), newline="")))


def say_of(course: Course, said: Callable[[dict[str, str]], None], case: str = "friday") -> None:
    """What an instructor does in a spreadsheet."""
    rows = rows_of(course, case)
    for row in rows:
        said(row)
    with sheet_path(course, case).open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def answer_again(course: Course, number: int, *, share: bool = True, text: str | None = None) -> None:
    folder = course.root / "submitted" / f"{SECRET[number % 2]}-{number:02}" / "small"
    record = ResponseRecord(folder, "small")
    record.save("friday", decided("speak", share=share))
    if text is not None:
        record.save_essay("friday", text)


@pytest.mark.parametrize("people", [0, 1, 4])
def test_of_fewer_than_five_there_is_nothing(course: Course, people: int) -> None:
    hand_in(course, people)
    said = digest(course)
    assert said == "Fewer than 5 students have sent a decision on friday: there is no page for so few."
    assert not (course.root / "digests").exists()


@pytest.mark.parametrize("people", [5, 9])
def test_of_five_to_nine_there_is_the_total_and_the_lean(course: Course, people: int) -> None:
    hand_in(course, people)
    said = digest(course)
    page = page_of(course)
    assert f"<strong>{people}</strong> of you" in page
    assert "More than half of you chose this." in page
    for absent in ("guessing", "Where you went first", "Why?", "Copies spread"):
        assert absent not in page
    assert "With fewer than 10" in said
    assert not sheet_path(course).exists()


def test_of_ten_and_more_there_is_everything(course: Course) -> None:
    hand_in(course, 40)
    assert "40 reasons, of which the page shows 0; 40 wait for you." in digest(course)
    page = page_of(course)
    told = ["Friday, noon", "<strong>40</strong> of you", "What should you do, all in all?", "24", "sure", "8", "8"]
    told += [
        "Where you went first",
        "Write to Robin alone.",
        "<strong>40</strong>",
        "Down by eleven",
        "<strong>20</strong>",
    ]
    assert re.search(".*".join(map(re.escape, told)), page, re.DOTALL)
    assert "Copies spread" not in page
    say_of(course, lambda row: row.update(show="yes"))
    assert "40 reasons, of which the page shows 40; 0 wait for you." in digest(course)
    assert page_of(course).count("<blockquote>") == 40


def test_nothing_says_who(course: Course) -> None:
    hand_in(course, 30)
    digest(course)
    say_of(course, lambda row: row.update(show="yes"))
    digest(course)
    for path in (page_path(course), sheet_path(course)):
        assert not any(name in path.read_text("utf-8-sig") for name in ("zebra", "okapi", "finch", "calf"))
    shown = [int(number) for number in re.findall(r"Copies spread fast: (\d+)\.", page_of(course))]
    rows = [int(row["reason"][-4:-1]) for row in rows_of(course)]
    assert sorted(shown) == sorted(rows) == list(range(100, 130))
    assert shown == rows and shown != sorted(shown) and shown != sorted(shown, reverse=True)
    # The order is that of the texts' fingerprints: the same class under other names has the same.
    (course.root / "submitted").rename(course.root / "before")
    for number in range(30):
        (course.root / "submitted" / f"other-{30 - number:02}").mkdir(parents=True)
        before = course.root / "before" / f"{SECRET[number % 2]}-{number:02}" / "small"
        before.rename(course.root / "submitted" / f"other-{30 - number:02}" / "small")
    page = page_of(course)
    digest(course)
    assert page_of(course) == page


def test_only_reasons_of_those_who_agreed_are_in_any_file(course: Course) -> None:
    hand_in(course, 20)
    for number in range(10):
        answer_again(course, number, share=False)
    digest(course)
    assert sorted(int(row["reason"][-4:-1]) for row in rows_of(course)) == list(range(110, 120))


def test_where_fewer_than_five_agree_no_reason_is_shown(course: Course) -> None:
    hand_in(course, 20, share=False)
    for number in range(4):
        answer_again(course, number)
    said = digest(course)
    assert "Fewer than 5 students agreed" in said and not sheet_path(course).exists()
    assert "Reasons are shown where five people or more agree to it." in page_of(course)
    answer_again(course, 4)
    assert "5 reasons" in digest(course)
    say_of(course, lambda row: row.update(show="yes"))
    digest(course)
    assert page_of(course).count("<blockquote>") == 5
    answer_again(course, 4, share=False)
    digest(course)
    assert "<blockquote>" not in page_of(course)
    assert sorted(row["reason"][-4:-1] for row in rows_of(course)) == ["100", "101", "102", "103"]


def test_of_a_graded_case_the_reason_is_the_essay(course: Course) -> None:
    hand_in(course, 12, case="thursday")
    digest(course, "thursday")
    assert len(rows_of(course, "thursday")) == 12
    say_of(course, lambda row: row.update(show="yes" if "105" in row["reason"] else "no"), "thursday")
    digest(course, "thurs")
    assert re.findall(r"fast: (\d+)", page_of(course, "thursday")) == ["105"]


def test_what_the_instructor_said_is_never_lost(course: Course) -> None:
    hand_in(course, 20)
    digest(course)

    def decide(row: dict[str, str]) -> None:
        number = int(row["reason"][-4:-1])
        row["show"] = {100: "yes", 101: "no", 102: " YES ", 103: "perhaps"}.get(number, "")
        if number == 100:
            row["reason"] = "Copies spread."  # shortened

    say_of(course, decide)
    answer_again(course, 4, text="Another reason altogether.")
    answer_again(course, 5, share=False)
    course.submit("late", {"friday": decided("quiet", share=True)}, {"friday": "I came late."})
    for _ in range(2):
        said = digest(course)
        assert "20 reasons, of which the page shows 2; 17 wait for you." in said
        rows = {row["reason"]: row["show"] for row in rows_of(course)}
        assert rows["Copies spread."] == "yes" and rows["Copies spread fast: 101."] == "no"
        assert rows["Copies spread fast: 102."] == "YES" and rows["Copies spread fast: 103."] == "perhaps"
        assert rows["I came late."] == rows["Another reason altogether."] == ""
        assert not any("104" in reason or "105" in reason for reason in rows)
        shown = re.findall(r"<blockquote>(.*?)</blockquote>", page_of(course))
        assert sorted(shown) == ["<p>Copies spread fast: 102.</p>", "<p>Copies spread.</p>"]


def test_the_instructor_is_told_what_to_look_at(course: Course) -> None:
    hand_in(course, 12)
    answer_again(course, 0, text="Write to robin.smith@example.org, as Robin would, and to my client Dana.")
    digest(course)
    (row,) = [row for row in rows_of(course) if row["look_at"]]
    assert "robin.smith@example.org" in row["look_at"] and "Dana" in row["look_at"]
    assert not re.search(r"\bRobin\b", row["look_at"])  # the case's own name
    say_of(course, lambda row: row.update(show="yes"))
    assert "In 1 of those shown there is something to look at" in digest(course)


def test_a_second_page_with_other_figures_is_warned_of(course: Course) -> None:
    hand_in(course, 12)
    assert "others than before" not in digest(course)
    say_of(course, lambda row: row.update(show="yes"))
    assert "others than before" not in digest(course)
    course.submit("late", {"friday": decided("quiet")})
    assert "The figures are others than before." in digest(course)


def test_a_page_that_may_no_longer_be_is_taken_away(course: Course) -> None:
    hand_in(course, 12)
    digest(course)
    (course.root / "submitted").rename(course.root / "elsewhere")
    hand_in(course, 3)
    assert "no page" in digest(course)
    assert not page_path(course).exists()
    assert [row["reason"] for row in rows_of(course)] and "112" not in sheet_path(course).read_text("utf-8")


def test_files_and_folders_are_the_instructors_alone(course: Course) -> None:
    hand_in(course, 12)
    before = os.umask(0o022)
    try:
        digest(course)
    finally:
        os.umask(before)
    folder = course.root / "digests"
    assert {path.stat().st_mode & 0o777 for path in (folder, folder / "small")} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in (folder / "small").iterdir()} == {0o600}


@pytest.mark.parametrize(("said", "told"), [("monday", "There is no case 'monday'"), ("", "could be any of")])
def test_a_case_that_is_not_there_is_told(course: Course, said: str, told: str) -> None:
    with pytest.raises(CourseError, match=told):
        digest(course, said)


# -- the file of reasons -------------------------------------------------------------------------------


FORMULAS = [
    "nice;=1+1",
    "nice\n\n=1+1",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    " =cmd|'/c calc'!A1",
    '=HYPERLINK("http://x")',
    "＝1+1",
]


def test_a_reason_is_never_a_formula(course: Course) -> None:
    hand_in(course, 12)
    for number, formula in enumerate(FORMULAS):
        answer_again(course, number, text=f"{formula} {number}")
    digest(course)
    rows = rows_of(course)
    for row in rows:
        for cell in row.values():
            for part in re.split("[;\t\n]", cell):  # where a spreadsheet of another language splits it
                assert not part.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    say_of(course, lambda row: row.update(show="yes"))
    digest(course)
    assert "<p>=1+1 2</p>" in page_of(course) and "<p>nice;=1+1 0</p>" in page_of(course)
    assert rows_of(course) == [{**row, "show": "yes"} for row in rows]


def test_hostile_reasons_are_text(course: Course) -> None:
    hand_in(course, 12)
    answer_again(course, 0, text=f'{SCRIPT}"><b>\n\n\n\u202egnp.exe \x00 \x1b[31m,"quoted",\r\nline')
    answer_again(course, 1, text="long " * 100_000)
    answer_again(course, 2, text="\u202e\n \t\x00")
    digest(course)
    say_of(course, lambda row: row.update(show="yes"))
    digest(course)
    page = page_of(course)
    assert "<script" not in page and "<img" not in page and "&lt;script&gt;" in page
    assert not re.search("[\u202e\x00\x1b]", page + sheet_path(course).read_text("utf-8-sig"))
    assert len(page) < 40_000 and page.count("<blockquote>") == 11


@given(st.text(max_size=300))
def test_a_text_made_plain_stays_so(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]| \n|\n \S|\n\n\n", once)
    assert re.fullmatch("[a-p]{16}", fingerprint(once))


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ";")]
)
def test_what_spreadsheets_make_of_it_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "reasons.csv"
    text = "show|reason|look_at|fingerprint\r\nyes|It’s theirs: é, to say|x|abcdefghijklmnop\r\n|||\r\n".replace(
        "|", delimiter
    )
    if delimiter == ",":
        text = text.replace("It’s theirs: é, to say", '"It’s theirs: é, to say"')
    path.write_bytes(text.encode(encoding))
    lines = read_lines(path)
    assert lines[0] == Line("yes", "It’s theirs: é, to say", "abcdefghijklmnop") and lines[0].shown


@pytest.mark.parametrize(
    "content", [b"", b"show,reason\nyes,x\n", b"\x00\x01\x02", b"show;fingerprint\n", SCRIPT.encode()]
)
def test_a_file_that_cannot_be_read_is_left_as_it_is(course: Course, content: bytes) -> None:
    hand_in(course, 12)
    digest(course)
    before = page_of(course)
    sheet_path(course).write_bytes(content)
    with pytest.raises(CourseError, match="has not the columns"):
        digest(course)
    assert sheet_path(course).read_bytes() == content and page_of(course) == before


def test_of_two_lines_of_one_reason_the_decided_one_counts() -> None:
    name = fingerprint("Why.")
    lines = [Line("", "Why.", name), Line("no", "Why.", name), Line("yes", "Why.", name), Line("yes", "Gone.", "xyz")]
    assert up_to_date(lines, ["Why."]) == [Line("no", "Why.", name)]
    assert up_to_date([], ["Why.", "Why.", " Why. "]) == [Line("", "Why.", name)]


# -- hostile submissions -------------------------------------------------------------------------------


def test_whatever_one_student_hands_in_the_others_are_counted(course: Course) -> None:
    hand_in(course, 10)
    odd: list[object] = [SCRIPT, 7, [], {"paths": SCRIPT}, {"paths": [[SCRIPT]] * 5000, "decision": {"option": SCRIPT}}]
    odd += [{"paths": [["wait"]], "decision": {"option": "speak", "certainty": SCRIPT}, "share": True}]
    odd += [{"paths": [["wait"]], "decision": {"option": SCRIPT, "certainty": "sure"}, "share": True}]
    odd += [{"paths": [["wait"]], "decision": {"option": "speak", "certainty": "sure"}, "share": SCRIPT}]
    for number, raw in enumerate(odd):
        course.submit(f"odd-{number}", {"friday": raw}, {"friday": f"{SCRIPT} odd"})
    (course.root / "submitted" / "link").symlink_to(course.root / "submitted" / f"{SECRET[0]}-00")
    (course.root / "submitted" / "pipe" / "small").mkdir(parents=True)
    os.mkfifo(course.root / "submitted" / "pipe" / "small" / "small.responses.jsonl")
    (course.root / "submitted" / ("x" * 200) / "small").mkdir(parents=True)
    said = digest(course)
    assert "11 students have sent a decision" in said and "10 reasons" in said
    assert said.startswith("Not counted, because it could not be read: xxx")
    assert "odd" not in sheet_path(course).read_text("utf-8-sig")


# -- in a browser --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(handed_out: Course, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A page of each kind, with hostile reasons."""
    made = []
    for people in (7, 12, 60):
        course = handed_out.copy(tmp_path_factory.mktemp("pages") / "course", stock=False)
        hand_in(course, people)
        chance = random.Random(people)
        for number in range(people):
            answer_again(course, number, text=f"{SCRIPT} {'long' * chance.choice([1, 40])} \u202e {number}")
        digest(course)
        if sheet_path(course).exists():
            say_of(course, lambda row: row.update(show="yes"))
            digest(course)
        made.append(page_path(course))
    return made


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")])
def test_a_page_meets_wcag_fits_and_runs_nothing(pages: list[Path], browser: Browser, width: int, scheme: Any) -> None:
    page = browser.new_page(viewport={"width": width, "height": 720}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in pages:
        page.goto(path.as_uri())
        assert page.evaluate("window.canary") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == []
        size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        assert size >= (26 if width == 1280 else 18)
    assert asked == [path.as_uri() for path in pages]
    page.close()
