"""A module's worksheet and its answer sheet, as one page that fetches nothing and runs nothing."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fieldguide.cases.model import Case, Ending, Scene
from fieldguide.cases.words import say as say_of_case
from fieldguide.cases.worksheet.model import DANGER, STEPS, THINK, Worksheet
from fieldguide.cases.worksheet.words import say as say_of_worksheet
from fieldguide.cells.kinds import CASE, HEAD, ITEM, POLICY, TABLE, WORKSHEET
from fieldguide.coursepage.reading import Live, ModuleNotebook, Prose
from fieldguide.items import Essay, Item
from fieldguide.paper.blanks import Blank, Question, is_asked, item_blanks, item_name, questions
from fieldguide.paper.words import count, say
from fieldguide.player import words as player
from fieldguide.player.public import public_data
from fieldguide.policy.reading import Policy
from fieldguide.policy.words import say as say_of_policy
from fieldguide.tables.data import FOLDER, files_of, read_description
from fieldguide.tables.session import TableSession
from fieldguide.tables.table import Table
from fieldguide.words import in_html

_STYLE = Path(__file__).parent / "static" / "paper.css"
_POLICY_LINES = 5


def worksheet_page(notebook: ModuleNotebook, folder: Path, half: str | None, student: str | None, large: bool) -> str:
    """The page. ``folder`` is where the module's data lie; ``half`` as for questions()."""
    asked = list(questions(notebook, half))
    by_cell = {question.cell.id: question for question in asked}
    inner = [_front(notebook, student), *_parts(notebook, folder, half, by_cell), *_answer_sheet(asked, student)]
    return page(notebook, say("worksheet_title", title=notebook.head.title), inner, say("foot"), large)


def page(notebook: ModuleNotebook, title: str, inner: Iterable[str], foot: str, large: bool = False) -> str:
    """A page to print. ``foot`` stands at the foot of each sheet."""
    style = _STYLE.read_text("utf-8").replace("{foot}", foot.replace("\\", "").replace('"', "'"))
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f"<html {in_html()}>",
            f'<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{_(title)}</title><style>{style}</style></head>",
            f'<body class="{"large" if large else "usual"}" id="{_(notebook.head.id)}"><main>',
            *inner,
            "</main></body></html>",
            "",
        ]
    )


def _front(notebook: ModuleNotebook, student: str | None) -> str:
    head = notebook.head
    objectives = "".join(f"<li>{_(text)}</li>" for text in head.objectives)
    return (
        f"<header><p>{_(player.say('module', number=head.id[:2]))}</p><h1>{_(head.title)}</h1>{_names(student)}"
        f"<p>{_(player.count('minutes', head.minutes))}. {_(say('how'))}</p>"
        f"<p>{_(say('how_answer'))}</p><p>{_(say('how_privacy'))}</p>"
        f"<h2>{_(player.say('objectives'))}</h2><ul>{objectives}</ul></header>"
    )


def _names(student: str | None) -> str:
    name = f"<strong>{_(student)}</strong>" if student else _line("name")
    return f'<p class="names"><span>{_(say("name"))} {name}</span> <span>{_(say("date"))} {_line("name")}</span></p>'


def _parts(notebook: ModuleNotebook, folder: Path, half: str | None, asked: Mapping[str, Question]) -> Iterator[str]:
    for part in notebook.parts:
        if isinstance(part, Prose):
            yield f'<div class="{" ".join(["prose", *part.tags])}">{part.html}</div>'
        elif part.kind is ITEM:
            if is_asked(notebook, part.asked, half):
                yield _item(notebook, part.asked)
        elif part.kind is TABLE:
            yield _table(part, folder)
        elif part.kind is CASE:
            yield _case(part.asked)
        elif part.kind is WORKSHEET:
            yield _worksheet(part.asked, part.id in asked)
        elif part.kind is POLICY:
            yield _policy(part.asked)
        elif part.kind is not HEAD:
            yield f'<p class="where">{_(say("on_screen"))}</p>'


def _table(part: Live, folder: Path) -> str:
    rows = folder / FOLDER
    file = rows / files_of(part.asked.data)[1]
    table = Table(part.asked, read_description(file.read_text("utf-8"), file.name), rows)
    return TableSession(table).printed().html


# -- a question --------------------------------------------------------------------------------------


