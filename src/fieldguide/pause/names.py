"""Names of people: after titles and words for kin, before "'s mother", after "called", and first names of the lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from fieldguide.pause.detector import Span, by_words
from fieldguide.pause.nameclues import (
    AFTER_THINGS,
    ASKING,
    BEFORE_THINGS,
    BEFORE_WORD,
    CLASS_TALK,
    CLAUSES,
    DETERMINERS,
    DOUBTFUL_DOINGS,
    DOUBTFUL_FIRST_DOINGS,
    FAMILY_DOINGS,
    GREETINGS,
    HOUSEHOLD,
    HUMAN,
    IN,
    LISTED_NAMES,
    MEETING,
    MESSAGES,
    MET,
    NO_INITIALS,
    OWNERS,
    PLACE_PARTS,
    PLACES,
    SMALL_AFTER_PEOPLE,
    SMALL_BY_THEMSELVES,
    SURE_NAMES,
    THINGS_OR_NOT_NAMES,
    TO_A_PERSON,
    TO_ME,
    TOGETHER,
    TWO_DO,
    WORRYING,
)
from fieldguide.pause.notpeople import NotPeople
from fieldguide.pause.reading import Reading
from fieldguide.pause.runs import Run, Runs
from fieldguide.pause.wordlists import (
    AUTHORS,
    BELONGINGS,
    BETWEEN,
    DEEDS,
    DOINGS,
    DOUBTFUL_NAMES,
    KIN,
    NOT_NAMES,
    PEOPLE,
    PLAIN_TITLES,
    THINGS,
    TITLES,
)

_INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.){2,3}(?!\w)|(?<![\w.])[A-Z]\.[A-Z](?![\w.])")
#: One letter for a person: "K. said".
_INITIAL = re.compile(
    r"(?<![\w.]\s)(?<![\w.])[B-HJ-Z]\.(?= (?:said|says|told|asked|texted|called|came|cried|wants|wanted|is|was|has|had"
    r"|and (?:I|her|his))\b)"
)
#: Between a word for a person and the name.
_OPENING = re.compile(r"^(?: |, ?| ?[-–—] ?| ?\(|: ?| [\"“‘'] ?)$")
_QUOTED = (" ", ' "', " “", " ‘", " '")
#: Other names of a list, up to where it ends.
_LISTING = re.compile(r"(?:, [A-Z][\w'’-]{1,20}){0,6},? (?:and|&) [A-Z][\w'’-]{1,20}[,.;:)—]")
_AGE_AFTER = re.compile(r"(?:,| \() ?(?:aged? )?\d{1,2}[,)]")
#: How words end that begin a sentence with a capital letter and are no names.
_COMMON_ENDINGS = ("s", "ing", "ed", "ly", "tion", "sion", "ity", "ment")


def _names(reading: Reading, known: Set[str]) -> Iterator[Span]:
    """Names of people. Those whose words are all in ``known`` (in small letters) are left alone."""
    for run in _Names(reading).found():
        if not all(word in known for word in run.plain):
            yield run.start, run.end
    for start, end in _initials(reading.text):
        if reading.text[start:end].replace(".", "").lower() not in known:
            yield start, end


def _initials(text: str) -> Iterator[Span]:
    """Initials with full stops that stand for a person, such as "J.R."; but not "B.F. Skinner"."""
    for found in _INITIALS.finditer(text):
        after = text[found.end() : found.end() + 2]
        if found[0].replace(".", "") not in NO_INITIALS and not (after[:1] == " " and after[1:].isupper()):
            yield found.span()
    for found in _INITIAL.finditer(text):
        yield found.span()


class _Names:
    """The names of one text, found word by word."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._words = reading.words
        self._plain = reading.plain
        self._runs = Runs(reading)
        self._against = NotPeople(reading)
        self._found: list[Run] = []
        self._taken: set[int] = set()
        #: Words of the text that also stand in it with a small letter: those are no names.
        self._small = {word.plain for word in self._words if not word.capital}

    def found(self) -> list[Run]:
        """Every name of the text, and where the same name stands again."""
        for place, word in enumerate(self._words):
            if word.plain in TITLES:
                self._after_title(place)
            if word.plain in PEOPLE:
                self._after_person(place)
            self._after_naming(place)
            if word.plain in GREETINGS:
                self._greeted(place)
            if word.possessive:
                self._owner(place)
            if word.capital:
                self._unlisted(place)
            if word.plain in LISTED_NAMES:
                self._listed(place)
        self._again()
        return self._found

    # -- where names stand --------------------------------------------------------------------------

    def _after_title(self, place: int) -> None:
        """ "Ms. Alvarez", "Coach Daniels", and in small letters "mrs. alvarez"."""
        word = self._words[place]
        plain = word.plain in PLAIN_TITLES
        gaps = (" ", ". ", ".") if plain or word.plain in ("rev", "sgt", "lt") else (" ",)
        if word.possessive or self._reading.gap_after(place) not in gaps or not (word.capital or plain):
            return
        if word.acronym and word.plain == "ms":
            return  # a degree or an illness
        run = self._runs.at(place + 1, small=plain and not word.capital)
        if run is None:
            return
        if self._against.public(run) or run.plain[-1] in AUTHORS or (word.plain == "dr" and run.plain == ("king",)):
            self._leave(run)
        elif self._against.cited(run) or (not plain and self._against.institution(run)):
            return
        elif plain or not word.first or run.last > run.first or self._acts(run) or not self._capital_after(run):
            # A title that is a word of its own belongs to the name only where nothing else could be meant.
            self._keep(self._runs.make(place, run.last) if plain else run, names=run.plain)

    def _after_person(self, place: int) -> None:
        """ "my client Dana", "her brother, Luis,", "the twins (Ana and Beto)"."""
        word = self._words[place]
        gap = self._reading.gap_after(place)
        if word.possessive or place + 1 >= len(self._words) or not _OPENING.match(gap):
            return
        run = self._runs.at(place + 1)
        if run is None:
            if gap == " ":
                self._small_name(place + 1)
            return
        if not run.listed:
            if word.capital and not (word.first and self._acts(run)):
                return  # "Child Protective Services", "Client Rights"
            if (gap not in _QUOTED and not self._set_apart(run, gap)) or self._runs.is_abbreviation(run):
                return
        if not (self._against.institution(run) or self._against.public(run) or run.plain[0] in AUTHORS):
            self._keep(run)

    def _after_naming(self, place: int) -> None:
        """ "a girl named Xochitl", "her name is Ruth", "he goes by Bear"."""
        word = self._words[place]
        gap = self._reading.gap_after(place)
        if gap.strip(" \"“‘'(:,") or "\n" in gap or place + 1 >= len(self._words):
            return
        before = [self._plain(place - back) for back in (1, 2, 3, 4)]
        if word.plain in ("named", "nicknamed", "called"):
            if any(one in THINGS for one in before[:2]):
                return
            sure = before[1] in ("he", "she", "they") or any(
                one in PEOPLE or one in ("somebody", "someone", "one") for one in before
            )
        elif self._is_naming(word.plain, before, word.possessive):
            if any(one in THINGS for one in before[1:3]) or before[:2] == ["name", "my"]:
                return  # "my name is": the student
            sure = before[0] not in PEOPLE and before[0] not in ("went", "going", "known")
        else:
            return
        run = self._runs.at(place + 1)
        if run is None:
            if sure:
                self._small_name(place + 1)
            return
        if not (sure or run.listed or (word.plain in ("is", "was") and run.last > run.first)):
            return
        if self._against.institution(run) or self._against.public(run):
            return
        if run.listed or not self._runs.is_abbreviation(run):
            self._keep(run)

    def _is_naming(self, word: str, before: list[str], possessive: bool) -> bool:
        if word in ("is", "was", "are", "were"):
            return before[0] in ("name", "names", "nickname") or (word in ("is", "was") and before[0] in PEOPLE)
        if word in ("by", "as"):
            return before[0] in ("goes", "go", "went", "going", "known", "herself", "himself", "themself", "themselves")
        if word in ("name", "nickname"):
            return possessive
        return word in ("alias", "aka") or (word == "of" and before[:2] == ["name", "the"])

    def _owner(self, place: int) -> None:
        """ "Dana's mother", "Luis's file"."""
        word = self._words[place]
        if not self._runs.namelike(place):
            return
        ahead = place + 1
        while self._plain(ahead) in BETWEEN and ahead - place < 3:
            ahead += 1
        what = self._plain(ahead)
        if not what or any(self._words[at].gap != " " for at in range(place + 1, ahead + 1)):
            return
        listed = word.plain in LISTED_NAMES
        if what not in KIN and not (listed and what in BELONGINGS):
            return
        if word.plain in AUTHORS or (word.first and word.plain.endswith("an") and not listed):
            return
        run = self._runs.before(place)
        if not self._against.public(run) and not self._against.classmate(run):
            self._keep(run)

    def _greeted(self, place: int) -> None:
        """ "Hi Dana," unless what follows is class talk."""
        run = self._runs.at(place + 1)
        if run is None or self._reading.gap_after(place) not in (" ", ", ") or self._against.institution(run):
            return
        if not run.listed and self._reading.text[run.end : run.end + 1] not in (",", ":", "-", "—", "!", "\n"):
            return
        ahead = [self._plain(at) for at in range(run.last + 1, run.last + 14)]
        if not any(one in CLASS_TALK or one in ("agree", "classmate") for one in ahead):
            self._keep(run)

    def _unlisted(self, place: int) -> None:
        """An unlisted name by the words around it: "Zuri told me", "my session with Zuri", "Zuri, 9,"."""
        word = self._words[place]
        if word.acronym or len(word.text) < 3 or word.plain in self._small or not self._runs.namelike(place):
            return
        if word.plain in SURE_NAMES or word.plain in AUTHORS or word.plain in PEOPLE:
            return
        if place and word.gap == " " and self._words[place - 1].capital and not self._words[place - 1].first:
            return
        run = self._runs.at(place)
        if run is None:
            return
        common = word.first and word.plain.endswith(_COMMON_ENDINGS)
        if (word.first or not self._spoken_to(run)) and (common or not self._described(run)):
            return
        if not (self._against.institution(run) or self._against.public(run) or self._against.cited(run)):
            self._keep(run)

    def _listed(self, place: int) -> None:
        """A first name of the lists, by itself."""
        word = self._words[place]
        if word.plain in SMALL_BY_THEMSELVES and word.text == word.text.lower():
            self._keep(self._runs.make(place, place))
            return
        if place in self._taken or self._against.inside_a_title(place):
            return
        if not self._runs.namelike(place, doubtful=True):
            return
        run = self._runs.at(place, doubtful=True)
        if run is None:
            return
        against = self._against
        if against.public(run):
            self._leave(run, more=1)
        elif against.institution(run) or against.cited(run) or against.classmate(run) or against.signed(run):
            self._leave(run)
        elif not self._is_a_place(run) and not any(one in AUTHORS for one in run.plain):
            before = [self._plain(place - back) for back in (1, 2, 3)]  # "my name is": the student
            if before != ["is", "name", "my"] and (word.plain not in DOUBTFUL_NAMES or self._sure_here(run)):
                self._keep(run)

    def _again(self) -> None:
        """The first or the last word of a name, where it stands by itself elsewhere in the text."""
        parts = {run.plain[0] for run in self._found if len(run.plain[0]) > 2}
        parts |= {run.plain[-1] for run in self._found if len(run.plain) == 1 or len(run.plain[-1]) > 3}
        parts -= NOT_NAMES | DOUBTFUL_NAMES | TITLES | self._small
        for place, word in enumerate(self._words):
            if place in self._taken or word.plain not in parts or not word.capital or len(word.plain) < 2:
                continue
            run = self._runs.at(place, doubtful=True)
            if run is None or self._against.institution(run) or self._against.cited(run):
                continue
            if not self._against.inside_a_title(place):
                self._keep(run)

    # -- what the words around say ------------------------------------------------------------------

    def _spoken_to(self, run: Run) -> bool:
        """Whether the words before, or what is done, say that a person is meant."""
        if self._words[run.first].gap != " ":
            return False
        before, two, three = (self._plain(run.first - back) for back in (1, 2, 3))
        possessive = self._words[run.last].possessive
        if before == "with":
            return two in TOGETHER or three in TOGETHER
        if before in ("from", "to"):
            return two in MESSAGES
        if before == "about":
            return two in WORRYING
        if before in BEFORE_WORD:
            return two in BEFORE_WORD[before] and self._plain(run.last + 1) not in AFTER_THINGS
        if before in ASKING:
            asked = (
                self._words[run.first - 1].first and run.last + 1 < len(self._words) and not self._capital_after(run)
            )
            return (asked or two in ("it", "that", "this")) and self._plain(run.last + 1) not in AFTER_THINGS
        if before in ("her", "him", "them"):
            return two in ("call", "calls", "called", "named")
        if before == "as":
            return two in ("her", "him", "them")
        if before == "calls":
            return two in ("everybody", "everyone")
        if before == "the":
            return not possessive and self._family(run)
        if possessive:
            return False
        following = self._plain(run.last + 1)
        if (following in HUMAN and before not in BEFORE_THINGS) or (before in CLAUSES and following in DOINGS):
            return self._reading.gap_after(run.last) == " "
        return before in TO_A_PERSON

    def _family(self, run: Run) -> bool:
        """ "the Johnson family", "the Nguyens were"."""
        following = self._plain(run.last + 1)
        if run.first < run.last or not self._words[run.last].text.endswith("s"):
            return following in HOUSEHOLD
        people = any(self._plain(run.first - back) in PEOPLE for back in (2, 3))
        apart = people and ", " in self._words[run.first - 1].gap
        return apart or following in FAMILY_DOINGS or following in HOUSEHOLD or self._plain(run.first - 2) in MEETING

    def _described(self, run: Run) -> bool:
        """Whether the words after say that a person came before."""
        if self._plain(run.first - 1) in IN:
            return False
        if _AGE_AFTER.match(self._reading.text, run.end):
            return True
        following = run.last + 1
        if self._words[run.last].possessive or following >= len(self._words):
            return False
        gap = self._words[following].gap
        ahead = [self._plain(following + at) for at in range(6)]
        if gap == " ":
            if ahead[0] == "and" and ahead[2] in TWO_DO and self._runs.namelike(following + 1):
                return not self._words[following + 1].acronym and ahead[1] not in AUTHORS
            if ahead[0] == "and" and ahead[1] in OWNERS:
                return ahead[2] in PEOPLE or ahead[3] in PEOPLE
            if ahead[0] in DEEDS or (ahead[0] in TO_ME and ahead[1] in ("me", "us")):
                return not self._words[following].capital
            return ahead[0] in ("is", "was") and self._introduces(ahead[1:])
        return gap == ", " and (ahead[0] in ("who", "whose") or self._apposition(run) or self._introduces(ahead))

    def _introduces(self, ahead: list[str]) -> bool:
        """ "…, my client", "… is one of my patients"."""
        if ahead[0] not in DETERMINERS:
            return False
        for one in ahead[: 5 if ahead[0] == "one" else 4]:
            if one in PEOPLE or one in ("year-old", "old"):
                return True
            if one in THINGS:
                return False
        return False

    def _apposition(self, run: Run) -> bool:
        """ "A boy in my group, Kwabena, drew": set apart by commas, after a person."""
        if self._words[run.first].gap != ", ":
            return False
        before = [self._plain(run.first - back) for back in range(1, 7)]
        if before[0] in PLACES or before[1] in PLACES:
            return False
        owned = before[0] not in THINGS_OR_NOT_NAMES and (before[1] in OWNERS or before[2] in OWNERS)
        return owned or any(one in PEOPLE for one in before)

    def _set_apart(self, run: Run, gap: str) -> bool:
        """Whether what was set apart ends: "my client, Tavita, said"; or goes on as a list of names."""
        word = self._words[run.first]
        if word.acronym or word.plain in self._small:
            return False
        after = self._reading.text[run.end : run.end + 1]
        marks = (")", "—", "–") if gap.strip() in ("(", "—", "–", "-") else (",",)
        return after in marks or bool(_LISTING.match(self._reading.text, run.end))

    def _is_a_place(self, run: Run) -> bool:
        """ "in Trenton", "San Diego"."""
        before, gap = self._plain(run.first - 1), self._words[run.first].gap
        if before in PLACE_PARTS:
            return gap.strip(".") == " "
        return before in ("in", "near") and gap == " " and not self._words[run.last].possessive

    def _sure_here(self, run: Run) -> bool:
        """Whether a name that is an everyday word or a town too is one here."""
        first = self._words[run.first].first
        before, following = self._plain(run.first - 1), self._plain(run.last + 1)
        if first:
            return following in DOUBTFUL_FIRST_DOINGS
        if before in IN:
            return False
        if self._words[run.last].possessive and following in KIN:
            return True
        return following in DOUBTFUL_DOINGS or before in MET

    def _acts(self, run: Run) -> bool:
        following = self._plain(run.last + 1)
        return run.listed or following in DEEDS or following in DOINGS

    def _capital_after(self, run: Run) -> bool:
        return run.last + 1 < len(self._words) and self._words[run.last + 1].capital

    # -- keeping what was found ---------------------------------------------------------------------

    def _small_name(self, place: int) -> None:
        word = self._words[place]
        if not word.capital and word.plain in SMALL_AFTER_PEOPLE:
            self._keep(self._runs.make(place, place))

    def _leave(self, run: Run, more: int = 0) -> None:
        """Leave the words of a name alone, whatever else could be said of them."""
        self._taken.update(range(run.first, run.last + 1 + more))

    def _keep(self, run: Run, names: tuple[str, ...] | None = None) -> None:
        """Keep a name, and the names that are joined to it: "Ana, Beto and Carla"."""
        while self._add(run, names):
            following = self._joined(run)
            if following is None:
                return
            run, names = following, None

    def _add(self, run: Run, names: tuple[str, ...] | None) -> bool:
        places = range(run.first, run.last + 1)
        if any(place in self._taken for place in places):
            return False
        self._taken.update(places)
        self._found.append(Run(run.first, run.last, run.start, run.end, names or run.plain))
        return True

    def _joined(self, run: Run) -> Run | None:
        place = run.last + 1
        if place >= len(self._words) or self._words[run.last].possessive:
            return None
        last = self._plain(place) in ("and", "or") and self._words[place].gap in (" ", ", ")
        if last:
            place += 1
        elif self._words[place].gap != ", ":
            return None
        following = self._runs.at(place)
        if following is None or (last and self._words[place].gap != " "):
            return None
        if not (last or following.listed or self._set_apart(following, ", ")):
            return None
        if self._against.institution(following) or self._runs.is_abbreviation(following):
            return None
        return following


NAMES = by_words("name", _names)
