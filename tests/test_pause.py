"""Pause before you post: what is found kind by kind, what is left alone, hostile texts, and that nothing is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import PROJECT
from drawing import words_of
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets.widgets.widget import _instances
from samples import CHOICE, ESSAY
from sessions import answer_of, view_of

from fieldguide.bench.deidentify import bench_deidentify, measure, read_set
from fieldguide.cli import main
from fieldguide.items import read_item
from fieldguide.notebook.widget import Views
from fieldguide.pause import answer, described, review
from fieldguide.pause.detectors import FORMAL, KINDS, OTHERS
from fieldguide.pause.wordlists import FIRST_NAMES
from fieldguide.player.head import Head
from fieldguide.player.itemsession import ItemSession
from fieldguide.player.openmodule import OpenModule
from fieldguide.player.parts import content, packed
from fieldguide.responses import ResponseRecord

FOUND = {
    "email": {
        "Write to dana.r+msw@example.co.uk today.": "dana.r+msw@example.co.uk",
        "It is dana (at) example dot org.": "dana (at) example dot org",
    },
    "telephone": {
        "She called from 614-555-0142.": "614-555-0142",
        "His cell is (555) 013-2214, I think.": "(555) 013-2214",
        "Text her at 6145550142": "6145550142",
        "Ring 020 7946 0018 or +1 416 555 0199.": "020 7946 0018",
        "The number is 555-0117.": "555-0117",
    },
    "record": {
        "Her case number is 4471-B.": "4471-B",
        "MRN 00482913, room 4": "00482913",
        "His SSN, 512-40-7719, was there.": "512-40-7719",
        "Medicaid ID: 3Z9 118 402": "3Z9 118 402",
        "Her chart (no. 0091-443) was open.": "0091-443",
    },
    "birthdate": {
        "DOB 04/17/2009": "04/17/2009",
        "He was born on June 9, 2011.": "June 9, 2011",
        "March 3rd is her birthday.": "March 3rd",
        "She turns 18 on November 4th.": "November 4th",
    },
    "date": {
        "We met on March 3rd.": "March 3rd",
        "It was last Tuesday the 14th.": "Tuesday the 14th",
        "On 3/14/2026 he left.": "3/14/2026",
        "The fire was 12 December 2024.": "12 December 2024",
        "On the 17th I missed her call.": "17th",
        "since 2026-02-11": "2026-02-11",
    },
    "address": {
        "She lives at 114 Maple Street, Apt 3B.": "114 Maple Street, Apt 3B",
        "Go to 22 W. 4th St. now.": "22 W. 4th St.",
        "Mail goes to P.O. Box 318.": "P.O. Box 318",
        "It is 7 Kings Close.": "7 Kings Close",
        "the corner of 5th and Vine": "5th and Vine",
        "They are on Birch Lane.": "Birch Lane",
    },
    "postcode": {
        "Ashford, OH 44805": "44805",
        "The family lives in 44803, I think.": "44803",
        "She is in M5V 2T6.": "M5V 2T6",
        "He is in SW9 8QH.": "SW9 8QH",
    },
    "link": {
        "See https://www.facebook.com/photo?fbid=10223.": "https://www.facebook.com/photo?fbid=10223",
        "His profile, linkedin.com/in/dante-77, is open.": "linkedin.com/in/dante-77",
        "at www.justiceforkeisha.org": "www.justiceforkeisha.org",
    },
    "handle": {
        "She is @sunny.dee there.": "@sunny.dee",
        "her Insta is sunny.dee": "sunny.dee",
        "by u/tired_intern": "u/tired_intern",
        "He goes by Sk8rGurl on Discord.": "Sk8rGurl",
        "username: moonchild_09": "moonchild_09",
    },
    "name": {
        "I met Mr. Okafor.": "Mr. Okafor",
        "My client Dana called.": "Dana",
        "Her brother, Tavi, said so.": "Tavi",
        "a client called Xiomara": "Xiomara",
        "Zuri's mother called.": "Zuri",
        "My client J.R. is late.": "J.R.",
        "After my session with Anneke I wrote it down.": "Anneke",
        "my client dana told me": "dana",
        "Kwabena, 9, drew it.": "Kwabena",
    },
    "school": {
        "She goes to Lincoln High.": "Lincoln High",
        "the nurse at St. Mary's Elementary": "St. Mary's Elementary",
        "Her cousin goes to P.S. 118.": "P.S. 118",
        "My client is a sophomore at Ohio State University.": "Ohio State University",
    },
    "agency": {
        "I am placed at Harbor Light Shelter.": "Harbor Light Shelter",
        "the staff of Bridgeway Family Services": "Bridgeway Family Services",
        "My placement at Bridgeway ends in May.": "Bridgeway",
        "She was at Mercy General Hospital.": "Mercy General Hospital",
        "Franklin County CPS opened a case.": "Franklin County CPS",
    },
    "combination": {
        "I met a 16-year-old from Ashford whose house burned down.": "16-year-old from Ashford whose house burned",
        "He is nine. In Port Elwin the ferry sank.": "nine. In Port Elwin the ferry sank",
    },
}

LEFT_ALONE = (
    "The NASW Code says so in 1.07(r), and Standard 2.10 asks me to talk with a colleague.",
    "I would call 988 or 911, or 1-800-799-7233, at 9:40 p.m.",
    "In our Practice class on Tuesday we read pages 12-19 of chapter 3.",
    "CSWE, NYU and the University of Michigan have guides on Facebook, TikTok and Zoom.",
    "I am a second-year MSW student at Boston College.",
    "The Family First Act and Child Protective Services came up in week 7.",
    "It cost $1,200, and question 4 in Module 03 was worth 2 points.",
    "In March of 2024 my client moved, and since then she calls on Mondays.",
    "Reamer (2013) and Elaine Congress (2000) write about this, and so did Jane Addams.",
    "The Code took effect on June 1, 2021. See https://www.socialworkers.org/About/Ethics.",
    "My client told me that her brother was there. Then I asked my supervisor.",
    "A 16-year-old may not see why a public story is a problem.",
    "About 3/4 of my class is available 24/7. I live in Ohio.",
    "I agree with Jordan, and Maya's post made me think.",
    "Thanks for reading!\nBest,\nEmily",
    "According to the Pew Research Center most teens use YouTube.",
    "",
    " \n\t ",
)

CASE = "Renata works at Maple County Family Support. On Tuesday, the 3rd of March, Mr. Doyle writes as @doyle.dad."


def kinds(text: str, known: tuple[str, ...] = ()) -> list[str]:
    return [find.kind for find in review(text, known)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_found_in_its_forms(kind: str) -> None:
    for text, words_of_it in FOUND[kind].items():
        start = text.index(words_of_it)
        end = start + len(words_of_it)
        finds = [find for find in review(text) if find.kind == kind]
        assert any(find.start < end and start < find.end for find in finds), text


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_identifies_nobody_is_left_alone(text: str) -> None:
    assert review(text) == []


def test_finds_come_in_the_order_of_the_text_and_do_not_overlap() -> None:
    text = " ".join(text for texts in FOUND.values() for text in texts)
    finds = review(text)
    assert [find.start for find in finds] == sorted(find.start for find in finds)
    single = [find for find in finds if find.kind != "combination"]
    assert all(one.end <= other.start for one, other in pairwise(single))
    assert {find.kind for find in finds} == set(KINDS)


# -- what the case itself says ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Doyle has a right to a fair report, so Renata should ask.",
        "Renata's supervisor at Maple County Family Support decides.",
        "I would not answer @doyle.dad before the 3rd of March.",
    ],
)
def test_what_the_case_says_is_left_alone(text: str) -> None:
    assert review(text) != []
    assert review(text, [CASE]) == []


def test_what_the_case_does_not_say_is_found_beside_it() -> None:
    finds = review("Like Renata Moss, I had a client, Bernice, at Maple Street Shelter.", ["Other.", CASE])
    assert [find.text for find in finds] == ["Renata Moss", "Bernice", "Maple Street Shelter"]


def test_a_town_of_the_case_makes_no_combination() -> None:
    text = "The 16-year-old from Ashford whose house burned down can be found."
    assert kinds(text) == ["combination"]
    assert kinds(text, ("You live in Ashford.",)) == []


@given(
    st.sampled_from(sorted(FIRST_NAMES)), st.sampled_from(["My client {} called.", "I told {}.", "{}'s mother cried."])
)
def test_a_known_name_is_left_alone(name: str, sentence: str) -> None:
    name = name.capitalize()
    assert "name" not in kinds(sentence.format(name), (f"This is about {name}, a student.",))


# -- any text --------------------------------------------------------------------------------------

ANY = st.text(st.characters(exclude_categories=()), max_size=300)
PIECES = st.sampled_from(
    [text for texts in FOUND.values() for text in texts]
    + [
        "client",
        "Dana",
        "'s",
        "’s",
        " ",
        ". ",
        ",",
        "\n\n",
        "(",
        "@",
        "#",
        "/",
        "-",
        "3",
        "2026",
        "é",
        "😀",
        "İ",
        "ß",
        "\ud800",
    ]
    + ["in Ashford", "16-year-old", "fire", "High", "Center", "of", "the", "St.", "J.", "Dr.", "May", "born", "№", "٣"]
)


def check(text: str, known: list[str]) -> None:
    finds = review(text, known)
    for find in finds:
        assert 0 <= find.start < find.end <= len(text)
        assert find.text == text[find.start : find.end] and find.kind in KINDS
    json.dumps(described(finds), ensure_ascii=False).encode("utf-8")


@given(ANY, st.lists(ANY, max_size=2))
def test_any_text_can_be_reviewed(text: str, known: list[str]) -> None:
    check(text, known)


@given(st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=3))
def test_any_mixture_of_what_is_looked_for_can_be_reviewed(text: str, known: list[str]) -> None:
    check(text, known)


HOSTILE = (
    *(
        "a",
        "A",
        "1",
        ".",
        "@",
        " ",
        "\n",
        "(",
        "_",
        "a.",
        "1-",
        "1 ",
        "a@",
        "a.b@c.",
        "http://",
        "www.",
        "u/",
        "é",
        "😀",
        "\ud800",
    ),
    *(
        "client ",
        "insta ",
        "username ",
        "case number is ",
        "number ",
        "born ",
        "due ",
        "zip is code ",
        "lives in ",
        "goes by ",
    ),
    *(
        "12 Ab ",
        "in Ashford ",
        "16-year-old ",
        "the 14th ",
        "A and ",
        "of ",
        "+1 ",
        "0 ",
        "xx-",
        "I attend ",
        "placement at ",
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("piece", [*HOSTILE, "A ", "Dana ", "Lincoln High School ", "1 A Street ", "Dana's ", "J."])
def test_no_text_takes_out_of_proportion(piece: str) -> None:
    """100 kB of each: a pattern that backtracks would not come to an end here."""
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    assert isinstance(review(text), list)


# -- words, and the answer to a page ---------------------------------------------------------------


def test_each_kind_has_its_words_and_none_of_them_promises_anything() -> None:
    assert FORMAL + OTHERS == KINDS
    for kind in KINDS:
        [one, *_] = described(review(next(iter(FOUND[kind]))))
        assert one["label"] and one["why"].endswith(".") and one["instead"].endswith(".")
    everything = " ".join(words_of("review").values()).lower()
    assert not any(word in everything.split() for word in ("safe", "clean", "ok", "okay", "anonymous"))
    for key in ("limits", "found_nothing"):
        assert "does not catch everything" in words_of("review")[key]
    assert "nothing is blocked, and what is found here is neither sent nor kept" in words_of("review")["limits"]


def test_a_page_is_answered_with_its_number() -> None:
    reply = answer({"kind": "review", "n": "a-1", "text": "My client Dana"})
    assert reply is not None and reply["kind"] == "reviewed" and reply["n"] == "a-1"
    [find] = reply["finds"]
    assert (find["start"], find["end"], find["kind"], find["text"]) == (10, 14, "name", "Dana")
    assert answer({"kind": "review", "n": 1, "text": "My client Dana"}, ["Dana"]) == {
        "kind": "reviewed",
        "n": 1,
        "finds": [],
    }


@pytest.mark.parametrize(
    "message", [None, [], "review", {"kind": "open"}, {"kind": "review"}, {"kind": "review", "text": 3}]
)
def test_what_asks_for_no_review_gets_none(message: object) -> None:
    assert answer(message) is None


# -- in the player ---------------------------------------------------------------------------------


def playing(text: str, record: ResponseRecord | None, *known: str) -> ItemSession:
    return ItemSession(read_item(text, "m", stripped=True), record, known=known)


@pytest.mark.parametrize("edition", ["student", "instructor"])
def test_an_essay_is_reviewed_and_nothing_is_kept(tmp_path: Path, edition: str) -> None:
    """Neither on the disk nor in the widgets; in the instructor's preview too, which has no record."""
    module = OpenModule(Head("05-m", edition, "M", 5, (), graded=("the-group-chat",)), tmp_path)
    views = Views()
    head, view = (
        views.show("module", module),
        views.show("item", module.session_of(read_item(ESSAY, "m", stripped=True))),
    )
    sent: list[dict[str, object]] = []
    progress: list[object] = []
    view.send = lambda message, buffers: sent.append(message)
    head.send = progress.append
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    message = {"kind": "review", "n": 3, "text": "My client Dana Whitfield, and Mr. Doyle"}
    view._handle_custom_msg(message, [])
    assert [find["text"] for find in sent[-1]["finds"]] == ["Dana Whitfield", "Mr. Doyle"]  # type: ignore[attr-defined]
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert progress == [] and "Whitfield" not in str(view.get_state())
    assert view.session.response(view.session.now) is None and "Whitfield" not in str(vars(view.session))

    module.known.append("Mr. Doyle is a father in the parenting class.")
    view._handle_custom_msg(message, [])
    assert [find["text"] for find in sent[-1]["finds"]] == ["Dana Whitfield"]  # type: ignore[attr-defined]


