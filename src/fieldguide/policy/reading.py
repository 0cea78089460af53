"""What a policy is, and reading it from the text of a ``%%policy`` cell."""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.items.fields import FieldReader, Finder, read_fields
from fieldguide.items.passing import Passing, pass_whole

#: The headings of a whole policy, in the order of the document.
HEADINGS = ("told", "requests", "searching", "messages", "location", "reviews", "ai", "posts")
#: What the document of a whole policy says of itself, beside its day: a line each, with the word for its label.
ABOUT = {"role": "about_role", "agency": "about_agency", "review": "about_review"}

_OF_HEADING: Passing = dict.fromkeys(("title", "ask", "settled", "sample"))
#: Nothing of a policy is private; a new field is, until it is put here.
FIELDS: Passing = {
    **dict.fromkeys(("id", "intro", "gather", "sample")),
    "headings": dict.fromkeys(HEADINGS, _OF_HEADING),
}
#: Those that hold texts to translate.
TEXTS: Passing = {"intro": None, "sample": None, "headings": {"*": _OF_HEADING}}


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: the questions to answer under it, what is settled already, and how a sample reads."""

    id: str
    title: str
    ask: str | None = None
    settled: str | None = None
    sample: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A part of the student's policy; or, where it gathers, the whole of it, with a sample of the whole."""

    id: str
    headings: dict[str, Heading]
    intro: str | None = None
    gather: bool = False
    sample: str | None = None

    def texts(self) -> list[str]:
        """Every text of the cell that a student has before them: names in it are known."""
        texts = [self.intro, self.sample]
        for heading in self.headings.values():
            texts += [heading.title, heading.ask, heading.settled, heading.sample]
        return [text for text in texts if text]


def read_policy(text: str, file: str, first_line: int = 1) -> Policy:
    """Read the text of a ``%%policy`` cell, its first line left out.

    ``first_line`` is the line of ``file`` where ``text`` begins. Raises ReadingError with every problem found.
    """
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder, first_line), finder, "this policy")
    policy_id = reader.own_id("policy") or ""
    reader.refuse_unknown(tuple(FIELDS))
    gather = reader.one_of("gather", ("true",)) is not None
    policy = Policy(
        id=policy_id,
        headings=_read_headings(reader, gather),
        intro=reader.text("intro"),
        gather=gather,
        sample=reader.text("sample"),
    )
    if policy.sample is not None and not gather:
        reader.wrong("sample", "it is a part and has a sample of the whole.", "Put 'sample' below one heading.")
    finder.stop_if_any()
    return policy


def _read_headings(reader: FieldReader, gather: bool) -> dict[str, Heading]:
    group = reader.group("headings", required=True)
    if group is None:
        return {}
    group.refuse_unknown(HEADINGS)
    if gather:
        for name in HEADINGS:
            if not group.has(name):
                expected = f"Expected all of: {', '.join(HEADINGS)}."
                reader.wrong("headings", f"it gathers, and the heading '{name}' is missing.", expected)
    headings = {}
    for name, heading in group.groups():
        heading.owner = f"{reader.owner}, heading '{name}'"
        heading.refuse_unknown(tuple(_OF_HEADING))
        headings[name] = Heading(
            id=name,
            title=heading.text("title", required=True) or "",
            ask=heading.text("ask", required=not gather),
            settled=heading.text("settled"),
            sample=heading.text("sample"),
        )
    return {name: headings[name] for name in HEADINGS if name in headings}


def public_policy_text(text: str, file: str = "policy", first_line: int = 1) -> str:
    """The text of a policy as students get it, without comments.

    ``first_line`` is the line of ``file`` where ``text`` begins. Raises ReadingError for a text that cannot be read.
    """
    return pass_whole(text, FIELDS, file, first_line)
