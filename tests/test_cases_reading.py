"""Reading cases: what is well formed is read, every fault is named in its line, and editions hold what they may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
import yaml
from case_samples import CASE, GRADED_CASE, WAYS
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.cases.graph import loops, reached
from fieldguide.cases.model import Case, Ending, Scene
from fieldguide.cases.paths import MOST_PATHS, CaseResponse, ending, parse_case_response, walk
from fieldguide.cases.reading import public_case_text, read_case
from fieldguide.items import ReadingError


def problems(text: str, **how: bool) -> list[tuple[int, str]]:
    with pytest.raises(ReadingError) as caught:
        read_case(text, "modules/02.md", 10, **how)
    return [(problem.line - 9, f"{problem.what} {problem.expected}") for problem in caught.value.problems]


def test_a_case_is_read() -> None:
    case = read_case(CASE, "m")
    assert (case.id, case.title, case.covers, case.standards) == (
        "thursday-940",
        "Thursday, 9:40 p.m.",
        ("Q1",),
        ("1.07(r)",),
    )
    assert case.start.id == "tonight" and case.start.text is None
    assert case.vignette.startswith("You are in the second month of your placement at a shelter. On Thursday night")
    assert case.vignette.endswith("\n\nHer face is turned away. The tattoo on her neck is not.")
    assert list(case.scenes) == ["tonight", "in-the-chat", "ten-thirty"]
    assert case.scenes["in-the-chat"].options["leave"].to == "forwarded"
    assert case.endings["quiet"].now.startswith("It is not too late.")
    assert list(case.decision.options) == ["alone", "both", "wait"]
    assert list(case.decision.positions) == ["first-robin", "first-agency"] and len(case.decision.prompts) == 2
    assert case.complete and not case.graded
    assert any("Robin" in text for text in case.texts())
    assert not any("I would speak with Robin" in text for text in case.texts())


FAULTS = [
    # what is written instead of what, what in the changed text stands in the line of the fault, and what is said
    ("to: repaired", "to: repared", "to: repared", "no scene and no ending is 'repared'"),
    ("        to: repaired\n", "", "      tell:", "option 'tell': 'to' is missing"),
    ("to: repaired", "to:", "        to:\n", "'to' has no text"),
    ("to: repaired", "to: tonight", "to: tonight", "these scenes are a loop: tonight → ten-thirty → tonight."),
    ("to: repaired", "to: ten-thirty", "to: ten-thirty\n      no:", "a loop: ten-thirty → ten-thirty."),
    ("to: in-the-chat", "to: ten-thirty", "  in-the-chat:", "nobody reaches the scene 'in-the-chat'"),
    (
        "to: quiet",
        "to: repaired",
        "  quiet:",
        "nobody reaches the ending 'quiet'. Expected an option with 'to: quiet'.",
    ),
    ("  quiet:", "  ten-thirty:", "  ten-thirty:\n    title", "'ten-thirty' is the id of a scene and of an ending"),
    ("      leave:", "      private:", "      private:\n        text: Leave", "'private' is given twice"),
    ("    title: Down, and not told\n", "", "  quiet:", "ending 'quiet': 'title' is missing"),
    ("    question: What now?\n", "", "  in-the-chat:", "scene 'in-the-chat': 'question' is missing"),
    ("    question: What now?", "    asks: What now?", "    asks:", "there is no field 'asks'"),
    ("    now: It is", "    then: It is", "    then: It is", "there is no field 'then'"),
    ("        text: Leave the group", "        says: Leave the group", "says: Leave", "there is no field 'says'"),
    ("note: This", "notes: This", "notes: This", "there is no field 'notes'"),
    ("  prompts:", "  prompt:", "  prompt:", "decision: there is no field 'prompt'"),
    ("covers: [Q1]\n", "", "id: thursday", "'covers' is missing"),
    ("title: Thursday, 9:40 p.m.\n", "", "id: thursday", "'title' is missing"),
    ("id: thursday-940", "id: Thursday 9:40", "id: Thursday", "is no id"),
    ("  tonight:", "  To Night:", "  To Night:", "'To Night' is no id"),
    ("    alone: Speak", "    Alone!: Speak", "    Alone!:", "'Alone!' is no id"),
]


@pytest.mark.parametrize(("old", "new", "where", "what"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_each_fault_is_named_in_its_line(old: str, new: str, where: str, what: str) -> None:
    assert CASE.count(old) == 1
    text = CASE.replace(old, new)
    assert text.count(where) == 1
    line = text[: text.index(where)].count("\n") + 1
    told = problems(text)
    assert [number for number, problem in told if what in problem] == [line], told


def without(text: str, start: str, end: str) -> str:
    """The text without everything from ``start`` up to ``end``, or to the end of it all."""
    at = text.index(start)
    return text[:at] + (text[text.index(end, at) :] if end else "")


def test_what_a_case_cannot_do_without() -> None:
    for field, following in (
        ("vignette", "scenes:"),
        ("scenes", "endings:"),
        ("endings", "decision:"),
        ("decision", ""),
    ):
        [(line, what)] = problems(without(CASE, f"{field}:", following))
        assert line == 1 and f"'{field}' is missing" in what
    assert "'endings' has no parts" in str(problems(without(CASE, "  repaired:\n", "decision:")))
    assert "'decision' has no parts" in str(problems(CASE[: CASE.index("decision:")] + "decision: later\n"))


def test_options_are_two_or_more() -> None:
    one = without(CASE, "      chat:\n", "  in-the-chat:")
    [line] = [line for line, what in problems(one) if "scene 'tonight': the number of options is one." in what]
    assert one.splitlines()[line - 1 : line + 1] == ["    options:", "      robin:"]
    four = CASE.replace("      later:\n", "      more:\n        text: More.\n        to: quiet\n      later:\n")
    [(_, what)] = problems(four)
    assert "the number of options is four. Expected two to three." in what
    [(_, what)] = problems(without(CASE, "    both:", "  commentary:"))
    assert "decision: the number of options is one. Expected two to four." in what
    [(_, what)] = problems(CASE.replace("    wait: See", "    a: A\n    b: B\n    wait: See"))
    assert "the number of options is five" in what


def test_what_is_no_mapping_is_told_once_and_for_people() -> None:
    assert "'tonight' has no parts" in str(
        problems(without(CASE, "    question: What do you do first?", "  in-the-chat"))
    )
    options = problems(re.sub(r"  options:\n    alone(.|\n)*?  commentary", "  options: three\n  commentary", CASE))
    assert len(options) == 1 and "'options' has no parts" in options[0][1]
    assert "no fields were found" in problems("- a list")[0][1]


def test_every_fault_is_told_at_once() -> None:
    text = CASE.replace("to: repaired", "to: nowhere").replace("covers: [Q1]\n", "").replace("What now?", '""')
    told = " ".join(what for _, what in problems(text))
    assert all(part in told for part in ("'nowhere'", "ending 'repaired'", "'covers'", "'question' has no text"))


# -- random stories --------------------------------------------------------------------------------

Story = dict[str, list[str]]


@st.composite
def stories(draw: st.DrawFn) -> tuple[Story, list[str]]:
    """Scenes with where each option leads, and the endings. Most are faulty."""
    scenes = [f"s{number}" for number in range(draw(st.integers(1, 6)))]
    endings = [f"e{number}" for number in range(draw(st.integers(1, 3)))]
    places = st.sampled_from([*scenes, *endings, "nowhere"])
    onward = {
        scene: draw(st.sampled_from(([*scenes[at + 1 :], *endings], None))) for at, scene in enumerate(scenes)
    }  # half of the scenes only lead on, so that some stories are without a fault
    leads = {
        scene: draw(st.lists(st.sampled_from(later) if later else places, min_size=2, max_size=3))
        for scene, later in onward.items()
    }
    return leads, endings


def written(leads: Story, endings: list[str]) -> str:
    """The story as an author writes it."""
    scenes = {
        scene: {
            "question": "What now?",
            "options": {f"o{at}": {"text": "So.", "to": to} for at, to in enumerate(options)},
        }
        for scene, options in leads.items()
    }
    texts = dict.fromkeys(("title", "text", "feedback", "now"), "A text.")
    return CASE[: CASE.index("scenes:")] + yaml.dump(
        {
            "scenes": scenes,
            "endings": dict.fromkeys(endings, texts),
            "decision": {"question": "Well?", "options": {"a": "A", "b": "B"}, "commentary": "C"},
        },
        sort_keys=False,
        Dumper=NoAliases,
    )


class NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def walks(leads: Story, length: int) -> Iterator[list[str]]:
    """Every walk from the first scene, of at most so many scenes: found by walking, as naively as can be."""
    waiting = [[next(iter(leads))]]
    while waiting:
        walk = waiting.pop()
        yield walk
        if len(walk) <= length:
            waiting += [[*walk, to] for to in set(leads.get(walk[-1], []))]


@given(stories())
def test_a_story_is_faulty_exactly_when_a_naive_check_says_so(story: tuple[Story, list[str]]) -> None:
    leads, endings = story
    been = {place for walk in walks(leads, len(leads)) for place in walk}
    unreached = {place for place in [*leads, *endings] if place not in been}
    nowhere = sum(to == "nowhere" for options in leads.values() for to in options)
    loop = any(comes_back(leads, scene) for scene in leads)

    text = written(leads, endings)
    try:
        read_case(text, "m")
        told = []
    except ReadingError as error:
        told = error.problems
    said = [problem.what for problem in told]
    assert {what.split("'")[-2] for what in said if "nobody reaches" in what} == unreached
    assert sum("leads nowhere" in what for what in said) == nowhere
    assert any("loop" in what for what in said) == loop
    assert bool(said) == bool(unreached or nowhere or loop)
    lines = text.splitlines()
    for problem in told:
        line = lines[problem.line - 1].strip()
        if "nobody reaches" in problem.what:
            assert line == f"{problem.what.split(chr(39))[-2]}:"
        elif "leads nowhere" in problem.what:
            assert line == "to: nowhere"
        else:
            named = problem.what.rpartition(": ")[2].rstrip(".").split(" → ")
            assert named[0] == named[-1] and line == f"to: {named[0]}"
            assert all(to in leads[scene] for scene, to in pairwise(named))


def comes_back(leads: Story, scene: str) -> bool:
    """Whether some walk from a scene comes to it again."""
    after = {scene: leads[scene], **{other: to for other, to in leads.items() if other != scene}}
    return any(scene in walk[1:] for walk in walks(after, len(leads)))


@given(stories())
def test_without_the_named_ways_no_loop_is_left(story: tuple[Story, list[str]]) -> None:
    ways = {scene: {f"o{at}": to for at, to in enumerate(options)} for scene, options in story[0].items()}
    for loop in loops(ways):
        del ways[loop.scenes[-1]][loop.option]
    assert loops(ways) == []
    assert reached("s0", ways) <= {*ways, *story[1], "nowhere"}


@given(stories())
def test_every_walk_of_a_faultless_story_ends_and_can_be_recorded(story: tuple[Story, list[str]]) -> None:
    try:
        case = read_case(written(*story), "m")
    except ReadingError:
        return
    paths: list[tuple[str, ...]] = [()]
    finished = 0
    while paths:
        path = paths.pop()
        steps, here = walk(case, path)
        assert tuple(option for _, option in steps) == path and len(path) <= len(case.scenes)
        assert parse_case_response(case, {"paths": [list(path)]}).paths == (path,)
        finished += isinstance(here, Ending)
        if isinstance(here, Scene):
            paths += [(*path, option) for option in here.options]
    assert finished >= len(case.endings)


# -- editions --------------------------------------------------------------------------------------


def test_a_students_edition_of_a_graded_case_holds_no_commentary() -> None:
    public = public_case_text(GRADED_CASE)
    kept = public.splitlines()
    dropped = [line for line in GRADED_CASE.splitlines() if line not in kept]
    assert [line.split()[0] for line in dropped] == [
        "commentary:",
        "I",
        "And",
        "positions:",
        "first-robin:",
        "first-agency:",
    ]
    assert [line for line in kept if line] == [
        line for line in GRADED_CASE.splitlines() if line and line not in dropped
    ]
    case = read_case(public, "m", stripped=True)
    assert case.graded and not case.complete and case.decision.positions == {}
    assert case.decision.prompts == read_case(GRADED_CASE, "m").decision.prompts
    assert "'commentary' is missing" in str(problems(public))
    assert "'commentary' is missing" in str(
        problems(public.replace("  essay: thursday-group-chat\n", ""), stripped=True)
    )
    assert read_case(GRADED_CASE, "m", stripped=True).complete  # the instructor's edition
    assert public_case_text(public) == public


def test_a_case_that_is_not_graded_is_handed_out_whole() -> None:
    assert public_case_text(CASE) == CASE


@pytest.mark.parametrize("last", ["commentary", "positions"])
def test_private_fields_go_wherever_they_stand(last: str) -> None:
    at = GRADED_CASE.index("decision:")
    decision = yaml.safe_load(GRADED_CASE[at:])["decision"]
    decision = {name: decision[name] for name in sorted(decision, key=lambda name: (name == last, name))}
    written = yaml.safe_dump({"decision": decision}, sort_keys=False, width=60)
    scenes = GRADED_CASE.index("scenes:")
    text = f"{GRADED_CASE[:scenes]}{written}\n# a remark\n{GRADED_CASE[scenes:at]}"
    public = public_case_text(text)
    assert "I would" not in public and "first-robin" not in public and "essay:" in public
    assert read_case(public, "m", stripped=True).decision.options == decision["options"]


@pytest.mark.parametrize(
    "decision",
    [
        "decision: {question: Q, options: {a: A, b: B}, essay: e, commentary: SECRET}",
        "decision: {question: Q, commentary: SECRET, essay: e, options: {a: A, b: B}}",
        "decision: {question: Q,\n  commentary: SECRET, options: {a: A, b: B}, essay: e}",
        "decision: {question: Q, essay: e, options: {a: A, b: B},\n  commentary: SECRET\n  }",
        '{"decision": 1}',
    ],
)
def test_what_lines_cannot_part_is_refused_and_not_passed(decision: str) -> None:
    text = GRADED_CASE[: GRADED_CASE.index("decision:")] + decision + "\n"
    with pytest.raises(ReadingError):
        read_case(text, "m")
    with pytest.raises(ReadingError):
        public_case_text(text)


# -- what is on record -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(CASE, "m")


@pytest.mark.parametrize(("path", "end"), WAYS.items())
def test_each_way_comes_to_its_ending(case: Case, path: tuple[str, ...], end: str) -> None:
    steps, here = walk(case, path)
    assert [option for _, option in steps] == list(path) and steps[0][0] == "tonight" and here.id == end
    assert ending(case, path) is case.endings[end] and ending(case, path[:-1]) is None
    assert walk(case, ()) == ([], case.start)


def test_a_response_is_read_back(case: Case) -> None:
    raw = {
        "paths": [["robin", "tell"], ["chat"]],
        "decision": {"option": "alone", "certainty": "fairly"},
        "share": True,
    }
    assert parse_case_response(case, raw) == CaseResponse((("robin", "tell"), ("chat",)), "alone", "fairly", True)
    assert parse_case_response(case, None) == CaseResponse()
    assert parse_case_response(case, {"paths": [[]], "decision": None, "share": False}).paths == ((),)


def test_what_the_case_no_longer_has_is_set_aside_and_told(case: Case) -> None:
    response = parse_case_response(case, {"paths": [["robin", "call", "tell"], ["robin", "tell", "again"], ["jump"]]})
    assert response.paths == (("robin",), ("robin", "tell"), ())
    assert response.remark == "Set aside, because this case has no such part: call, again, jump."
    response = parse_case_response(case, {"paths": [], "decision": {"option": "gone", "certainty": "sure"}})
    assert (response.option, response.certainty) == (None, None) and "gone" in str(response.remark)
    response = parse_case_response(case, {"decision": {"option": "both", "certainty": "x" * 500}})
    assert (response.option, response.certainty) == ("both", None) and len(str(response.remark)) < 100


def test_at_most_so_many_paths_are_kept_the_first_among_them(case: Case) -> None:
    many = [["robin", "tell"], *[["chat"]] * 500, ["robin", "no"]]
    response = parse_case_response(case, {"paths": many})
    assert len(response.paths) == MOST_PATHS
    assert (response.paths[0], response.paths[-1]) == (("robin", "tell"), ("robin", "no"))
    assert "too many: 302 paths" in str(response.remark)


@pytest.mark.parametrize(
    "raw",
    [
        *(True, 7, "paths", ["robin"], [["robin"]]),
        *({"paths": "robin"}, {"paths": ["robin"]}, {"paths": [[1]]}, {"paths": [None]}, {"paths": {"robin": 1}}),
        *(
            {"decision": "alone"},
            {"decision": {"option": "alone"}},
            {"decision": {"option": ["alone"], "certainty": 1}},
        ),
        {"decision": {"option": "alone", "certainty": None}},
    ],
)
def test_what_is_no_response_is_refused_in_words(case: Case, raw: object) -> None:
    with pytest.raises(ValueError, match=r"^(the|a) \w+ is|^the paths are"):
        parse_case_response(case, raw)


json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=4)
    | st.sampled_from(["robin", "tell", "alone", "sure"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["paths", "decision", "share", "option", "certainty"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json)
def test_nothing_on_record_is_more_than_a_case_can_hold(raw: object) -> None:
    case = read_case(CASE, "m")
    try:
        response = parse_case_response(case, raw)
    except ValueError:
        return
    assert response.option is None or response.option in case.decision.options
    assert response.certainty in (None, "sure", "fairly", "guess") and isinstance(response.share, bool)
    assert all(len(walk(case, path)[0]) == len(path) for path in response.paths)
    again = {
        "paths": [list(path) for path in response.paths],
        "decision": response.option and {"option": response.option, "certainty": response.certainty},
        "share": response.share,
    }
    if response.certainty or not response.option:
        assert parse_case_response(case, again) == CaseResponse(
            response.paths, response.option, response.certainty, response.share
        )