def test_names_of_the_stem_are_known(tmp_path: Path) -> None:
    essay = ESSAY.replace("What do you do", "What does Renata do")
    record = ResponseRecord(tmp_path, "05-m")
    message = {"kind": "review", "n": 1, "text": "My client Renata"}
    assert answer_of(playing(essay, record), message)["finds"] == []
    assert answer_of(playing(ESSAY, record, "Renata"), message)["finds"] == []
    assert answer_of(playing(ESSAY, None), message)["finds"] != []
    assert answer_of(playing(CHOICE, record), message) is None
    assert answer_of(playing(ESSAY, record), {"kind": "review", "n": 1}) is None


def test_the_part_of_the_page_comes_only_when_asked_for(tmp_path: Path) -> None:
    module = OpenModule(Head("05-m", "student", "M", 5, (), graded=("the-group-chat",)), tmp_path)
    view = view_of("item", module.session_of(read_item(ESSAY, "m", stripped=True)))
    told: list[dict[str, object]] = []
    view.send = lambda message, buffers: told.append(message)
    before = set(_instances)
    for message in ({"kind": "part", "name": "other"}, None, {"kind": "part"}):
        view._handle_custom_msg(message, [])
    assert told == [] and set(_instances) == before
    view._handle_custom_msg({"kind": "part", "name": "review", "n": 4}, [])
    view._handle_custom_msg({"kind": "part", "name": "review", "n": 5}, [])
    (new,) = set(_instances) - before
    assert [(answer["n"], answer["parts"][-1]) for answer in told] == [(4, new), (5, new)]  # type: ignore[index]
    review = content("review")
    assert _instances[new].content == packed("review") and "reviewWith" in review["script"]
    assert ".fg-finds" in review["styles"] and "//" not in review["script"].replace("://", "")


