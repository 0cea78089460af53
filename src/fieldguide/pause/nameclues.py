"""Words around a name that say whether it is one, put together for this project. All in small letters."""

from __future__ import annotations

from fieldguide.pause.lists import listed, read_list
from fieldguide.pause.wordlists import (
    DEEDS,
    DOINGS,
    DOUBTFUL_NAMES,
    FIRST_NAMES,
    NOT_NAMES,
    PEOPLE,
    SMALL_NAMES,
    SMALL_WORDS,
    THINGS,
    TITLES,
)


def _clue(name: str) -> frozenset[str]:
    return read_list("name_clues", name)


# -- which words are names by themselves ------------------------------------------------------------

SURE_NAMES = FIRST_NAMES - DOUBTFUL_NAMES - NOT_NAMES
LISTED_NAMES = FIRST_NAMES | DOUBTFUL_NAMES
#: Names even when they are written small, and those that are so after "my client".
SMALL_BY_THEMSELVES = frozenset(name for name in SURE_NAMES - SMALL_WORDS if len(name) > 3)
SMALL_AFTER_PEOPLE = SURE_NAMES - SMALL_WORDS | SMALL_NAMES
#: Small words inside names: "Maria de la Cruz".
PARTICLES = _clue("particles")

# -- before a name ----------------------------------------------------------------------------------

GREETINGS = _clue("greetings")
#: What one does with a person: "my session with", "I sat with".
TOGETHER = _clue("together")
#: What one does to a person: "I texted".
TO_A_PERSON = _clue("to a person")
#: Before a name that could be an everyday word: "I met Hope".
MET = _clue("met")
#: Between "from" or "to" and these, a person: "a message from".
MESSAGES = _clue("messages")
WORRYING = _clue("worrying")
#: What stands before these words when a person follows: "a picture of", "afraid for".
BEFORE_WORD = {
    "of": _clue("before of"),
    "for": _clue("before for"),
    "by": _clue("before by"),
    "and": _clue("before and"),
}
ASKING = _clue("asking")
#: "that Zuri would": what begins a clause.
CLAUSES = _clue("clauses")
DETERMINERS = _clue("determiners")
OWNERS = _clue("owners")
#: Before a thing rather than a person that does something.
BEFORE_THINGS = _clue("before things")
#: After a place word these are towns: "in Austin".
IN = _clue("in")
PLACE_PARTS = _clue("place parts")
PLACES = _clue("places")

# -- after a name -----------------------------------------------------------------------------------

#: What only people do; said of an unlisted name inside a sentence.
HUMAN = DEEDS | _clue("human")
#: With "me" behind it: "showed me".
TO_ME = _clue("to me")
#: After a name that could be an everyday word; at the start of a sentence fewer of them tell.
DOUBTFUL_DOINGS = DEEDS | DOINGS - listed("and will would can could is was has had")
DOUBTFUL_FIRST_DOINGS = DOUBTFUL_DOINGS - listed("""
    came comes went felt works found does did left started needs shows seems seemed stopped helped
""")
#: "Cody and Brielle share"
TWO_DO = _clue("two do")
#: "the Nguyens were"; "I visited the Nguyens"
FAMILY_DOINGS = _clue("family doings")
MEETING = _clue("meeting")
HOUSEHOLD = _clue("household")

# -- against a name ---------------------------------------------------------------------------------

#: A name that goes on with one of these is that of a place, an institution or a law.
INSTITUTIONS = _clue("institutions")
#: What follows the name of a thing: "for Kahoot quizzes", "is Zoom safe".
AFTER_THINGS = (
    INSTITUTIONS
    | (THINGS - listed("it they this that people what"))
    | listed("safe private public free allowed students users users'")
)
THINGS_OR_NOT_NAMES = THINGS | NOT_NAMES
#: Capital letters that may stand before a name, and those that make a title of a work or a place of what follows.
MAY_PRECEDE = TITLES | PEOPLE | GREETINGS | MET | listed("i with about for to from by and or like than call called of")
PART_OF_A_TITLE = NOT_NAMES - MAY_PRECEDE - listed("so but when if because")
CLASS_TALK = _clue("class talk")
CLASS_SAID = _clue("class said")
ACADEMIC = _clue("academic")
SIGN_OFFS = _clue("sign offs")
#: Capital letters that stand for something other than a person.
NO_INITIALS = frozenset(word.upper() for word in _clue("no initials"))
