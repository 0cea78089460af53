"""Who comes from elsewhere: the names of their accounts, and the file of who is who."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.school import SchoolError
from fieldguide.school.identities import Identities, Identity, account_name, bring_identities
from fieldguide.school.planning import Places
from fieldguide.school.reading import why_no_account

PEOPLE = st.tuples(st.text(min_size=1), st.text(min_size=1))
ANA = Identity("p-ana", "https://canvas", "sub-1", "Ana", "Ruiz", "ana@school.edu")


@given(PEOPLE, PEOPLE)
def test_each_person_has_one_account_whose_name_can_be_one(first: tuple[str, str], second: tuple[str, str]) -> None:
    names = account_name("secret", *first), account_name("secret", *second)
    assert (names[0] == names[1]) == (first == second)
    assert why_no_account(names[0]) is None and len(names[0]) == 18
    assert account_name("another", *first) != names[0]


def test_a_person_is_not_found_by_taking_issuer_and_subject_apart_elsewhere() -> None:
    assert account_name("secret", "https://a", "b1") != account_name("secret", "https://ab", "1")


def test_the_file_is_for_its_owner_alone_and_the_last_word_counts(tmp_path: Path) -> None:
    known = Identities(tmp_path / "identities.jsonl")
    assert known.all() == {}
    known.note(ANA)
    known.note(ANA)
    known.note(Identity("p-ana", "https://canvas", "sub-1", "Anna", email=""))  # of the rest nothing was told this time
    assert known.all() == {"p-ana": Identity("p-ana", "https://canvas", "sub-1", "Anna", "Ruiz", "ana@school.edu")}
    assert len((tmp_path / "identities.jsonl").read_text().splitlines()) == 2
    assert (tmp_path / "identities.jsonl").stat().st_mode & 0o777 == 0o600
    assert known.all()["p-ana"].name == "Anna Ruiz"


def test_who_is_forgotten_is_in_the_file_no_more_and_the_others_are(tmp_path: Path) -> None:
    known = Identities(tmp_path / "identities.jsonl")
    bo = Identity("p-bo", "https://canvas", "sub-2", "Bo")
    for one in (ANA, bo, ANA):
        known.note(one)
    assert known.forget(["p-ana", "p-nobody"]) == ["p-ana"]
    assert known.all() == {"p-bo": bo} and "Ruiz" not in (tmp_path / "identities.jsonl").read_text()
    assert (tmp_path / "identities.jsonl").stat().st_mode & 0o777 == 0o600
    with (tmp_path / "identities.jsonl").open("a") as file:
        file.write('{"torn')
    with pytest.raises(SchoolError, match="line 2, cannot be read"):
        known.forget(["p-bo"])


def test_a_backup_brings_who_is_who_where_nobody_is_anybody_yet_and_else_what_fits(tmp_path: Path) -> None:
    places, other = Places(tmp_path / "here"), Places(tmp_path / "there")
    for one in (places, other):
        one.state.mkdir(parents=True)
    Identities(places.identities).note(Identity("p-ana", "https://canvas.test", "1", "Ana"))
    places.names_secret.write_text("a" * 64 + "\n")
    held = places.identities.read_bytes(), places.names_secret.read_bytes()
    other.names_secret.write_text("b" * 64 + "\n")  # as apply makes it, with no name that follows from it
    assert bring_identities(*held, other)
    assert (other.identities.read_bytes(), other.names_secret.read_bytes()) == held
    assert not (other.identities.stat().st_mode | other.names_secret.stat().st_mode) & 0o077
    # A course that is brought back beside others: who has come since stays, as they are now.
    Identities(other.identities).note(Identity("p-ana", "https://canvas.test", "1", "Anna"))
    Identities(other.identities).note(Identity("p-ben", "https://canvas.test", "2"))
    Identities(places.identities).note(Identity("p-cy", "https://canvas.test", "3"))
    assert bring_identities(places.identities.read_bytes(), held[1], other)
    found = Identities(other.identities).all()
    assert {*found} == {"p-ana", "p-ben", "p-cy"} and found["p-ana"].given_name == "Anna"
    # Under another secret nobody is who they were.
    before = other.identities.read_bytes()
    assert not bring_identities(held[0], b"c" * 64 + b"\n", other)
    assert other.identities.read_bytes() == before and other.names_secret.read_bytes() == held[1]
