"""Items that tests use, one for each interaction type."""

CHOICE = """\
id: after-hours-message
type: choice
use: graded
covers: [Q1]
basis: code
points: 2
stem: |
  A client writes to your private account at midnight. What is best first?
options:
  reply: Reply at once, since it may matter.
  wait: Leave it, and bring it to supervision.
  block: Block the account.
key: wait
rationale:
  reply: A reply makes your private account a way to reach you. Tell the client how to reach the agency.
  wait: It keeps the boundary and gets you help with the answer.
  block: Blocking says something to the client that you have not explained. Talk about it first.
misconceptions:
  block: declining-silently
"""

SEVERAL = """\
id: take-out-of-notes
type: choice
use: graded
covers: [Q1]
basis: code
points: 3
choose: several
stem: What goes out of the notes?
options:
  town: The town
  question: Your question
  event: The event in the paper
  job: The job that only one person has
key: [town, event, job]
rationale:
  town: It narrows the group.
  question: It is what you came for, so keep it.
  event: Anybody can look it up.
  job: One person has it.
"""

MATCH = """\
id: which-rule-speaks
type: match
use: graded
covers: [Q2]
basis: code
points: 2
stem: Which rule speaks?
prompts:
  tape: You would like to tape a session.
  post: You would like to post about a client.
  seminar: You would like to tell your seminar.
options:
  recording: Consent before recording
  posting: No client details online
  teaching: No identity in teaching
key:
  tape: recording
  post: posting
  seminar: teaching
rationale:
  tape: Taping needs consent first.
  post: The post would tell private facts.
  seminar: Teaching is covered by a standard of its own.
"""

ESSAY = """\
id: the-group-chat
type: essay
use: graded
covers: [Q1]
basis: judgement
words: 200
stem: What do you do, and why?
rubric:
  people:
    criterion: Sees who could be harmed.
    points: 3
  decision:
    criterion: Decides, with reasons.
    points: 2
levels:
  people:
    0: Nobody is named.
    1: One is named.
    2: Most are named.
    3: All are named, the most vulnerable first.
  decision:
    0: No decision.
    1: A decision.
    2: A decision with reasons.
exemplar: I would ask for the picture to be taken down, and tell my instructor tonight.
"""

PROFILED = (
    ESSAY[: ESSAY.index("exemplar:")]
    + """\
profiles:
  long-and-weak:
    text: Pictures are a delicate matter, and everybody should think hard before doing anything about one.
    scores: {people: 1, decision: 0}
    reasons: {people: Nobody in particular., decision: None is made.}
  short-and-strong:
    text: I would ask Robin to take it down tonight, for the family's sake.
    scores: {people: 2, decision: 2}
    reasons: {people: The family is named., decision: It is made with its reason.}
"""
)

ORDER = """\
id: after-an-accidental-find
type: order
use: graded
covers: [T7]
basis: techstandard
points: 3
stem: Put the steps in order.
options:
  discuss: Talk with the client about what it means.
  stop: Stop reading.
  tell: Tell the client.
  plan: Plan the talk in supervision.
key: [stop, plan, tell, discuss]
rationale:
  stop: You know enough to stop.
  plan: You bring it to somebody first.
  tell: The client should know what you saw.
  discuss: What it means comes last.
"""

HOTTEXT = """\
id: what-identifies
type: hottext
use: graded
covers: [T5]
basis: code
points: 2
stem: Which phrases could identify the client?
passage: |
  Today I met [a teacher]{job} from [Fern Hollow]{town}, who felt [worn out]{mood}
  after [the fire in May]{event}.
key: [town, event]
rationale:
  job: Many are teachers.
  town: It is small.
  mood: Many feel so.
  event: It was in the paper.
misconceptions:
  mood: feelings-identify
"""

ENTRY = """\
id: smallest-group
type: entry
use: graded
covers: [Q1]
basis: guide
points: 1
stem: What percentage is it?
expect: number
unit: percent
key: 12.5
tolerance: 0.5
rationale:
  right: One in eight.
  other: Divide the number in the group by the total.
"""

PRACTICE = (
    CHOICE.replace("use: graded", "use: practice")
    .replace("points: 2\n", "")
    .replace("key: wait", "hint: Who else can help?\nkey: wait")
)

#: A text that nobody scores, with one to compare it with.
TASK = """\
id: a-bio-for-the-page
type: essay
use: practice
covers: [Q1]
basis: judgement
words: 60
stem: Write the line under your name on the agency's page.
exemplar: |
  Student intern at Mill Row, supervised by a licensed social worker.

  Messages here are not read after five.
look_for: [Whose name stands on it, "What a client may expect: an answer, or none"]
"""

#: Items in which a second answer counts as much as the first.
TWO_ARE_RIGHT = {
    "choice": CHOICE.replace("key: wait", "key: [wait, reply]"),
    "match": MATCH.replace("  tape: recording", "  tape: [recording, teaching]"),
    "entry": ENTRY.replace("key: 12.5", "key: [12.5, 14]"),
}

GRADED = {
    "choice": CHOICE,
    "several": SEVERAL,
    "match": MATCH,
    "order": ORDER,
    "hottext": HOTTEXT,
    "entry": ENTRY,
    "essay": ESSAY,
}
