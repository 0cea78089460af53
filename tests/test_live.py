"""Live votes: what a room counts and tells, and the service with a stand-in for the hub."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
import requests
from browser import free_port
from case_samples import CASE
from hypothesis import given
from hypothesis import strategies as st
from patience import seconds
from samples import CHOICE, ESSAY, MATCH, SEVERAL

from fieldguide.bench.standin import StandInHub, StartedService
from fieldguide.cases.reading import read_case
from fieldguide.coursepage.votes import Vote
from fieldguide.items import read_item
from fieldguide.live.asked import answer_of, can_be_voted_on, of_item, of_scene
from fieldguide.live.client import LiveError, LiveVotes
from fieldguide.live.rooms import LASTS, MOST_IN_COURSE, Question, RefusedError, Room, Rooms, figures_of
from fieldguide.words import speaking

OPTIONS = {"a": "Ask first.", "b": "Post it.", "c": "Wait."}
QUESTION = Question("05-x", "the-post", "", "The classroom", ("It is late.",), "What now?", (), OPTIONS, "en")
STUDENTS = [f"s{number:02}" for number in range(30)]


@pytest.fixture
def room() -> Room:
    return Rooms().open("ethics", QUESTION)


def vote(room: Room, **votes: int) -> None:
    """Have as many students vote for each option as told."""
    people = iter(STUDENTS)
    for option, count in votes.items():
        for _ in range(count):
            room.vote(next(people), room.round, option, 1)


# -- what a room counts ----------------------------------------------------------------------------


VOTES = st.lists(st.tuples(st.sampled_from(STUDENTS), st.sampled_from([*OPTIONS])), max_size=80)


@given(VOTES, VOTES)
def test_the_last_vote_of_each_person_in_each_round_counts(
    first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    room = Rooms().open("ethics", QUESTION)
    for number, votes in enumerate((first, second), 1):
        for person, option in votes:
            room.vote(person, number, option, 1)
        assert room.voted == len(dict(votes))
        assert all(room.own(person) == option for person, option in dict(votes).items())
        room.close()
        if number == 1:
            room.again()
    room.show_figures()
    counted = [Counter(dict(votes).values()) for votes in (first, second)]
    assert room.figures() == [figures_of({one: counts[one] for one in OPTIONS}) for counts in counted]


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6))
def test_no_figure_tells_of_one_to_four_people(numbers: list[int]) -> None:
    counts = {f"o{number}": count for number, count in enumerate(numbers)}
    told = figures_of(counts)
    assert told["voted"] == sum(numbers)
    if told["voted"] < 10:
        assert told["parts"] is None
    else:
        assert sum(part["count"] for part in told["parts"]) == told["voted"]
        assert sorted(one for part in told["parts"] for one in part["options"]) == sorted(counts)
        assert all(part["count"] == 0 or part["count"] >= 5 for part in told["parts"])
    if told["voted"] < 5:
        assert told["lean"] is None


def test_of_five_to_nine_people_it_is_told_what_more_than_half_chose_and_no_more(room: Room) -> None:
    vote(room, a=4, b=3)
    room.close()
    room.show_figures()
    assert room.figures() == [{"voted": 7, "parts": None, "lean": ["a"]}]


def test_small_groups_are_told_together(room: Room) -> None:
    vote(room, a=14, b=2, c=4)
    room.close()
    room.show_figures()
    assert room.figures() == [
        {"voted": 20, "parts": [{"options": ["a"], "count": 14}, {"options": ["b", "c"], "count": 6}], "lean": None}
    ]


def test_nothing_is_told_of_how_votes_fall_before_they_are_closed_and_shown(room: Room) -> None:
    vote(room, a=12)
    assert room.figures() is None
    with pytest.raises(RefusedError, match="still_open"):
        room.show_figures()
    with pytest.raises(RefusedError, match="still_open"):
        room.show_answer({"a": "Because."})
    room.close()
    assert room.figures() is None
    room.show_figures()
    assert room.figures() is not None
    room.again()  # nobody sees the first figures while they vote again
    assert room.figures() is None


def test_a_closed_vote_takes_none_but_one_that_was_counted_and_comes_again(room: Room) -> None:
    room.vote("ana", 1, "a", 1)
    room.close()
    room.vote("ana", 1, "a", 1)
    for person, option in (("ana", "b"), ("ben", "a")):
        with pytest.raises(RefusedError, match="vote_closed"):
            room.vote(person, 1, option, 1)
    room.again()
    with pytest.raises(RefusedError, match="vote_closed"):
        room.vote("ben", 1, "a", 1)
    for number in (0, -1, 3):
        with pytest.raises(RefusedError, match="vote_closed"):
            room.vote("ana", number, "a", 1)
    assert (room.own("ana", 1), room.own("ana"), room.own("ben")) == ("a", None, None)


def test_an_older_choice_that_comes_late_takes_no_newer_ones_place(room: Room) -> None:
    assert room.number("ana") == 0
    room.vote("ana", 1, "b", 2)
    with pytest.raises(RefusedError, match="replaced"):
        room.vote("ana", 1, "a", 1)
    room.vote("ben", 1, "a", 1)
    assert (room.own("ana"), room.number("ana"), room.own("ben")) == ("b", 2, "a")
    room.vote("ana", 1, "c", 3)
    assert (room.own("ana"), room.voted) == ("c", 2)
    room.close()
    room.again()
    room.vote("ana", 2, "a", 1)  # numbers begin anew
    assert room.own("ana") == "a"


def test_a_vote_that_was_closed_too_early_goes_on_until_anything_is_shown(room: Room) -> None:
    room.vote("ana", 1, "a", 1)
    room.close()
    room.reopen()
    room.vote("ben", 1, "b", 1)
    assert (room.round, room.voted, room.own("ana")) == (1, 2, "a")
    room.close()
    room.show_figures()
    with pytest.raises(RefusedError, match="already_shown"):
        room.reopen()
    room.again()
    room.vote("ben", 2, "a", 1)
    room.close()
    room.reopen()
    assert (room.round, room.is_open, room.cast) == (2, True, 3)
    room.close()
    room.show_answer({"a": "Because."})
    with pytest.raises(RefusedError, match="already_shown"):
        room.reopen()
    assert not room.is_open


def test_there_are_two_votes_and_no_option_that_is_not_asked(room: Room) -> None:
    with pytest.raises(RefusedError, match="no_other_vote"):
        room.again()
    room.close()
    room.again()
    room.close()
    with pytest.raises(RefusedError, match="no_other_vote"):
        room.again()
    with pytest.raises(RefusedError, match="no_option"):
        room.vote("ana", 2, "z", 1)
    with pytest.raises(RefusedError, match="no_option"):
        room.show_answer({"z": "No."})


def test_a_room_holds_no_name(room: Room) -> None:
    room.vote("maria.souza", 1, "a", 1)
    assert "souza" not in repr(asdict(room))
    assert repr(Rooms().open("ethics", QUESTION)._digest("maria.souza")) != repr(room._digest("maria.souza"))


def test_a_room_ends_when_it_is_ended_and_after_hours() -> None:
    now = [0.0]
    rooms = Rooms(lambda: now[0])
    first, second = rooms.open("ethics", QUESTION), rooms.open("law", QUESTION)
    assert re.fullmatch("[A-HJ-KM-NP-Z2-9]{5}", first.code)
    assert rooms.at(first.code.lower()) is first and rooms.of(("ethics", "law")) == [second, first]
    rooms.end(first)
    assert rooms.at(first.code) is None and rooms.of(("ethics",)) == []
    now[0] = LASTS - 1
    assert rooms.at(second.code) is second
    now[0] = LASTS
    assert rooms.at(second.code) is None


def test_a_course_has_so_many_rooms_and_no_more() -> None:
    rooms = Rooms()
    for _ in range(MOST_IN_COURSE):
        rooms.open("ethics", QUESTION).close()
    with pytest.raises(RefusedError, match="too_many_rooms"):
        rooms.open("ethics", QUESTION)
    rooms.open("law", QUESTION)


def test_a_question_that_is_put_up_twice_before_anybody_votes_has_one_room() -> None:
    rooms = Rooms()
    room = rooms.open("ethics", QUESTION)
    assert rooms.open("ethics", QUESTION) is room
    assert rooms.open("law", QUESTION) is not room
    assert rooms.open("ethics", replace(QUESTION, cell="another")) is not room
    room.vote("ana", 1, "a", 1)
    another = rooms.open("ethics", QUESTION)
    assert another is not room
    another.close()
    assert rooms.open("ethics", QUESTION) is not another


# -- what is asked ---------------------------------------------------------------------------------


def test_only_practice_in_which_one_option_is_chosen_can_be_voted_on() -> None:
    can = {text: can_be_voted_on(read_item(text, "x", 1)) for text in (CHOICE, SEVERAL, MATCH, ESSAY)}
    practice = re.sub("(?m)^use: .*", "use: practice", CHOICE)
    practice = re.sub("(?m)^points: .*\n", "", practice)
    graded = read_item(CHOICE, "x", 1)
    assert graded.use == "graded" and not any(can.values())
    assert can_be_voted_on(read_item(practice, "x", 1))


def test_a_question_is_asked_without_its_key_which_is_told_by_itself() -> None:
    item = read_item(CHOICE, "x", 1)
    asked = json.dumps(asdict(of_item("05-x", "Module", item, "en")))
    answer = answer_of(item)
    assert answer and answer.keys() < item.ids
    assert all(why not in asked for why in answer.values())


def test_a_scene_is_asked_with_what_happens_and_a_case_begins_with_its_vignette() -> None:
    case = read_case(CASE, "x", 1)
    first, second = list(case.scenes.values())[:2]
    asked = of_scene("05-x", case, first, "en")
    assert asked.told == tuple(case.vignette.split("\n\n")) and asked.asked == first.question
    assert asked.options == {way: first.options[way].text for way in first.ways}
    later = of_scene("05-x", case, second, "en")
    assert case.vignette.split("\n\n")[0] not in later.told and later.told[0] == (second.text or "").split("\n\n")[0]


@pytest.mark.parametrize(("language", "said"), [("en", "right answer is shown: A."), ("es", "respuesta correcta: A.")])
def test_how_a_vote_stands_begins_with_the_right_answer_once_it_is_shown(language: str, said: str) -> None:
    told = {"question": asdict(QUESTION), "round": 1, "open": False, "figures": [{}], "answer": None, "own": None}
    with speaking(language):
        assert said not in Vote(told).state
        assert Vote({**told, "answer": {"a": "It asks first."}}).state.endswith(said)
        assert said not in Vote({**told, "open": True}).state


# -- the service -----------------------------------------------------------------------------------


GROUPS = {
    "instructor": ["formgrade-ethics"],
    "ethics-desk": [],
    "ana": ["nbgrader-ethics"],
    "ben": ["nbgrader-ethics"],
    "other": ["formgrade-law", "nbgrader-music"],
    "both": ["formgrade-ethics", "nbgrader-ethics", "formgrade-law", "nbgrader-law"],
    "nobody": [],
}
COURSES = [
    {"id": one, "instructors": f"formgrade-{one}", "students": f"nbgrader-{one}", "desk": f"{one}-desk"}
    for one in ("ethics", "law")
]


class Service:
    """The service, and everybody's requests to it."""

    def __init__(self) -> None:
        self.hub = StandInHub("live", GROUPS, {"ethics-desk": "service"})
        self.service = StartedService(
            self.hub, ["fieldguide.live.service", "--courses", json.dumps(COURSES)], free_port(), seconds(60)
        )

    def close(self) -> None:
        self.service.stop()
        self.hub.close()

    def ask(self, name: str, method: str, place: str, **sent: object) -> requests.Response:
        """Ask something with somebody's token."""
        return requests.request(
            method,
            f"{self.service.url}/{place}",
            headers={"Authorization": f"token {name}"} if name else {},
            json=sent or None,
            timeout=seconds(60),
            allow_redirects=False,
        )

    def open(self, name: str = "instructor") -> str:
        """Open a room; returns its code."""
        answer = self.ask(name, "POST", "rooms", course="ethics", question=asdict(QUESTION))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["code"])


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.close()


