"""Sheets that explain: what students get of practice afterward, and the key of a module, for instructors alone.

Both say of each question what is best and why. What a notebook lacks they cannot say: of the student's edition, that is
all that is private.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from fieldguide.cases.model import Case
from fieldguide.cases.words import say as say_of_case
from fieldguide.cells.kinds import CASE, ITEM
from fieldguide.coursepage.reading import ModuleNotebook, Prose
from fieldguide.items import Essay, Item
from fieldguide.paper.blanks import item_blanks, item_name
from fieldguide.paper.words import say
from fieldguide.paper.worksheet import page
from fieldguide.player import words as player

_INSTRUCTOR = "instructor"


def explained_page(notebook: ModuleNotebook, large: bool) -> str:
    """What explains itself: the answers to practice questions, and how the authors see cases that aren't graded."""
    title = say("explained_title", title=notebook.head.title)
    inner = [f"<h1>{_(title)}</h1><p>{_(say('explained_how'))}</p>{_order()}", *_explained(notebook, ("practice",))]
    return page(notebook, title, inner, say("foot"), large)


def key_page(notebook: ModuleNotebook, large: bool) -> str:
    """Everything that is for instructors. ``notebook`` is theirs."""
    title = say("key_title", title=notebook.head.title)
    inner = [f'<h1>{_(title)}</h1><p class="banner">{_(say("key_banner"))}</p>{_order()}']
    inner += _explained(notebook, ("practice", "graded", "check"))
    return page(notebook, title, inner, say("key_banner"), large)


def _order() -> str:
    return f"<h2>{_(say('in_order'))}</h2>"


def _explained(notebook: ModuleNotebook, uses: tuple[str, ...]) -> Iterator[str]:
    for part in notebook.parts:
        if isinstance(part, Prose):
            if _INSTRUCTOR in part.tags:
                yield part.html
        elif part.kind is ITEM and part.asked.use in uses and part.asked.complete:
            yield "\n".join(_item(part.asked, item_name(notebook, part.asked)))
        elif part.kind is CASE and part.asked.complete:
            yield "\n".join(_case(part.asked))


def _item(item: Item, name: str) -> Iterator[str]:
    side = player.say("not_graded") if item.points is None else player.count("points", item.points)
    yield f'<section class="question"><h3>{_(name)} <small>{_(side)}</small></h3>'
    yield from _paragraphs(item.stem)
    yield from _essay(item) if isinstance(item, Essay) else _rows(item, name)
    if item.standards or item.basis:
        rests = ", ".join([*filter(None, [item.basis]), *item.standards])
        yield f"<p><small>{_(say('rests_on', what=rests))}</small></p>"
    yield "</section>"


def _rows(item: Item, name: str) -> Iterator[str]:
    letters = {part: letter for letter, part in next(item_blanks(item, name)).letters.items()}
    texts = item.listed()
    by_text = {text: letters.get(part, "") for part, text in texts.items()}
    yield '<ul class="rows">'
    for row in item.rows(None):
        if row.option:
            what = f"{letters.get(row.id or '', '')} {row.text}"
            told = f'<span class="best">{_(say("best"))}: {_(what)}</span>' if row.right else _(what)
        else:
            best = " / ".join(f"{by_text.get(text, '')} {text}".strip() for text in row.best)
            letter = letters.get(row.id or "", "") if row.place else ""
            label = f"{row.place}. {letter} {row.text}" if row.place else row.text
            told = _(label) if row.place else f'{_(label)} <span class="best">{_(say("best"))}: {_(best)}</span>'
        yield f"<li>{told}<br>{_(row.why)}</li>"
    yield "</ul>"


def _essay(essay: Essay) -> Iterator[str]:
    for criterion in essay.rubric.values():
        yield f"<h4>{_(criterion.text)}</h4><ul>"
        yield from (f"<li>{points}: {_(text)}</li>" for points, text in sorted(criterion.levels.items()))
        yield "</ul>"
    if essay.look_for:
        yield f"<p>{_(player.say('look_for'))}:</p><ul>{''.join(f'<li>{_(text)}</li>' for text in essay.look_for)}</ul>"
    if essay.profiles:
        for profile in essay.profiles.values():
            yield f"<h4>{_(say('model', points=player.count('points', profile.points)))}</h4>"
            yield from (f"<blockquote>{line}</blockquote>" for line in _paragraphs(profile.text))
            yield from (
                f"<p><small>{_(essay.rubric[name].text)} {profile.scores[name]}: {_(reason)}</small></p>"
                for name, reason in profile.reasons.items()
            )
    elif essay.exemplar:
        yield f"<h4>{_(player.say('compare_title'))}</h4>"
        yield from (f"<blockquote>{line}</blockquote>" for line in _paragraphs(essay.exemplar))


def _case(case: Case) -> Iterator[str]:
    yield f'<section class="case"><h3>{_(say_of_case("heading", title=case.title))}</h3>'
    yield f"<h4>{_(say_of_case('commentary'))}</h4><p>{_(say_of_case('commentary_what'))}</p>"
    yield from _paragraphs(case.decision.commentary or "")
    if case.decision.positions:
        positions = "".join(f"<li>{_(text)}</li>" for text in case.decision.positions.values())
        yield f"<h4>{_(say_of_case('positions'))}</h4><ul>{positions}</ul>"
    yield "</section>"


def _paragraphs(text: str) -> list[str]:
    return [f"<p>{_(part)}</p>" for part in text.split("\n\n") if part.strip()]


def _(text: object) -> str:
    return html.escape(str(text))
