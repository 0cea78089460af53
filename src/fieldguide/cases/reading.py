"""Reading a case from the text of its cell, and what of that text an edition holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fieldguide.cases.graph import loops, reached
from fieldguide.cases.model import Case, Decision, Ending, Option, Scene
from fieldguide.items.competencies import read_competencies
from fieldguide.items.fields import FieldReader, Fields, Finder, read_fields
from fieldguide.items.passing import BY_ID, Passing, passing, refuse_unparted

_OF_OPTION: Passing = dict.fromkeys(("text", "to"))
_OF_SCENE: Passing = {"text": None, "question": None, "options": {"*": _OF_OPTION}}
_OF_ENDING: Passing = dict.fromkeys(("title", "text", "feedback", "now"))
#: What a student's edition holds of the decision of a graded case; a new field is private until it is put here.
_PUBLIC_OF_DECISION: Passing = {"question": None, "options": BY_ID, "essay": None, "prompts": None}
_OF_DECISION: Passing = {**_PUBLIC_OF_DECISION, "commentary": None, "positions": BY_ID}
FIELDS: Passing = {
    **dict.fromkeys(("id", "title", "covers", "standards", "competencies", "note", "vignette")),
    "scenes": {"*": _OF_SCENE},
    "endings": {"*": _OF_ENDING},
    "decision": _OF_DECISION,
}
_PUBLIC_FIELDS: Passing = {**FIELDS, "decision": _PUBLIC_OF_DECISION}
#: Those that hold texts to translate.
TEXTS: Passing = {
    **dict.fromkeys(("title", "note", "vignette")),
    "scenes": {"*": {"text": None, "question": None, "options": {"*": {"text": None}}}},
    "endings": {"*": _OF_ENDING},
    "decision": {**dict.fromkeys(("question", "commentary", "prompts")), "options": BY_ID, "positions": BY_ID},
}


def read_case(text: str, file: str, first_line: int = 1, *, stripped: bool = False) -> Case:
    """Read one case from the text of its cell, the line with ``%%case`` left out.

    ``first_line`` is the line of ``file`` where ``text`` begins. With ``stripped`` the private part of a graded case
    may be absent, as it is in a student's edition.

    Raises ReadingError with every problem found.
    """
    finder = Finder(file)
    reader = FieldReader(read_fields(text, finder, first_line), finder, "this case")
    case_id = reader.own_id("case") or ""
    reader.refuse_unknown(tuple(FIELDS))
    title = reader.text("title", required=True) or ""
    if not reader.has("covers"):
        reader.wrong("covers", "'covers' is missing.", "Expected the guide's statements, such as 'covers: [Q1]'.")
    covers = reader.texts("covers")
    standards = reader.texts("standards")
    competencies = read_competencies(reader)
    note = reader.text("note")
    vignette = reader.text("vignette", required=True) or ""
    scenes, endings = _read_story(reader)
    decision = _read_decision(reader, stripped=stripped)
    if decision is not None and decision.essay is not None:
        refuse_unparted(reader.fields, _PUBLIC_FIELDS, text, finder)
    finder.stop_if_any()
    assert decision is not None
    return Case(case_id, title, vignette, scenes, endings, decision, covers, standards, note, competencies)


# -- scenes and endings ----------------------------------------------------------------------------


def _read_story(reader: FieldReader) -> tuple[dict[str, Scene], dict[str, Ending]]:
    scenes = reader.group("scenes", required=True)
    endings = reader.group("endings", required=True)
    parts = dict(_parts(reader, scenes, "scene"))
    read_scenes = {name: _read_scene(name, part) for name, part in parts.items()}
    read_endings = {name: _read_ending(name, part) for name, part in _parts(reader, endings, "ending")}
    if scenes and endings:
        _check_ways(scenes, endings, parts, read_scenes)
    return read_scenes, read_endings


def _parts(reader: FieldReader, group: FieldReader | None, what: str) -> Iterator[tuple[str, FieldReader]]:
    """The named parts of a group that have fields, each of which knows what it is and in which line it begins."""
    if group is None:
        return
    for name in group.fields.values:
        group.check_id(name, group.line(name))
    for name, part in group.groups():
        fields = replace(part.fields, line=group.line(name))
        yield name, FieldReader(fields, reader.finder, f"{reader.owner}, {what} '{name}'")


def _read_scene(name: str, reader: FieldReader) -> Scene:
    reader.refuse_unknown(tuple(_OF_SCENE))
    text = reader.text("text")
    question = reader.text("question", required=True) or ""
    group = reader.group("options", required=True)
    _check_number(reader, "three")
    options = {}
    for option_id, option in _parts(reader, group, "option"):
        option.refuse_unknown(tuple(_OF_OPTION))
        options[option_id] = Option(option.text("text", required=True) or "", option.text("to", required=True) or "")
    return Scene(name, text, question, options)


def _read_ending(name: str, reader: FieldReader) -> Ending:
    reader.refuse_unknown(tuple(_OF_ENDING))
    return Ending(name, *(reader.text(field, required=True) or "" for field in _OF_ENDING))


def _check_number(reader: FieldReader, most: str) -> None:
    """There are at least two options, and at most as many as ``most`` says in words."""
    options = reader.fields.values.get("options")
    count = len(options.values) if isinstance(options, Fields) else 0
    if count and not 2 <= count <= _NUMBERS.index(most):
        told = _NUMBERS[count] if count < len(_NUMBERS) else count
        reader.wrong("options", f"the number of options is {told}.", f"Expected two to {most}.")


_NUMBERS = ("none", "one", "two", "three", "four", "five")


def _check_ways(
    scenes: FieldReader, endings: FieldReader, parts: dict[str, FieldReader], read: dict[str, Scene]
) -> None:
    """Every choice leads on, every scene and ending is reached, and no path comes round."""
    known = (*scenes.fields.values, *endings.fields.values)
    for name in endings.fields.values:
        if name in scenes.fields.values:
            endings.wrong(name, f"'{name}' is the id of a scene and of an ending.", "Give one of them another id.")
    for name, scene in read.items():
        for option_id, option in scene.options.items():
            if option.to and option.to not in known:
                scenes.finder.add(
                    _line_of_way(parts[name], option_id),
                    f"{parts[name].owner}: the option '{option_id}' leads nowhere: no scene and no ending is "
                    f"'{option.to}'.",
                    f"Expected one of: {', '.join(known)}.",
                )
    ways = {name: scene.ways for name, scene in read.items()}
    found = reached(next(iter(scenes.fields.values)), ways)
    for what, group in (("scene", scenes), ("ending", endings)):
        for name in group.fields.values:
            if name not in found:
                group.wrong(name, f"nobody reaches the {what} '{name}'.", f"Expected an option with 'to: {name}'.")
    for loop in loops(ways):
        scenes.finder.add(
            _line_of_way(parts[loop.scenes[-1]], loop.option),
            f"{scenes.owner}: these scenes are a loop: {' → '.join((*loop.scenes, loop.scenes[0]))}.",
            "Every path has to come to an ending: lead on to a later scene.",
        )


def _line_of_way(scene: FieldReader, option_id: str) -> int:
    """The line that says where an option leads."""
    options = scene.fields.values["options"]
    assert isinstance(options, Fields)
    option = options.values[option_id]
    assert isinstance(option, Fields)
    return option.names["to"].line


# -- the decision ----------------------------------------------------------------------------------


def _read_decision(reader: FieldReader, *, stripped: bool) -> Decision | None:
    part = reader.group("decision", required=True)
    if part is None:
        return None
    part = FieldReader(replace(part.fields, line=reader.line("decision")), reader.finder, f"{reader.owner}, decision")
    part.refuse_unknown(tuple(_OF_DECISION))
    options = part.mapping("options", required=True, ids=True)
    _check_number(part, "four")
    essay = part.text("essay")
    if essay is not None:
        part.check_id(essay, part.line("essay"))
    whole = not stripped or essay is None or part.has("positions")
    return Decision(
        question=part.text("question", required=True) or "",
        options=options,
        essay=essay,
        commentary=part.text("commentary", required=whole),
        positions=part.mapping("positions", ids=True) if part.has("positions") else {},
        prompts=tuple(" ".join(prompt.split()) for prompt in part.texts("prompts")),
    )


# -- editions --------------------------------------------------------------------------------------


def public_case_text(text: str, file: str = "case", first_line: int = 1) -> str:
    """The text of a case as students and the public get it: of a graded one what is public, of others all.

    Comments are left out. ``first_line`` is the line of ``file`` where ``text`` begins. Raises ReadingError for a text
    that is not readable at all, and for one of which the private part cannot be taken out.
    """
    finder = Finder(file)
    fields = read_fields(text, finder, first_line)
    decision = fields.values.get("decision")
    graded = isinstance(decision, Fields) and "essay" in decision.values
    return passing(text, fields, _PUBLIC_FIELDS if graded else FIELDS, finder, first_line)
