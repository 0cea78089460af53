"""Words around a name that say whether it is one, put together for this project. All in small letters."""

from __future__ import annotations

from fieldguide.pause.firstnames import DOUBTFUL_NAMES, FIRST_NAMES, SMALL_NAMES, SMALL_WORDS
from fieldguide.pause.wordlists import DEEDS, DOINGS, NOT_NAMES, PEOPLE, THINGS, TITLES, listed

# -- which words are names by themselves ------------------------------------------------------------

SURE_NAMES = FIRST_NAMES - DOUBTFUL_NAMES - NOT_NAMES
LISTED_NAMES = FIRST_NAMES | DOUBTFUL_NAMES
#: Names even when they are written small, and those that are so after "my client".
SMALL_BY_THEMSELVES = frozenset(name for name in SURE_NAMES - SMALL_WORDS if len(name) > 3)
SMALL_AFTER_PEOPLE = SURE_NAMES - SMALL_WORDS | SMALL_NAMES
#: Small words inside names: "Maria de la Cruz".
PARTICLES = listed("de la del van von der den bin ibn al el da dos st")

# -- before a name ----------------------------------------------------------------------------------

GREETINGS = listed("hi hey hello dear hiya")
#: What one does with a person: "my session with", "I sat with".
TOGETHER = listed("""
    session sessions visit visits appointment appointments meeting meetings call calls intake interview check-in
    conversation conversations lunch time worked working work sit sat sitting talked talking talk spoke speaking
    speak met meet relationship rapport boundary boundaries contact friends connected connect live lives lived
    living stay stays stayed staying alone text texting facetimed zoomed interact interacting interaction
    experience role-played role-play
""")
#: What one does to a person: "I texted".
TO_A_PERSON = listed("""
    told texted reminded hugged thanked reassured messaged dmed asked drove interviewed assessed discharged
    unfriended greeted telling asking texting reminding visiting tutored babysat met
""")
#: Before a name that could be an everyday word: "I met Hope".
MET = listed("""
    met saw see seen visited visiting visit told tell telling asked ask texted texting calling emailed messaged
    against between contacted contact friended followed unfollowed blocked helped supporting support assigned
    interviewed interview dmed googled searched know knew meet meeting
""")
#: Between "from" or "to" and these, a person: "a message from".
MESSAGES = listed("""
    message messages text texts dm dms letter note voicemail email emails request requests heard hear reply
    comment apology card gift screenshot
""")
WORRYING = listed("""
    worried worry worries worrying thinking think thought talk talked talking posted gossip gossiping gossiped
    heard dreamed dreamt forget care concerned story stories wrote
""")
#: What stands before these words when a person follows: "a picture of", "afraid for".
BEFORE_WORD = {
    "of": listed("""
        picture pictures photo photos video videos mother father mom dad parents parent story death care custody
        name memory friend brother sister afraid proud selfie drawing birth arrest loss ahead front because
        instead friends
    """),
    "for": listed("""
        babysat worried afraid cared caring fear sorry advocate advocated prayed waited waiting happy sad bad card
        gift cake asked looked looking responsible ride spoke named released
    """),
    "by": listed("""
        posted signed sent made shared taken tagged filmed seen friended followed blocked hit hurt left recorded
        liked
    """),
    "and": listed("me i she he her him"),
}
ASKING = listed("is was did does has can should will would could were do had")
#: "that Zuri would": what begins a clause.
CLAUSES = listed("that if when because whether while since until but though although before after once unless")
DETERMINERS = listed("my his her their our a an the one")
OWNERS = listed("my our her his their")
#: Before a thing rather than a person that does something.
BEFORE_THINGS = listed("the a an this that these my our your its each every in at near from of on")
#: After a place word these are towns: "in Austin".
IN = listed("in near at from outside around through")
PLACE_PARTS = listed("san santa st saint fort mount lake port new north south east west")
PLACES = listed("""
    town city village county state country school college university agency shelter neighborhood street suburb
""")

# -- after a name -----------------------------------------------------------------------------------

#: What only people do; said of an unlisted name inside a sentence.
HUMAN = DEEDS | listed("""
    said says asked asks came went lives lived moved posted called calls missed wants wanted talked mentioned
    explained arrived stayed sat refused agreed drinks drank slept hates loves felt feels thinks knows lied
    laughs died ran drove showed lost quit signed drew passed works worked grew smokes followed commented liked
    sent reported disclosed denied
""")
#: With "me" behind it: "showed me".
TO_ME = listed("""
    showed asked called sent gave wrote followed added blocked tagged invited thanked handed found told wants
    texted emailed forwarded friended
""")
#: After a name that could be an everyday word; at the start of a sentence fewer of them tell.
DOUBTFUL_DOINGS = DEEDS | DOINGS - listed("and will would can could is was has had")
DOUBTFUL_FIRST_DOINGS = DOUBTFUL_DOINGS - listed("""
    came comes went felt works found does did left started needs shows seems seemed stopped helped
""")
#: "Cody and Brielle share"
TWO_DO = listed("""
    are were have had share live lived both told came went got met moved want wanted fight fought
""")
#: "the Nguyens were"; "I visited the Nguyens"
FAMILY_DOINGS = listed("""
    were have had moved live lived wanted want asked told came lost do did don't didn't said say think know need
    needed
""")
MEETING = listed("met visited visit visiting saw see with for know knew told about and helped")
HOUSEHOLD = listed("""
    family families kids children household siblings twins boys girls brothers sisters parents case baby home
    file boy girl
""")

# -- against a name ---------------------------------------------------------------------------------

#: A name that goes on with one of these is that of a place, an institution or a law.
INSTITUTIONS = listed("""
    street st avenue ave road rd drive lane court place boulevard park high school elementary middle academy
    college university institute center centre clinic hospital house home shelter services foundation fund act
    law laws award prize model theory scale test project program county city town district hall building library
    church chapel hotline lifeline society association press publishing journal inventory questionnaire method
    memorial health medical group inc llc company corp bridge river lake island beach hills heights valley
    airport station stadium scott's alert rule effect day report v vs syndrome disease bill et amendment
""")
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
CLASS_TALK = listed("post posts point comment response reply question presentation idea example thread discussion")
CLASS_SAID = listed("said says mentioned mentions pointed wrote noted put puts suggested shared posted")
ACADEMIC = listed("""
    argues argue argued suggests suggest states writes notes describes defines proposes proposed emphasizes
    discusses concludes theorized theory theorist coined
""")
SIGN_OFFS = listed("best thanks sincerely regards cheers warmly respectfully yours gratefully love you wishes")
#: Capital letters that stand for something other than a person.
NO_INITIALS = frozenset(
    word.upper()
    for word in listed("""
        us uk dc ps ms ba ma bs jd md la ny nj nc sc rn po id un tv ai er iq pm am eu pd eg ie vp hr cv qa bc dob usa
        sw ceo nasw cs phd ed dv aa na
    """)
)