def test_a_kernel_loads_the_review_only_on_use() -> None:
    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell; import fieldguide\n"
        "fieldguide.load_ipython_extension(InteractiveShell.instance())\n"
        "assert not {'fieldguide.pause.detectors', 'fieldguide.pause.wordlists', 'phonenumbers'} & set(sys.modules)\n"
        "from fieldguide.pause import review; review('My client Dana'); assert 'phonenumbers' not in sys.modules\n"
        "assert review('Call 07700 900123')[0].kind == 'telephone' and 'phonenumbers' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# -- the labeled sentences -------------------------------------------------------------------------


def test_the_developed_set_is_large_labeled_and_found() -> None:
    lines = read_set(PROJECT, "developed")
    assert len(lines) >= 170 and 0.28 <= sum(not line["finds"] for line in lines) / len(lines) <= 0.40
    assert len({line["text"] for line in lines}) == len(lines)
    counts = Counter(label["kind"] for line in lines for label in line["finds"])
    assert set(counts) == set(KINDS) and min(counts.values()) >= 10
    tally = measure(lines)
    assert tally.recall(FORMAL) >= 0.95 and tally.recall(OTHERS) >= 0.80 and tally.precision(KINDS) >= 0.85


def test_the_bench_says_recall_precision_and_time() -> None:
    said: list[str] = []
    bench_deidentify(PROJECT, "developed", said.append)
    assert said[0].startswith("developed: ") and said[1].split() == ["kind", "labels", "recall", "finds", "precision"]
    assert [line.split()[0] for line in said[2:-1]] == [*KINDS, "formal", "others", "all"]
    assert said[-1].startswith("500 words: ")
    with pytest.raises(RuntimeError, match="no set 'other'"):
        bench_deidentify(PROJECT, "other", said.append)