def _item(notebook: ModuleNotebook, item: Item) -> str:
    name = item_name(notebook, item)
    practice = item.use == "practice"
    side = player.say("not_graded") if item.points is None else player.count("points", item.points)
    stem = public_data(item, None, preview=False)["stem"]
    lines = [f'<section class="question" id="{_(item.id)}"><h3>{_(name)} <small>{_(side)}</small></h3>']
    lines += [f"<p>{_(text)}</p>" for text in stem["vignette"]]
    lines += [f"<p><strong>{_(stem['question'])}</strong></p>", *(f"<p>{_(text)}</p>" for text in stem["remarks"])]
    blanks = list(item_blanks(item, name))
    lines += _asked(item, blanks, practice)
    where = _here(item, blanks) if practice else say("on_answer_sheet", name=name)
    lines.append(f'<p class="where">{_(where)}</p>')
    if practice and isinstance(item, Essay):
        lines.append(_room(blanks[0].lines))
    return "\n".join([*lines, "</section>"])


def _here(item: Item, blanks: list[Blank]) -> str:
    if isinstance(item, Essay):
        return say("yours")
    if len(blanks) > 1 and blanks[0].letters:
        return say("letter_each")
    if item.ORDERED or not blanks[0].letters:
        return say("write_here")
    return say("circle_several" if blanks[0].many else "circle_one")


def _asked(item: Item, blanks: list[Blank], practice: bool) -> Iterator[str]:
    """What there is to choose from, in letters, with room to answer in practice."""
    box = _line("box") if practice else ""
    if isinstance(item, Essay):
        if item.words:
            yield f"<p>{_(count('about_words', item.words))}</p>"
        if item.rubric:
            lines = "".join(
                f"<li>{_(line.text)} ({_(player.count('points', line.points))})</li>" for line in item.rubric.values()
            )
            yield f"<p>{_(player.say('rubric'))}:</p><ul>{lines}</ul>"
        return
    letters = dict(blanks[0].letters)
    texts = {row.id: row.text for row in item.asked(None)}
    texts.update(item.listed())
    if item.pieces():
        by_id = {name: letter for letter, name in letters.items()}
        pieces = [
            f'<u>{_(text)}</u> <b class="mark">({by_id[name]})</b>' if name else _(text) for text, name in item.pieces()
        ]
        yield f'<p class="passage">{"".join(pieces)}</p>'
    elif letters:
        yield _lettered(texts[name] for name in letters.values())
    if len(blanks) > 1:
        rows = "".join(f"<li>{_(row.text)} {box}</li>" for row in item.asked(None))
        yield f'<ol class="lines">{rows}</ol>'
    elif practice and item.ORDERED:
        yield f"<p>{_(blanks[0].asks)}: {box * len(letters)}</p>"
    elif practice and not letters:
        unit = item.asked(None)[0].unit or ""
        yield f"<p>{_line('name')} {_(unit)}</p>"


def _lettered(texts: Iterable[str]) -> str:
    return f'<ol type="A">{"".join(f"<li>{_(text)}</li>" for text in texts)}</ol>'


# -- a case ------------------------------------------------------------------------------------------


def numbered(case: Case) -> dict[str, int]:
    """The number of each scene and ending on paper, by its id."""
    return {place.id: number for number, place in enumerate(case.places, 1)}


def _case(case: Case) -> str:
    numbers = numbered(case)
    lines = [f'<section class="case" id="{_(case.id)}"><h3>{_(say_of_case("heading", title=case.title))}</h3>']
    lines += [f"<p><em>{_(case.note)}</em></p>"] if case.note else []
    lines += [*_paragraphs(case.vignette), f'<p class="where">{_(say("how_case"))}</p>']
    lines += [_place(case, place, numbers) for place in case.places]
    lines += [f'<div class="place" id="{_(case.id)}-all"><h4>{_(say("decide"))}</h4>']
    lines += [*_paragraphs(case.decision.question), _lettered(case.decision.options.values())]
    sheet = say("on_answer_sheet", name=case.title)
    reason = say_of_case("reason_graded") if case.graded else ""
    lines += [f'<p class="where">{_(sheet)} {_(reason)}</p></div></section>']
    return "\n".join(lines)


