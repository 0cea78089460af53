"""Names of people: after titles and words for kin and roles, before "'s mother", after "called", and listed first names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from fieldguide.pause.reading import Reading, Word
from fieldguide.pause.wordlists import (
    AUTHORS,
    BELONGINGS,
    BETWEEN,
    DEEDS,
    DOINGS,
    DOUBTFUL_NAMES,
    FIRST_NAMES,
    KIN,
    NOT_NAMES,
    PEOPLE,
    PLAIN_TITLES,
    PUBLIC_PEOPLE,
    SMALL_NAMES,
    SMALL_WORDS,
    THINGS,
    TITLES,
)

Span = tuple[int, int]

_PARTICLES = frozenset("de la del van von der den bin ibn al el da dos st".split())
_SURE_NAMES = FIRST_NAMES - DOUBTFUL_NAMES - NOT_NAMES
_LISTED = FIRST_NAMES | DOUBTFUL_NAMES
#: Names even when they are written small.
_SMALL = frozenset(name for name in _SURE_NAMES - SMALL_WORDS if len(name) > 3)
_SMALL_AFTER = _SURE_NAMES - SMALL_WORDS | SMALL_NAMES
_GREETINGS = frozenset("hi hey hello dear hiya".split())
_SIGN_OFFS = frozenset("best thanks sincerely regards cheers warmly respectfully yours gratefully love you wishes".split())
_AFTER_MEETING = frozenset("""
    met with saw see seen visited visiting visit told tell telling asked ask texted text texting called call calling emailed
    messaged about for to from by and or against around like between contacted contact friended followed unfollowed blocked helped help
    supporting support assigned interviewed interview dmed saw googled searched of know knew meet meeting than
""".split())
#: What one does with a person: "my session with", "I sat with".
_TOGETHER = frozenset("""
    session sessions visit visits appointment appointments meeting meetings call calls intake interview check-in conversation
    conversations lunch time worked working work sit sat sitting talked talking talk spoke speaking speak met meet relationship
    rapport boundary boundaries contact friends connected connect live lives lived living stay stays stayed staying alone text
    texting facetimed zoomed interact interacting interaction experience role-played role-play
""".split())
_TO_A_PERSON = frozenset("""
    told texted reminded hugged thanked reassured messaged dmed asked drove interviewed assessed discharged unfriended greeted
    telling asking texting reminding visiting tutored babysat met
""".split())
_MEETING = frozenset("met visited visit visiting saw see with for know knew told about and helped".split())
_FAMILY_DOINGS = frozenset("were have had moved live lived wanted want asked told came lost do did don't didn't said say think know need needed".split())
_MESSAGES = frozenset("message messages text texts dm dms letter note voicemail email emails request requests heard hear reply comment apology card gift screenshot".split())
_WORRYING = frozenset("worried worry worries worrying thinking think thought talk talked talking posted gossip gossiping gossiped heard dreamed dreamt forget care concerned story stories wrote".split())
#: What only people do; said of an unlisted name inside a sentence.
_HUMAN = DEEDS | frozenset("""
    said says asked asks came went lives lived moved posted called calls missed wants wanted talked mentioned explained arrived
    stayed sat refused agreed drinks drank slept hates loves felt feels thinks knows lied laughs died ran drove showed lost quit
    signed drew passed works worked grew smokes followed commented liked sent reported disclosed denied
