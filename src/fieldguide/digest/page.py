"""The page of a digest: one HTML file that fetches nothing, runs nothing and can be read from the back of a room."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from pathlib import Path

from fieldguide.cases.model import Case, Ending
from fieldguide.cases.paths import walk
from fieldguide.digest.decisions import ClassDecisions
from fieldguide.digest.figures import (
    LEAST,
    LEAST_FOR_ALL,
    STOPPED,
    Part,
    apart,
    apart_in_order,
    branching,
    leaning,
)
from fieldguide.look import variables
from fieldguide.words import Words, in_html

#: How sure people are, from most to least.
_SURE = ("sure", "fairly", "guess")
_WORDS = Words("digest")
say, number_of = _WORDS.say, _WORDS.count
_STYLE = Path(__file__).parent / "static" / "digest.css"


def digest_page(module: str, case: Case, figures: str, reasons: str) -> str:
    """The page, from its parts. ``module`` is the module's title."""
    return _PAGE.format(
        language=in_html(),
        named=say("title", case=_(case.title)),
        module=_(module),
        title=_(case.title),
        figures=figures,
        reasons=reasons,
        style=f"{variables()}\n{_STYLE.read_text('utf-8')}",
    )


def figures_html(case: Case, decided: ClassDecisions) -> str:
    """How many students decided, how the choices were distributed, and their first paths, as far as may be shown."""
    people = f"<strong>{decided.answered}</strong>"
    count = f'<p class="fd-count">{number_of("answered", decided.answered, number=people)}</p>'
    if decided.answered < LEAST_FOR_ALL:
        return f"{count}{_few(case, decided)}"
    return f"{count}{_choices(case, decided)}{_paths(case, decided)}"


def reasons_html(agreed: bool, reasons: Iterable[str]) -> str:
    """The reasons that the class sees. ``agreed``: whether enough students agreed for any to be shown."""
    if not agreed:
        inner = f'<p class="fd-note">{say("reasons_few", number=_spelled(LEAST))}</p>'
    else:
        inner = "".join(f"<blockquote>{_paragraphs(reason)}</blockquote>" for reason in reasons)
        if not inner:
            return ""
        inner = f'<p class="fd-note">{say("reasons_agreed")}</p>{inner}'
    return _section("reasons", say("reasons"), inner)


# -- the choices -----------------------------------------------------------------------------------


def _by_option(case: Case, decided: ClassDecisions) -> dict[str, int]:
    return {option: sum(decided.decisions[option, level] for level in _SURE) for option in case.decision.options}


def _few(case: Case, decided: ClassDecisions) -> str:
    most = leaning(_by_option(case, decided))
    options = "".join(f"<li>{_option(case, option, most)}</li>" for option in case.decision.options)
    note = say("few", number=_spelled(LEAST_FOR_ALL))
    inner = f'<ul class="fd-plain">{options}</ul>{_no_lean(most)}<p class="fd-note">{note}</p>'
    return _section("choices", case.decision.question, inner)


def _choices(case: Case, decided: ClassDecisions) -> str:
    counts = _by_option(case, decided)
    parts = apart(counts)
    people = [part for part in parts if part.count]
    most = leaning(counts) if len(people) == 1 and len(people[0].options) > 1 else None
    sure = [_certainty(decided, part.options) for part in parts]
    bars = "".join(_bar(case, decided, part, split, most) for part, split in zip(parts, sure, strict=True))
    # If no single part may show how sure its people are, the whole class may.
    split = () if any(sure) else _certainty(decided, case.decision.options)
    overall = f'<p class="fd-sure">{say("overall", text=_how_sure(split))}</p>' if split else ""
    inner = f'<ul class="fd-bars">{bars}</ul>{_no_lean(most)}{overall}{_note()}'
    return _section("choices", case.decision.question, inner)


def _note() -> str:
    return f'<p class="fd-note">{say("note", number=_spelled(LEAST))}</p>'


def _spelled(number: int) -> str:
    """A number as a word; those that bound what is told have one."""
    return say(f"number_{number}")


def _no_lean(most: tuple[str, ...] | None) -> str:
    return f"<p>{say('no_lean')}</p>" if most == () else ""


def _option(case: Case, option: str, most: tuple[str, ...] | None) -> str:
    text = _(case.decision.options[option])
    if option in (most or ()):
        return f'<p><strong>{text}</strong></p><p class="fd-note">{say("lean")}</p>'
    return f"<p>{text}</p>"


def _certainty(decided: ClassDecisions, options: Iterable[str]) -> tuple[Part, ...]:
    """How sure the people of some options are, as far as may be shown; nothing where it may not."""
    options = tuple(options)
    counts = {level: sum(decided.decisions[option, level] for option in options) for level in _SURE}
    parts = apart_in_order(counts)
    return parts if any(counts.values()) and len(parts) > 1 else ()