def test_without_the_repository_a_sentence_tells_where_the_sets_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--project", str(tmp_path), "bench", "deidentify"]) == 1
    said = capsys.readouterr().err
    assert str(tmp_path / "bench" / "deidentify" / "developed.jsonl") in said
    assert "Run this in a copy of the repository, or name its folder with --project." in said


def test_finds_and_labels_meet_where_they_overlap() -> None:
    def counted(text: str, *labels: tuple[str, str]) -> tuple[float, float]:
        tally = measure([{"text": text, "finds": [{"kind": kind, "text": words} for kind, words in labels]}])
        return tally.recall(KINDS), tally.precision(KINDS)

    assert counted("I met Mr. Okafor.", ("name", "Okafor")) == (1.0, 1.0)
    assert counted("I met Mr. Okafor.", ("school", "Okafor")) == (0.0, 0.0)
    assert counted("I met Mr. Okafor.") == (1.0, 0.0)
    assert counted("Dana said that Dana would.", ("name", "Dana")) == (1.0, 1.0)
    assert counted("Dana said that Dana would.", ("name", "Dana"), ("name", "Dana")) == (1.0, 1.0)
    with pytest.raises(RuntimeError, match="labeled more often"):
        counted("Dana", ("name", "Dana"), ("name", "Dana"))