def _place(case: Case, place: Scene | Ending, numbers: Mapping[str, int]) -> str:
    name, number = f"{_(case.id)}-{numbers[place.id]}", numbers[place.id]
    if isinstance(place, Ending):
        told = [f'<div class="place" id="{name}"><h4>{number}. {_(say_of_case("ending"))}: {_(place.title)}</h4>']
        told += [*_paragraphs(place.text), f"<h5>{_(say_of_case('feedback'))}</h5>", *_paragraphs(place.feedback)]
        told += [f"<h5>{_(say_of_case('now'))}</h5>", *_paragraphs(place.now)]
        onward = _(say("to_decide"))
        return "\n".join([*told, f'<p class="where"><a href="#{_(case.id)}-all">{onward}</a></p></div>'])
    told = [f'<div class="place" id="{name}"><h4>{number}.</h4>']
    told += [line for text in place.told() for line in _paragraphs(text)]
    ways = [
        f'<li>{_(place.chosen(way))} <a class="onward" href="#{_(case.id)}-{numbers[to]}">'
        f"{_(say('go_to', number=numbers[to]))}</a></li>"
        for way, to in place.ways.items()
    ]
    return "\n".join([*told, f'<ol type="A">{"".join(ways)}</ol></div>'])


# -- forms -------------------------------------------------------------------------------------------


def _worksheet(worksheet: Worksheet, is_written: bool) -> str:
    lines = [f'<section class="form" id="{_(worksheet.id)}"><h3>{_(worksheet.title)}</h3>']
    lines += _paragraphs(worksheet.intro or "")
    if is_written:
        lines += [f"<p>{_(say_of_worksheet('danger'))}</p>"]
        lines += [_lettered(say_of_worksheet(f"danger_{name}") for name in DANGER)]
        lines += [f"<p>{_(say_of_worksheet('help'))}</p>"]
    else:
        lines += [f"<p>{_(say_of_worksheet('danger_worked'))}</p>"]
    for number, step in enumerate(worksheet.steps, 1):
        lines.append(f"<h4>{_(say_of_worksheet('step', n=number, title=say_of_worksheet(STEPS[number - 1])))}</h4>")
        lines += _paragraphs(step.worked or step.blank or "")
        if step.standards:
            lines.append(_list(f"{name}: {gist}" for name, gist in step.standards.items()))
        if step.name == THINK and step.offered:
            lines += [f"<p>{_(say_of_worksheet('which_standards'))}</p>"]
            lines += [_lettered(f"{name}: {gist}" for name, gist in step.offered.items())]
    if is_written:
        lines.append(f'<p class="where">{_(say("on_answer_sheet", name=worksheet.title))}</p>')
    return "\n".join([*lines, f"<p><small>{_(say_of_worksheet('credit'))}</small></p></section>"])


def _policy(policy: Policy) -> str:
    lines = [f'<section class="form" id="{_(policy.id)}"><h3>{_(say_of_policy("policy"))}</h3>']
    lines += [*_paragraphs(policy.intro or ""), f'<p class="where">{_(say("yours"))}</p>']
    for heading in policy.headings.values():
        lines += [f"<h4>{_(heading.title)}</h4>", *_paragraphs(heading.ask or "")]
        if heading.settled:
            lines += [f"<p>{_(say_of_policy('settled'))}: {_(heading.settled)}</p>"]
        lines.append(_room(_POLICY_LINES))
    return "\n".join([*lines, "</section>"])


# -- the answer sheet --------------------------------------------------------------------------------


def _answer_sheet(asked: list[Question], student: str | None) -> Iterator[str]:
    yield f'<section class="sheet" id="answer-sheet"><h2>{_(say("answer_sheet"))}</h2>{_names(student)}'
    yield f"<p>{_(say('how_sheet'))}</p>"
    for question in asked:
        yield f"<h3>{_(question.name)}</h3>"
        for blank in question.blanks:
            yield _blank(question.name, blank)
    yield "</section>"


def _blank(name: str, blank: Blank) -> str:
    label = "" if blank.label == name else f"<strong>{_(blank.label)}</strong> "
    meant = ""
    if blank.id.endswith("/certainty"):
        meant = ", ".join(f"{letter} {player.say(level)}" for letter, level in blank.letters.items())
    asks = _(meant or blank.asks)
    if blank.lines > 1:
        return f"<p>{label}<small>{asks}</small></p>{_room(blank.lines)}"
    box = _line("box wide" if blank.many or not blank.letters else "box")
    return f"<p>{label}<small>{asks}</small> {box}</p>"


def _room(lines: int) -> str:
    return f'<div class="room" aria-hidden="true">{"<div></div>" * lines}</div>'


def _line(kind: str) -> str:
    return f'<span class="{kind} blank" aria-hidden="true"></span>'


def _list(texts: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{_(text)}</li>' for text in texts)}</ul>"


def _paragraphs(text: str) -> list[str]:
    return [f"<p>{_(part)}</p>" for part in text.split("\n\n") if part.strip()]


def _(text: Any) -> str:
    return html.escape(str(text))