def _bar(case: Case, decided: ClassDecisions, part: Part, split: Sequence[Part], most: tuple[str, ...] | None) -> str:
    texts = "".join(_option(case, option, most) for option in part.options)
    together = f'<p class="fd-note">{say("together")}</p>' if len(part.options) > 1 else ""
    pieces = "".join(f'<i class="fd-{one.options[0]}" style="flex-grow:{one.count}"></i>' for one in split if one.count)
    said = f'<p class="fd-sure">{_how_sure(split)}</p>' if split else ""
    return (
        f"<li>{_counted(f'{together}{texts}', part.count)}"
        f"{_drawn(part.count / decided.answered, pieces or '<i></i>')}{said}</li>"
    )


def _counted(text: str, count: int) -> str:
    return f'<div class="fd-counted"><div>{text}</div><strong>{_people(count)}</strong></div>'


def _drawn(share: float, pieces: str = "<i></i>") -> str:
    """A number as a bar, which shows nothing that is not written beside it."""
    return f'<div class="fd-bar" aria-hidden="true"><span style="inline-size:{share:.1%}">{pieces}</span></div>'


def _how_sure(parts: Sequence[Part]) -> str:
    between = f" {say('or')} "
    return ", ".join(
        f'<i class="fd-{part.options[0]}" aria-hidden="true"></i>'
        f"{say('how_sure', people=_people(part.count), levels=between.join(map(say, part.options)))}"
        for part in parts
    )


def _people(count: int) -> str:
    return str(count) if count else say("nobody")


# -- the first paths -------------------------------------------------------------------------------


def _paths(case: Case, decided: ClassDecisions) -> str:
    def offered(so_far: Sequence[str]) -> tuple[str, ...]:
        return tuple(walk(case, tuple(so_far))[1].ways)

    parts = branching(decided.first_paths, offered)
    if not parts:
        told = f'<p class="fd-note">{say("paths_few")}</p>'
        return _section("paths", say("paths"), told)
    picture = (
        f'<div class="fd-tree" role="img" aria-label="{_(say("picture"))}">'
        f"{_fork(case, (), parts, decided.answered)}</div>"
    )
    rows = "".join(
        f'<tr><th scope="row">{way}</th><td>{_people(count)}</td></tr>' for way, count in _rows(case, (), parts)
    )
    table = (
        f'<table><thead><tr><th scope="col">{say("first_path")}</th><th scope="col">{say("people")}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    return _section("paths", say("paths"), f"{picture}{table}")


def _fork(case: Case, so_far: tuple[str, ...], parts: Sequence[Part], answered: int) -> str:
    asked = _(_scene_text(case, so_far))
    branches = []
    for part in parts:
        text = f" <em>{say('or')}</em> ".join(_step(case, so_far, option) for option in part.options)
        further = (*so_far, *part.options)
        step = f"{_counted(text, part.count)}{_drawn(part.count / answered)}{_end(case, further, part)}"
        fork = _fork(case, further, part.parts, answered) if part.parts else ""
        branches.append(f'<li><div class="fd-step">{step}</div>{fork}</li>')
    return f'<div class="fd-fork"><p class="fd-note">{asked}</p><ul>{"".join(branches)}</ul></div>'


def _scene_text(case: Case, so_far: tuple[str, ...]) -> str:
    stands = walk(case, so_far)[1]
    return "" if isinstance(stands, Ending) else stands.question


def _step(case: Case, so_far: tuple[str, ...], option: str) -> str:
    stands = walk(case, so_far)[1]
    if option == STOPPED or isinstance(stands, Ending):
        return say("went_back")
    return _(stands.chosen(option))


def _end(case: Case, path: tuple[str, ...], part: Part) -> str:
    """The ending that a branch reaches, where all of its people reached the same one."""
    stands = walk(case, path)[1]
    if len(part.options) > 1 or not part.count or part.options[0] == STOPPED or not isinstance(stands, Ending):
        return ""
    return f'<p class="fd-note">{_(stands.title)}</p>'


def _rows(case: Case, so_far: tuple[str, ...], parts: Sequence[Part], before: str = "") -> Iterable[tuple[str, int]]:
    """The branches that are not divided further, each with its whole path."""
    for part in parts:
        text = f" <em>{say('or')}</em> ".join(_step(case, so_far, option) for option in part.options)
        if part.parts:
            yield from _rows(case, (*so_far, *part.options), part.parts, f"{before}{text} → ")
        else:
            yield f"{before}{text}", part.count


# -- words -----------------------------------------------------------------------------------------


def _section(name: str, title: str, inner: str) -> str:
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{_(title)}</h2>{inner}</section>'


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_(paragraph)}</p>" for paragraph in text.split("\n\n"))


def _(text: str) -> str:
    return html.escape(text)


_PAGE = """<!DOCTYPE html>
<html {language}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{named}</title>
<style>{style}</style>
</head>
<body>
<main>
<header><p class="fd-note">{module}</p><h1>{title}</h1></header>
{figures}
{reasons}
</main>
</body>
</html>
"""