""".split())
#: What comes before these words when a person follows: "a picture of", "afraid for".
_BY_KIND = {
    "of": frozenset("picture pictures photo photos video videos mother father mom dad parents parent story death care custody name memory friend brother sister afraid proud selfie drawing birth arrest loss ahead front because instead friends".split()),
    "for": frozenset("babysat worried afraid cared caring fear sorry advocate advocated prayed waited waiting happy sad bad card gift cake asked looked looking responsible ride spoke named released".split()),
    "by": frozenset("posted signed sent made shared taken tagged filmed seen friended followed blocked hit hurt left sent-in recorded liked".split()),
    "and": frozenset("me i she he her him".split()),
}
_TO_ME = frozenset("showed asked called sent gave wrote followed added blocked tagged invited thanked handed found told wants texted emailed forwarded friended".split())
_BEFORE_THINGS = frozenset("the a an this that these my our your its each every in at near from of on".split())
#: "Cody and Brielle share"
_TWO_DO = frozenset("are were have had share live lived both told came went got met moved want wanted fight fought".split())
_HOUSEHOLD = frozenset("family families kids children household siblings twins boys girls brothers sisters parents case baby home file boy girl".split())
_PLACES = frozenset("town city village county state country school college university agency shelter neighborhood street suburb".split())
#: After a place word these are towns: "in Austin".
_IN = frozenset("in near at from outside around through".split())
#: A name that goes on with one of these is that of a place, an institution or a law.
_INSTITUTIONS = frozenset("""
    street st avenue ave road rd drive lane court place boulevard park high school elementary middle academy college university institute
    center centre clinic hospital house home shelter services foundation fund act law laws award prize model theory scale
    test project program county city town district hall building library church chapel hotline lifeline society association
    press publishing journal inventory questionnaire method memorial health medical group inc llc company corp bridge
    river lake island beach hills heights valley airport station stadium scott's alert rule effect
    day report v vs syndrome disease bill et amendment
""".split())
_CLASS_TALK = frozenset("post posts point comment response reply question presentation idea example thread discussion".split())
_CLASS_SAID = frozenset("said says mentioned mentions pointed wrote noted put puts suggested shared posted".split())
_AGREEING = re.compile(r"\b(?:agree(?:d|s|ing)? with|thanks?(?: you)?(?: so much)?,?|(?:great|good|excellent|nice) (?:point|post|question|thoughts|response|job|work),?|reply to|replying to|building on|shout-?out to|echo(?:ing)?|partner(?:ed)? with|respon[ds]e? to|piggyback(?:ing)? (?:on|off)|group with|your (?:post|point|comment|response|thread|question|answer|reply),) $", re.IGNORECASE)
_CITED_AFTER = re.compile(r"^(?: (?:and|&) [A-Z][\w’'-]{1,30}|,? et al\.?|, [A-Z]\.(?: ?[A-Z]\.)?)?,? \(?(?:19|20)\d\d[a-z]?\b|^ et al\b|^(?:['’]s)? \((?:19|20)\d\d|^, [A-Z]\.(?: ?[A-Z]\.)*,? (?:&|\()")
#: "the book … by"
_WORK_BY = re.compile(r"\b(?:books?|articles?|novel|memoir|poem|song|film|study|chapter|essay|talk|blog|podcast|lecture|paper|theory|reading|text|model|documentary|play|written|edited|coined|developed)\b[^.!?\n]{0,40} by $", re.IGNORECASE)
_ACADEMIC = frozenset("argues argue argued suggests suggest states writes notes describes defines proposes proposed emphasizes discusses concludes theorized theory theorist coined".split())
_INITIALS = re.compile(r"(?<![\w.])(?:[A-Z]\.){2,3}(?!\w)|(?<![\w.])[A-Z]\.[A-Z](?![\w.])")
_NO_INITIALS = frozenset("US UK DC PS MS BA MA BS JD MD LA NY NJ NC SC RN PO ID UN TV AI ER IQ PM AM EU PD EG IE VP HR CV QA BC DOB USA SW CEO NASW CS PHD ED DV AA NA".split())
#: One letter for a person: "K. said".
_INITIAL = re.compile(r"(?<![\w.]\s)(?<![\w.])[B-HJ-Z]\.(?= (?:said|says|told|asked|texted|called|came|cried|wants|wanted|is|was|has|had|and (?:I|her|his))\b)")
_OPENING = re.compile(r"^(?: |, ?| ?[-–—] ?| ?\(|: ?| [\"“‘'] ?|, (?:named|called) )$")
_JOINED = re.compile(r"^(?:, | (?:and|&) |, and | or )$")
_QUOTED = frozenset(" \"“‘'(")


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that make one name, from the first to the last."""

    first: int
    last: int
    start: int
    end: int
    plain: tuple[str, ...]