def test_the_hubs_interrupt_ends_a_service_without_a_word_also_where_the_hub_ignores_them(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell has it that starts a hub in the background
    try:
        service = Service()
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        service.service.process.send_signal(signal.SIGINT)
        assert service.service.process.wait(seconds(30)) == 0
        assert capfd.readouterr().err == ""
    finally:
        service.close()


def test_a_class_votes_and_votes_again_and_both_are_compared(service: Service) -> None:
    code = service.open()
    told: Any = service.ask("ana", "POST", f"room/{code}/vote", round=1, option="b", n=1).json()
    assert (told["own"], told["voted"], told["figures"], told["runs"]) == ("b", None, None, False)
    told = service.ask("ana", "POST", f"room/{code.lower()}/vote", round=1, option="a", n=1).json()
    assert (told["own"], told["number"]) == ("a", 1)
    told = service.ask("instructor", "GET", f"room/{code}").json()
    assert (told["voted"], told["cast"]) == (1, 1)
    assert service.ask("ben", "GET", f"room/{code}").json()["own"] is None
    for step in ("close", "reopen", "close", "again"):
        assert service.ask("instructor", "POST", f"room/{code}/{step}", round=1).ok
    told = service.ask("ben", "POST", f"room/{code}/vote", round=2, option="c", n=1).json()
    assert (told["round"], told["open"], told["own"]) == (2, True, "c")
    for step in ("close", "figures"):
        assert service.ask("instructor", "POST", f"room/{code}/{step}", round=2).ok
    answer = service.ask("instructor", "POST", f"room/{code}/answer", round=2, answer={"a": "It asks first."})
    assert answer.json()["answer"] == {"a": "It asks first."}
    told = service.ask("ana", "GET", f"room/{code}").json()
    assert told["figures"] == [{"voted": 1, "parts": None, "lean": None}] * 2
    assert told["answer"] == {"a": "It asks first."}
    assert service.ask("instructor", "POST", f"room/{code}/end", round=2).ok
    assert service.ask("ana", "GET", f"room/{code}").status_code == 404


def test_a_step_that_was_chosen_in_another_round_is_not_taken(service: Service) -> None:
    code = service.open()
    for step in ("close", "again"):
        assert service.ask("instructor", "POST", f"room/{code}/{step}", round=1).ok
    for step in ("close", "reopen", "again", "figures", "end"):
        refused = service.ask("instructor", "POST", f"room/{code}/{step}", round=1)
        assert (refused.status_code, refused.json()) == (409, {"refused": "moved_on"})
    assert service.ask("instructor", "POST", f"room/{code}/close").status_code == 400
    told = service.ask("instructor", "GET", f"room/{code}").json()
    assert (told["round"], told["open"]) == (2, True)


def test_a_student_can_neither_open_nor_lead_nor_read_counts_early(service: Service) -> None:
    sent = {"course": "ethics", "question": asdict(QUESTION)}
    assert service.ask("ana", "POST", "rooms", **sent).status_code == 403
    code = service.open()
    for step in ("close", "reopen", "again", "figures", "answer", "end"):
        assert service.ask("ana", "POST", f"room/{code}/{step}").status_code == 403
    service.ask("ben", "POST", f"room/{code}/vote", round=1, option="a", n=1)
    for told in (service.ask("ana", "GET", f"room/{code}"), service.ask("ana", "GET", "rooms")):
        room = told.json().get("rooms", [told.json()])[0]
        assert (room["open"], room["voted"], room["figures"], room["answer"], room["own"]) == (
            *(True, None, None, None),
            None,
        )
    refused = service.ask("instructor", "POST", f"room/{code}/figures", round=1)
    assert (refused.status_code, refused.json()) == (409, {"refused": "still_open"})


def test_another_course_cannot_see_it(service: Service) -> None:
    code = service.open()
    for name in ("other", "nobody"):
        assert service.ask(name, "GET", f"room/{code}").status_code == 404
        assert service.ask(name, "POST", f"room/{code}/vote", round=1, option="a", n=1).status_code == 404
        assert service.ask(name, "POST", f"room/{code}/close", round=1).status_code == 404
        assert service.ask(name, "GET", "rooms").json() == {"rooms": []}
    assert service.ask("other", "POST", "rooms", course="ethics", question=asdict(QUESTION)).status_code == 403


def test_a_server_of_one_course_has_no_votes_of_another(service: Service) -> None:
    code = service.open()

    def here(course: str) -> LiveVotes:
        environment = {"FIELDGUIDE_LIVE_URL": service.service.url, "JUPYTERHUB_API_TOKEN": "both"}
        votes = LiveVotes.here(environment | {"FIELDGUIDE_COURSE_ID": course})
        assert votes is not None
        return votes

    for course in ("ethics", ""):
        assert code in [one["code"] for one in asyncio.run(here(course).rooms())]
    law = here("law")
    assert asyncio.run(law.rooms()) == []
    for asked in (law.room(code), law.vote(code, 1, "a", 1), law.step(code, "close", 1)):
        with pytest.raises(LiveError, match="no_room"):
            asyncio.run(asked)
    with pytest.raises(LiveError, match="not_allowed"):
        asyncio.run(law.open("ethics", QUESTION))


def test_only_students_of_the_course_vote(service: Service) -> None:
    code = service.open("ethics-desk")
    for name in ("instructor", "ethics-desk"):
        assert service.ask(name, "POST", f"room/{code}/vote", round=1, option="a", n=1).status_code == 403
    told = service.ask("both", "POST", f"room/{code}/vote", round=1, option="a", n=1).json()
    assert (told["own"], told["voted"], told["runs"]) == ("a", 1, True)


def test_who_may_not_use_the_service_is_told_nothing(service: Service) -> None:
    service.hub.groups["outside"], service.hub.scopes["outside"] = ["nbgrader-ethics"], ["access:servers!user=outside"]
    for name in ("", "unknown", "outside"):
        for place in ("rooms", "room/ABCDE"):
            assert service.ask(name, "GET", place).status_code == 403


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"course": "ethics"},
        {"course": "ethics", "question": {**asdict(QUESTION), "options": {"a": "Alone."}}},
        {"course": "ethics", "question": {**asdict(QUESTION), "options": {"a": 1, "b": 2}}},
        {"course": "ethics", "question": {**asdict(QUESTION), "told": [{}]}},
    ],
)
def test_what_is_no_question_opens_nothing(service: Service, sent: dict[str, Any]) -> None:
    before = service.ask("instructor", "GET", "rooms").json()
    assert service.ask("instructor", "POST", "rooms", **sent).status_code in (400, 403)
    assert service.ask("instructor", "GET", "rooms").json() == before


def test_a_telephone_with_the_short_address_is_sent_to_its_own_page(service: Service) -> None:
    printed = service.service.url  # as the projector shows it: nothing after the service's name
    assert printed.endswith("/services/live")
    for place, leads in (("/K7QXM", "/K7QXM"), ("/", ""), ("", "")):
        answer = requests.get(printed + place, timeout=seconds(60), allow_redirects=False)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/hub/user-redirect/fieldguide/live{leads}"


@pytest.mark.parametrize("closes", [True, False], ids=["closes", "is silent"])
def test_a_service_that_gives_no_answer_is_told_as_unreachable(closes: bool) -> None:
    async def asked() -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            if closes:
                writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            await LiveVotes(f"http://127.0.0.1:{port}/services/live", "ana", wait=0.5).rooms()

    with pytest.raises(LiveError, match="unreachable"):
        asyncio.run(asked())


def test_a_server_to_which_the_hub_names_no_service_has_no_votes() -> None:
    assert LiveVotes.here({"JUPYTERHUB_API_TOKEN": "ana"}) is None
    assert LiveVotes.here({"FIELDGUIDE_LIVE_URL": ""}) is None
