"""A hypothesis strategy: the same fields written in every style of YAML that people and programs use."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from random import Random

import yaml
from hypothesis import strategies as st

Value = str | list[str] | dict[str, "Value"]

#: Stands in everything that no student may get.
SECRET = "SECRET"
#: Ways of writing of which the reader refuses some, and the stripper others.
FEATURES = (
    "comments",
    "braces",
    "root braces",
    "anchors",
    "tags",
    "question marks",
    "document mark",
    "directive",
    "end mark",
)
#: Texts in which YAML could see something else.
HARD = (
    *("plain words", "a: b", "it is # not a comment", "'quoted'", '"so said"', "| bar", "> more", "- dash", "{brace}"),
    *(
        "[bracket], comma",
        "&and",
        "*star",
        "!mark",
        "%percent",
        "@at",
        "ends with:",
        "é and 𝒜 and \u2028 line",
        "? why",
    ),
    *(
        "two\nlines",
        "two\n\nparagraphs\n# no comment",
        "key: x\nrationale: y",
        "--- and ...",
        "\\u0041 \\n",
        "3:30",
        "no",
    ),
)


@dataclass(frozen=True)
class Written:
    """A text in YAML, and the features used in it."""

    text: str
    features: frozenset[str]


def fields_of(text: str) -> dict[str, Value]:
    """What a text in YAML says, read without our reader."""
    loaded: dict[str, Value] = yaml.load(text, Loader=yaml.BaseLoader)
    return loaded


@st.composite
def written(draw: st.DrawFn, fields: dict[str, Value]) -> Written:
    """``fields`` in some style of YAML."""
    features = draw(st.sets(st.sampled_from(FEATURES), max_size=2))
    writer = _Writer(Random(draw(st.integers(0, 2**32))), features)  # hundreds of draws would take seconds
    text = writer.braces(fields) + "\n" if "root braces" in features else writer.block(fields, 0)
    if "document mark" in features or "directive" in features:
        text = f"---\n{text}"
    if "directive" in features:
        text = f"%TAG !{SECRET.lower()}! tag:secret,2026:\n{text}"
    if "end mark" in features:
        text = f"{text}...\n"
    assert features & {"anchors", "tags", "directive"} or fields_of(text) == fields
    return Written(text, frozenset(features))


class _Writer:
    def __init__(self, random: Random, features: set[str]) -> None:
        self.random = random
        self.features = features
        self.anchors = 0

    def may(self, feature: str) -> bool:
        return feature in self.features and self.random.random() < 0.25

    def block(self, fields: dict[str, Value], indent: int) -> str:
        pad = " " * indent
        lines = []
        for name, value in fields.items():
            if self.may("comments"):
                lines.append(f"{self.random.choice(['', pad])}# {SECRET}: of {name}")
            if self.may("question marks"):
                lines += [f"{pad}? {self.name(name)}", f"{pad}:{self.value(value, indent)}"]
            else:
                lines.append(f"{pad}{self.name(name)}:{self.value(value, indent)}")
        return "\n".join(lines) + "\n"

    def name(self, name: str) -> str:
        return self.random.choice([name, f'"{name}"', f"'{name}'"])

    def value(self, value: Value, indent: int) -> str:
        sign = self.sign()
        if isinstance(value, str):
            return f" {sign}{self.scalar(value, indent)}"
        if self.may("braces") or not value:
            return f" {sign}{self.braces(value)}"
        deeper = indent + self.random.choice([1, 2, 4])
        comment = f" # {SECRET}" if self.may("comments") else ""
        if isinstance(value, list):
            pad = " " * self.random.choice([indent, deeper])
            items = [f"{pad}- {self.scalar(text, len(pad) + 1)}" for text in value]
            return f" {sign}{comment}".rstrip() + "\n" + "\n".join(items)
        return f" {sign}{comment}".rstrip() + "\n" + self.block(value, deeper).rstrip("\n")

    def sign(self) -> str:
        if self.may("anchors"):
            self.anchors += 1
            return f"&secret{self.anchors} "
        return "!secret " if self.may("tags") else ""

    def braces(self, value: Value) -> str:
        if isinstance(value, str):
            return self.quoted(value)
        comment = f" # {SECRET}\n  " if self.may("comments") else ""
        parting = self.random.choice([", ", ",\n  ", ",\n    "])
        if isinstance(value, list):
            return "[" + comment + parting.join(self.quoted(text) for text in value) + "]"
        pairs = [f"{self.name(name)}: {self.sign()}{self.braces(inner)}" for name, inner in value.items()]
        return "{" + comment + parting.join(pairs) + "}"

    def quoted(self, text: str) -> str:
        if "\n" not in text and "\u2028" not in text and self.random.random() < 0.5:
            return "'" + text.replace("'", "''") + "'"
        return json.dumps(text, ensure_ascii=False).replace("\u2028", "\\u2028")

    def scalar(self, text: str, indent: int) -> str:
        comment = f" # {SECRET}" if self.may("comments") else ""
        pad = " " * (indent + 2)
        styles = ["quoted"]
        if re.fullmatch(r"\w[\w ,.’]*", text):
            styles += ["plain", "folded plain"]
        if "\u2028" not in text and not re.search(r"^\s|\s$|[ \t]\n|\n[ \t]", text):
            styles += ["literal"] + (["folded"] if "\n" not in text else [])
        style = self.random.choice(styles)
        if style == "plain":
            return text + comment
        if style == "folded plain":
            return text.replace(" ", f"\n{pad}", 1) + comment
        if style == "quoted":
            return self.quoted(text) + comment
        mark = "|-" if style == "literal" else ">-"
        lines = text.split("\n") if style == "literal" else text.replace(" ", "\n", 1).split("\n")
        return mark + comment + "".join(f"\n{pad}{line}" if line else "\n" for line in lines)