def names(reading: Reading, known: Set[str]) -> Iterator[Span]:
    """Names of people. Those whose words are all in ``known`` (in small letters) are left alone."""
    finder = _Names(reading)
    for run in finder.found():
        if not all(word in known for word in run.plain):
            yield run.start, run.end
    for start, end, letters in finder.initials():
        if letters.lower() not in known:
            yield start, end


class _Names:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = reading.words
        self._runs: dict[int, _Run] = {}
        self._taken: set[int] = set()
        #: How words of the text begin that also stand in it with a small letter: those are no names.
        self._small = {word.plain for word in self.words if not word.capital}

    def found(self) -> list[_Run]:
        """Every name, the surest first, then where the same name stands again."""
        for place in range(len(self.words)):
            self._after_title(place)
            self._after_person(place)
            self._after_naming(place)
            self._owner(place)
            self._greeted(place)
            self._in_person(place)
            self._listed(place)
        self._again()
        return sorted(self._runs.values(), key=lambda run: run.start)

    def initials(self) -> Iterator[tuple[int, int, str]]:
        """Initials with full stops, such as "J.R.", that stand for a person."""
        text = self.reading.text
        for found in _INITIALS.finditer(text):
            letters = found[0].replace(".", "")
            if letters in _NO_INITIALS:
                continue
            after = text[found.end() : found.end() + 2]
            if after[:1] == " " and after[1:2].isupper():
                continue  # "B.F. Skinner"
            yield found.start(), found.end(), letters
        for found in _INITIAL.finditer(text):
            yield found.start(), found.end(), found[0].rstrip(".")

    # -- where names stand --------------------------------------------------------------------------

    def _after_title(self, place: int) -> None:
        word = self.words[place]
        if word.plain not in TITLES or word.possessive:
            return
        gap = self.reading.gap_after(place)
        plain = word.plain in PLAIN_TITLES
        if gap not in (" ", ". ", ".") or (gap != " " and not plain and word.plain not in ("rev", "sgt", "lt")):
            return
        if not word.capital and not plain:
            return
        if word.acronym and word.plain in ("ms", "md"):
            return
        run = self._run(place + 1, any_case=plain and not word.capital)
        if run is None:
            return
        if self._public(run) or run.plain[-1] in AUTHORS or run.plain[0] in AUTHORS or (word.plain == "dr" and run.plain == ("king",)):
            self._taken.update(range(run.first, run.last + 1))
            return
        ahead = run.last + 1
        if not plain and word.first and run.last == run.first and not self._person_like(run) and (ahead >= len(self.words) or self.words[ahead].capital):
            return
        if self._cited(run) or (not plain and self._institution(run)):
            return
        self._keep(_Run(run.first, run.last, word.start if plain else run.start, run.end, run.plain))
        self._list_goes_on(run)

    def _after_person(self, place: int) -> None:
        word = self.words[place]
        if word.plain not in PEOPLE or word.possessive or place + 1 >= len(self.words):
            return
        gap = self.reading.gap_after(place)
        if not _OPENING.match(gap):
            return
        run = self._run(place + 1)
        if run is None:
            following = self.words[place + 1]
            if gap == " " and not following.capital and following.plain in _SMALL_AFTER:
                self._keep(self._make(place + 1, place + 1))
            return
        sure = run.plain[0] in _LISTED
        if word.capital and not word.first and not sure:
            return  # "Child Protective Services", "Client Rights"
        if word.capital and word.first and not sure and not self._person_like(run):
            return
        if gap not in (" ", ' "', " “", " ‘", " '") and not (sure or self._closed(run, gap)):
            return
        if self._institution(run) or self._public(run) or run.plain[0] in AUTHORS:
            return
        if not sure and self._acronym_run(run):
            return
        self._keep(run)
        self._list_goes_on(run)

    def _after_naming(self, place: int) -> None:
        word = self.words[place]
        if place + 1 >= len(self.words):
            return
        before = [self.reading.plain(place - back) for back in (1, 2, 3, 4)]
        gap = self.reading.gap_after(place)
        if gap.strip(" \"“‘'(:,") or "\n" in gap:
            return
        if word.plain in ("named", "nicknamed", "called"):
            if any(one in THINGS for one in before[:2]) or (before[0] in ("is", "was", "are") and before[1] in THINGS):
                return
            person = any(one in PEOPLE or one in ("somebody", "someone", "person", "one") for one in before)
            run = self._run(place + 1)
            if run is None:
                following = self.words[place + 1]
                if person and following.plain in _SMALL_AFTER and not following.capital:
                    self._keep(self._make(place + 1, place + 1))
                return
            sure = run.plain[0] in _LISTED
            if (person or sure) and not self._institution(run) and not self._public(run) and not (self._acronym_run(run) and not sure):
                self._keep(run)
                self._list_goes_on(run)
            return
        naming = (
            (word.plain in ("is", "was", "are", "were") and before[0] in ("name", "names", "nickname"))
            or (word.plain in ("name", "nickname") and word.possessive)
            or (word.plain == "of" and before[0] == "name" and before[1] == "the")
            or (word.plain in ("by", "as") and before[0] in ("goes", "go", "went", "going", "known", "herself", "himself", "themself", "themselves"))
            or word.plain in ("alias", "aka")
            or (word.plain == "is" and before[0] in PEOPLE)
            or (word.plain == "was" and before[0] in ("client", "patient"))
        )
        if not naming or "my" in before[:3] and "name" in before[:2]:
            return  # "my name is": the student
        run = self._run(place + 1)
        if run is None:
            following = self.words[place + 1]
            if before[0] in ("name", "names") and not following.capital and following.plain in _SMALL_AFTER:
                self._keep(self._make(place + 1, place + 1))
            return
        sure = run.plain[0] in _LISTED or (word.plain in ("is", "was") and run.last > run.first) or before[0] in ("name", "names", "nickname") or word.plain in ("name", "nickname", "of")
        if any(one in THINGS for one in before[1:3]) or self._public(run):
            return
        if (sure or before[0] in ("goes", "go", "herself", "himself", "themself")) and not self._institution(run):
            self._keep(run)
            self._list_goes_on(run)

    def _owner(self, place: int) -> None:
        word = self.words[place]
        if not word.possessive or not self._namelike(place):
            return
        ahead = place + 1
        while self.reading.plain(ahead) in BETWEEN and ahead - place < 3:
            ahead += 1
        what = self.reading.plain(ahead)
        if not what or any(self.words[at].gap != " " for at in range(place + 1, ahead + 1)):
            return
        listed = word.plain in _LISTED
        if not (what in KIN or (listed and what in BELONGINGS)):
            return
        if word.plain in AUTHORS or word.plain.endswith("an") and word.first and not listed:
            return
        run = self._back(place)
        if not self._public(run) and not self._classmate(run):
            self._keep(run)

    def _greeted(self, place: int) -> None:
        if self.words[place].plain not in _GREETINGS or self.reading.gap_after(place) not in (" ", ", "):
            return
        run = self._run(place + 1)
        if run is None or self._institution(run):
            return
        after = self.reading.text[run.end : run.end + 1]
        if run.plain[0] not in _LISTED and after not in (",", ":", "-", "—", "!", "\n"):
            return
        if not any(self.reading.plain(at) in _CLASS_TALK | {"agree", "classmate"} for at in range(run.last + 1, run.last + 14)):
            self._keep(run)

    def _in_person(self, place: int) -> None:
        """An unlisted name by the words around it: "Zuri told me", "my session with Zuri", "Zuri, 9,"."""
        word = self.words[place]
        if not self._namelike(place, doubtful=True) or word.acronym or word.plain in self._small or len(word.text) < 3:
            return
        if word.plain in _SURE_NAMES or word.plain in AUTHORS or word.plain in PEOPLE:
            return
        if place and self.words[place - 1].capital and not self.words[place - 1].first and word.gap == " ":
            return
        run = self._run(place)
        if run is None or self._institution(run) or self._public(run) or self._cited(run):
            return
        common = word.first and word.plain.endswith(("s", "ing", "ed", "ly", "tion", "sion", "ity", "ment"))
        if not word.first and self._spoken_to(run) or not common and self._described(run):
            self._keep(run)
            self._list_goes_on(run)

    def _spoken_to(self, run: _Run) -> bool:
        """Whether the words before say that a person follows."""
        before, two, three = (self.reading.plain(run.first - back) for back in (1, 2, 3))
        if self.words[run.first].gap != " ":
            return False
        if before == "with":
            return two in _TOGETHER or three in _TOGETHER
        if before == "as" and two in ("her", "him", "them") or before == "calls" and two in ("everybody", "everyone"):
            return True
        if before in ("from", "to"):
            return two in _MESSAGES
        if before in _BY_KIND:
            return two in _BY_KIND[before] and not self._thing_after(run)
        if before in ("is", "was", "did", "does", "has", "can", "should", "will", "would", "could", "were", "do", "had"):
            asked = self.words[run.first - 1].first and run.last + 1 < len(self.words) and not self.words[run.last + 1].capital
            return (asked or two in ("it", "that", "this")) and not self._thing_after(run)
        if before == "about":
            return two in _WORRYING
        if before in ("her", "him", "them"):
            return two in ("call", "calls", "called", "named")
        following = self.reading.plain(run.last + 1)
        if before == "the":
            if self.words[run.last].text.endswith("s") and run.first == run.last and not self.words[run.last].possessive:
                apart = ", " in self.words[run.first - 1].gap and any(self.reading.plain(run.first - back) in PEOPLE for back in (2, 3))
                return following in _FAMILY_DOINGS or two in _MEETING or apart
            return following in _HOUSEHOLD and not self.words[run.last].possessive
        if following in _HUMAN and not self.words[run.last].possessive and before not in _BEFORE_THINGS:
            return self.reading.gap_after(run.last) == " "
        return before in _TO_A_PERSON and not self.words[run.last].possessive

    def _thing_after(self, run: _Run) -> bool:
        """Whether what follows makes a thing of a name: "for Kahoot quizzes", "the Gibbs model"."""
        following = self.reading.plain(run.last + 1)
        return following in THINGS - {"it", "they", "this", "that", "people", "what"} or following in _INSTITUTIONS or following in ("safe", "private", "public", "free", "allowed", "students", "users", "users'")

    def _described(self, run: _Run) -> bool:
        """Whether the words after say that a person came before."""
        if self.reading.plain(run.first - 1) in _IN:
            return False
        after = self.reading.text[run.end : run.end + 12]
        if re.match(r"(?:,| \() ?(?:age[d]? )?\d{1,2}[,)]", after):
            return True
        if self.words[run.last].possessive or run.last + 1 >= len(self.words):
            return False
        gap = self.words[run.last + 1].gap
        ahead = [self.reading.plain(run.last + at) for at in (1, 2, 3, 4, 5, 6)]
        if gap == " " and ahead[0] == "and" and ahead[2] in _TWO_DO and self._namelike(run.last + 2) and not self.words[run.last + 2].acronym:
            return ahead[1] not in AUTHORS
        if gap == " ":
            if ahead[0] in DEEDS or (ahead[1] in ("me", "us") and ahead[0] in _TO_ME):
                return not self.words[run.last + 1].capital
            ahead = ahead[1:] if ahead[0] in ("is", "was") else []
        elif gap != ", ":
            return False
        elif ahead[0] in ("who", "whose"):
            return True
        elif self._apposition(run):
            return True
        if not ahead or ahead[0] not in ("my", "his", "her", "their", "our", "a", "an", "the", "one"):
            return False
        people = next((at for at, one in enumerate(ahead) if one in PEOPLE or one in ("year-old", "old")), 9)
        return people < (5 if ahead[0] == "one" else 4) and not any(one in THINGS for one in ahead[:people])

    def _apposition(self, run: _Run) -> bool:
        """ "A boy in my group, Kwabena, drew": set apart by commas, after a person."""
        if self.words[run.first].gap != ", " or self.words[run.first].first:
            return False
        before = [self.reading.plain(run.first - back) for back in range(1, 7)]
        if any(one in _PLACES for one in before[:2]):
            return False
        owned = any(one in ("my", "our", "her", "his", "their") for one in before[1:3]) and before[0] not in THINGS | NOT_NAMES
        return owned or any(one in PEOPLE for one in before)

    def _listed(self, place: int) -> None:
        word = self.words[place]
        if word.plain in _SMALL and word.text == word.text.lower():
            self._keep(self._make(place, place))
            return
        if word.plain not in _LISTED or not self._namelike(place, doubtful=True) or place in self._runs:
            return
        if self._inside_name(place):
            return
        run = self._run(place, doubtful=True)
        if run is None:
            return
        public = self._public(run)
        if public or self._institution(run) or self._cited(run) or self._classmate(run) or self._signed(run):
            self._taken.update(range(run.first, run.last + (2 if public else 1)))
            return
        if self.reading.plain(run.last + 1) in _ACADEMIC or any(one in AUTHORS for one in run.plain):
            return
        before, gap = self.reading.plain(place - 1), word.gap
        if before in ("san", "santa", "st", "saint", "fort", "mount", "lake", "port", "new", "north", "south", "east", "west") and gap.strip(".") == " ":
            return
        if before in ("in", "near") and gap == " " and not self.words[run.last].possessive:
            return
        if word.plain in DOUBTFUL_NAMES and not self._sure_here(run, before):
            return
        if before == "is" and self.reading.plain(place - 2) == "name" and self.reading.plain(place - 3) == "my":
            return
        self._keep(run)
        self._list_goes_on(run)

    def _again(self) -> None:
        """The same first word of a name elsewhere in the text."""
        names = {run.plain[0] for run in self._runs.values() if len(run.plain[0]) > 2} | {
            run.plain[-1] for run in self._runs.values() if len(run.plain) == 1 or len(run.plain[-1]) > 3
        }
        names -= NOT_NAMES | DOUBTFUL_NAMES | self._small
        for place, word in enumerate(self.words):
            if place in self._taken or word.plain not in names or not word.capital or len(word.plain) < 2:
                continue
            run = self._run(place, doubtful=True)
            if run and not self._institution(run) and not self._inside_name(place) and not self._cited(run):
                self._keep(run)

    # -- what a name is made of ---------------------------------------------------------------------

    def _namelike(self, place: int, *, doubtful: bool = False) -> bool:
        if not 0 <= place < len(self.words):
            return False
        word = self.words[place]
        if not word.capital or any(character.isdigit() for character in word.text):
            return False
        if word.plain in NOT_NAMES and not (doubtful and word.plain in DOUBTFUL_NAMES and not word.first):
            return False
        if word.acronym and word.plain not in _SURE_NAMES:
            return len(word.text) <= 2
        return not (len(word.text) == 1 and word.text in "IAX")

    def _run(self, place: int, *, any_case: bool = False, doubtful: bool = False) -> _Run | None:
        """The name that begins at a place, of at most three words and what may stand between them."""
        if place >= len(self.words):
            return None
        first = self.words[place]
        if first.plain in PEOPLE and first.plain not in _LISTED:
            return None
        if any_case and not first.capital:
            plain = first.plain
            fits = plain.isalpha() and plain not in NOT_NAMES and plain not in PEOPLE and len(plain) > 1
            return self._make(place, place) if fits else None
        doubtful = doubtful or (first.plain in DOUBTFUL_NAMES and not self.reading.plain(place + 1)[:1].isdigit())
        if not self._namelike(place, doubtful=doubtful):
            return None
        last = place
        while last - place < 3 and not self.words[last].possessive:
            following = last + 1
            if following >= len(self.words):
                break
            word = self.words[following]
            initial = len(self.words[last].text) == 1
            if word.gap not in (" ", "-") and not (initial and word.gap in (". ", ".")):
                break
            if word.gap == ". " and initial and word.first:
                break
            if word.plain in _PARTICLES and not word.capital and self._namelike(following + 1) and self.words[following + 1].gap == " ":
                last = following + 1
                continue
            if not self._namelike(following) or word.plain in PEOPLE or word.plain in AUTHORS - {"erikson"}:
                break
            if word.acronym and len(word.text) > 1:
                break
            last = following
        return self._make(place, last)

    def _make(self, first: int, last: int) -> _Run:
        end = self.words[last]
        stop = end.bare_end
        # The full stop of an initial belongs to it.
        if len(end.text) == 1 and self.reading.text[stop : stop + 1] == ".":
            stop += 1
        plain = tuple(word.plain for word in self.words[first : last + 1])
        return _Run(first, last, self.words[first].start, stop, plain)

    def _back(self, place: int) -> _Run:
        """The name that ends at a place."""
        first = place
        while first and place - first < 2 and self.words[first].gap == " " and self._namelike(first - 1) and not self.words[first - 1].possessive:
            first -= 1
        return self._make(first, place)

    def _keep(self, run: _Run) -> None:
        if any(at in self._taken for at in range(run.first, run.last + 1)):
            return
        self._runs[run.first] = run
        self._taken.update(range(run.first, run.last + 1))

    def _list_goes_on(self, run: _Run) -> None:
        """ "Ana, Beto and Carla": what is joined to a name and looks like one."""
        last = run.last
        for _ in range(8):
            if last + 1 >= len(self.words) or not _JOINED.match(self.words[last + 1].gap):
                if self.reading.plain(last + 1) not in ("and", "or") or last + 2 >= len(self.words) or self.words[last + 1].gap not in (" ", ", "):
                    return
                last += 1
            following = self._run(last + 1)
            if following is None or self.words[last + 1].gap not in (" ", ", "):
                return
            if following.plain[0] not in _LISTED and self.words[last].plain not in ("and", "or") and not self._closed(following, ", "):
                return
            if self._institution(following) or self._acronym_run(following):
                return
            self._keep(following)
            last = following.last

    # -- what speaks for or against a name ----------------------------------------------------------

    def _person_like(self, run: _Run) -> bool:
        following = self.reading.plain(run.last + 1)
        return run.plain[0] in _LISTED or following in DEEDS or following in DOINGS

    def _closed(self, run: _Run, gap: str) -> bool:
        """Whether what was set apart ends: "my client, Tavita, said"."""
        after = self.reading.text[run.end : run.end + 2]
        listing = re.match(r"(?:, [A-Z][\w'’-]{1,20})*,? (?:and|&) [A-Z][\w'’-]{1,20}[,.;:)—]", self.reading.text[run.end : run.end + 90])
        marks = (")", "—", "–") if gap.strip(" ") in ("(", "—", "–", "-") else (",",)
        return (bool(listing) or after[:1] in marks) and not self.words[run.first].acronym and self.words[run.first].plain not in self._small

    def _sure_here(self, run: _Run, before: str) -> bool:
        following = self.reading.plain(run.last + 1)
        word = self.words[run.first]
        if before in _IN and not word.first:
            return False
        verb = following in DEEDS or (following in DOINGS and following not in ("and", "will", "would", "can", "could", "is", "was", "has", "had"))
        if word.first:
            return verb and following not in ("came", "comes", "went", "felt", "works", "found", "does", "did", "left", "had", "started", "needs", "shows", "seems", "seemed", "stopped", "helped")
        possessive_kin = self.words[run.last].possessive and following in KIN
        return verb or possessive_kin or (before in _AFTER_MEETING - {"of", "for", "to", "from", "by", "and", "or", "about", "with", "like", "than", "around", "call", "called", "text", "help"})

    def _institution(self, run: _Run) -> bool:
        """Whether a name goes on as that of a place or an institution."""
        if self.words[run.last].possessive:
            return self.reading.plain(run.last + 1) in ("law", "place", "house") and self.words[run.last + 1].capital
        following = run.last + 1
        if following < len(self.words) and self.words[following].gap == " " and self.words[following].capital:
            if self.words[following].plain in _INSTITUTIONS:
                return True
        return any(plain in _INSTITUTIONS for plain in run.plain[1:]) or self.reading.plain(following) == "county"

    def _inside_name(self, place: int) -> bool:
        """Whether a word stands behind another capital letter, as in "Fort Dana" or a title of a work."""
        word = self.words[place]
        if not place or word.first or word.gap != " ":
            return False
        before = self.words[place - 1]
        return before.capital and not before.first and before.plain not in TITLES | PEOPLE | _GREETINGS | {"i"} and before.plain in NOT_NAMES - {"hi", "so", "but", "and", "when", "if", "because"} and before.plain not in _AFTER_MEETING

    def _public(self, run: _Run) -> bool:
        pair = " ".join(run.plain[:2])
        following = self.reading.plain(run.last + 1)
        if following in AUTHORS and self.words[run.last + 1].capital and self.words[run.last + 1].gap in (" ", ". "):
            return True
        return pair in PUBLIC_PEOPLE or " ".join(run.plain[-2:]) in PUBLIC_PEOPLE or (len(run.plain) > 1 and run.plain[-1] in AUTHORS)

    def _cited(self, run: _Run) -> bool:
        text = self.reading.text
        after = text[run.end : run.end + 60]
        before = text[max(0, run.start - 3) : run.start]
        if _WORK_BY.search(text[max(0, run.start - 60) : run.start]):
            return True
        return bool(_CITED_AFTER.match(after)) or before.endswith("& ") or self.reading.plain(run.last + 1) in _ACADEMIC

    def _classmate(self, run: _Run) -> bool:
        """Class talk: "I agree with Jordan", "Maya's post made me think"."""
        if self.words[run.last].possessive and self.reading.plain(run.last + 1) in _CLASS_TALK:
            return True
        before = self.reading.text[max(0, run.start - 32) : run.start]
        if before.lower().endswith((" as ", "\nas ")) or before.lower() == "as ":
            return self.reading.plain(run.last + 1) in _CLASS_SAID
        return bool(_AGREEING.search(before)) and self.reading.plain(run.last + 1) not in DEEDS

    def _signed(self, run: _Run) -> bool:
        """The student's own name under a message."""
        gap = self.words[run.first].gap
        before = self.reading.plain(run.first - 1)
        return ("\n" in gap or gap == ", ") and before in _SIGN_OFFS and not self.reading.text[run.end : run.end + 40].strip(" .\n!")

    def _acronym_run(self, run: _Run) -> bool:
        word: Word = self.words[run.first]
        return run.first == run.last and word.acronym and word.text[: word.bare_end - word.start] in _NO_INITIALS
