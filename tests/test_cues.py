"""What gives keys away without a stem: planted in small courses, and found."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_course import alike, course, item, words

from fieldguide.authoring.checks import cues, items_page, variety
from fieldguide.authoring.checks.course_text import read_course
from fieldguide.authoring.checks.cue_model import picked_without_a_stem
from fieldguide.authoring.checks.cues import CUES, figures_of, hit
from fieldguide.authoring.checks.findings import Finding
from fieldguide.authoring.checks.surface import Option, surface_of
from fieldguide.items import ReadingError, read_item
from fieldguide.items.reading import public_text


def told(found: list[Finding]) -> str:
    return "\n".join(str(finding) for finding in found)


def test_options_of_one_kind_give_nothing_away(tmp_path: Path) -> None:
    assert list(cues.check(course(tmp_path, alike))) == []


def test_keys_between_the_others_in_length_are_found_and_so_is_the_longest_that_never_is_one(tmp_path: Path) -> None:
    def between(_: int, number: int) -> tuple[list[str], int]:
        texts = [words(4, number), words(5, number + 1), words(6, number + 2)]
        turn = number % 3
        return [*texts[turn:], *texts[:turn]], (1 - turn) % 3

    found = list(cues.check(course(tmp_path, between)))
    assert all(finding.is_error for finding in found)
    assert "the option that is neither longest nor shortest is the key in 1.00. Expected below 0.50" in told(found)
    assert "the option that is the longest is the key in 0.00 alone. Expected 0.18 or more" in told(found)
    assert "a small model picks the key in 1.00 of 54 one-best items" in told(found)
    named = next(finding for finding in found if finding.file == "modules/02-module.md")
    assert "give their key away: m2-" in named.what and "m2-17" in named.what and named.line == 2


def test_only_distractors_that_give_reasons_are_found(tmp_path: Path) -> None:
    def excusing(module: int, number: int) -> tuple[list[str], int]:
        texts, key = alike(module, number)
        return [text if place == key else f"{text}, since {words(2, number)}" for place, text in enumerate(texts)], key

    assert "the option that gives fewest reasons is the key in 1.00" in told(
        list(cues.check(course(tmp_path, excusing)))
    )


def test_what_is_found_is_an_error(tmp_path: Path) -> None:
    small = course(tmp_path, lambda module, number: ([words(3, 0), words(4, 1), words(5, 2)], 2))
    assert {finding.is_error for finding in cues.check(small)} == {True}


def test_a_few_items_are_too_few_to_judge(tmp_path: Path) -> None:
    assert list(cues.check(course(tmp_path, lambda module, number: ([words(3, 0), words(9, 1)], 1), items=5))) == []


def test_a_module_tells_the_model_nothing_about_itself(tmp_path: Path) -> None:
    def opposite(module: int, number: int) -> tuple[list[str], int]:
        # The key is the longest in one module, and the shortest in the other.
        lengths = [(4, 5, 6), (5, 6, 4), (6, 4, 5)][number % 3]
        wanted = max(lengths) if module == 1 else min(lengths)
        return [words(length, number) for length in lengths], lengths.index(wanted)

    figures = figures_of(course(tmp_path, opposite, modules=2))
    assert figures.by_model(figures.of()) == 0.0


def test_the_model_finds_the_same_at_every_run() -> None:
    items = [
        ([[float(place == key), 0.5], [0.0, float(key)], [0.25, 0.0]], key, str(key % 2))
        for place in range(9)
        for key in (0, 1, 2)
    ]
    assert list(picked_without_a_stem(items)) == list(picked_without_a_stem(items))
    assert list(picked_without_a_stem([])) == []


def test_where_a_cue_does_not_decide_it_guesses() -> None:
    assert hit([1, 0, 0], 0) == 1 and hit([1, 0, 0], 2) == 0
    assert hit([1, 1, 0], 1) == 0.5 and hit([0, 0, 0], 1) == pytest.approx(1 / 3)


def test_the_surface_of_an_option_is_what_somebody_sees_who_does_not_read(tmp_path: Path) -> None:
    given = [
        '"Post it, since nobody may mind, and perhaps all agree."',
        "Tell the supervisor what follows.",
        "Leave it; no word of it without her.",
    ]
    text = item("one", given, 1)
    small = course(tmp_path, alike, modules=1, items=1, extra=text.replace("What follows?", "What follows the word?"))
    surface = surface_of(small.questions[-1], "01")
    first, second, third = surface.options
    assert (first.reasons, first.hedges, first.absolutes, first.ahead, first.persons) == (1, 2, 2, 1, 1)
    assert (second.talk, second.persons, second.ahead, second.reasons) == (1, 2, 0, 0)
    assert (third.back, third.negations, third.place) == (1, 2, 2)
    assert second.from_stem == pytest.approx(1 / 3) and third.from_stem == pytest.approx(1 / 3) and first.from_stem == 0
    assert surface.key == 1 and surface.use == "practice"


def test_every_sign_on_the_surface_is_asked_for_by_a_cue() -> None:
    blank = dict.fromkeys(Option.__dataclass_fields__, 0)
    for name in blank:
        options = tuple(
            Option(
                **(blank | {"place": place} | ({name: place})),
            )
            for place in range(3)
        )
        surface = type("Item", (), {"options": options})
        assert any(len(set(rank(surface))) > 1 for rank in CUES.values()), name  # type: ignore[arg-type]


def test_too_few_types_and_always_as_many_keys_are_found(tmp_path: Path) -> None:
    graded = "use: graded\npoints: 1\n"
    one = "".join(item(f"g{number}", [words(4, 1), words(4, 2)], 0, graded) for number in range(24))
    several = "".join(
        item(f"s{number}", [words(4, 1), words(4, 2), words(4, 3)], 0, "use: practice\nchoose: several\n")
        for number in range(4)
    )
    small = course(tmp_path, alike, modules=1, items=1, extra=one + several)
    found = told(list(variety.check(small)))
    assert "0 of 24 graded items with a key ask for more than one option of a list" in found
    assert "4 of 4 choices of several options have 1 keys" in found
    assert "do not say what they turn on: g0, g1, g2, " in found and "Expected a line 'turns_on: …'" in found
    said = one.replace(graded, f"{graded}turns_on: Whom the standard binds.\n")
    assert "turn on" not in told(list(variety.check(course(tmp_path, alike, modules=1, items=1, extra=said))))
    assert "| 01 g1 | one-best | Whom the standard binds. |" in items_page.page(read_course(tmp_path))


def test_what_an_item_turns_on_reaches_no_student() -> None:
    text = (
        "id: a\ntype: choice\nuse: graded\npoints: 1\nturns_on: Marmots are exempt.\ncovers: [A1]\nbasis: guide\n"
        "stem: What?\noptions: {x: One., y: Two.}\nkey: x\nrationale: {x: A., y: B.}\n"
    )
    assert read_item(text, "a.md").turns_on == "Marmots are exempt."
    assert "arm" not in public_text(text)
    with pytest.raises(ReadingError, match="for practice and says what it turns on"):
        read_item(text.replace("use: graded\npoints: 1", "use: practice"), "a.md")


def test_what_people_wrote_on_the_page_stays_when_it_is_measured_again(tmp_path: Path) -> None:
    small = course(tmp_path, alike)
    target = tmp_path / items_page.PAGE
    target.parent.mkdir()
    target.write_text(items_page.page(small).replace("# What", "Ours above.\n\n# What", 1) + "Ours below.\n", "utf-8")
    assert list(items_page.check(small)) == []
    changed = course(tmp_path, alike, items=9)
    (finding,) = items_page.check(changed)
    assert finding.is_error and finding.file == "docs/items.md"
    page = items_page.page(changed)
    assert page.startswith("Ours above.") and page.endswith("Ours below.\n") and "27 in all, 27 practice" in page
