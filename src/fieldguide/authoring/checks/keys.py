"""Keys that their position or their length gives away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fieldguide.authoring.checks.course_text import CourseText, ModuleText, Question
from fieldguide.authoring.checks.findings import Finding, error, remark
from fieldguide.authoring.checks.variety import is_one_best

#: With fewer items, two keys in one position are no pattern.
_PATTERN = 4
#: With this many items or more, each position must be used.
_EACH_POSITION = 6
#: The longest option of an item may be at most this many times as long as the shortest; a few letters do not matter.
_RATIO = 2.0
#: A key that is this many times as long as the next longest option is conspicuous.
_STANDS_OUT = 1.4
_LETTERS = 20


def one_best(module: ModuleText) -> list[Question]:
    """The items of a module in which one option is chosen."""
    return [question for question in module.questions if is_one_best(question.item)]


def positions(questions: list[Question]) -> list[int]:
    """How many keys are in the first position, the second, and so on."""
    counted = Counter(list(_options(question)).index(key) for question in questions for key in _key(question))
    places = max(_places(questions), max(counted, default=-1) + 1)
    return [counted[place] for place in range(places)]


def longest(questions: list[Question]) -> int:
    """In how many items the key is longer than every other option."""
    return sum(_is_longest(question) for question in questions)


def check(course: CourseText) -> Iterator[Finding]:
    """Find patterns among a module's keys, and items whose options differ much in length."""
    for module in course.modules:
        questions = one_best(module)
        yield from _patterns(module, questions)
        for question in questions:
            yield from _lengths(question)


def _patterns(module: ModuleText, questions: list[Question]) -> Iterator[Finding]:
    number = len(questions)
    if number < _PATTERN:
        return
    line = module.head_line("title")
    counted = positions(questions)
    keys = sum(counted)
    told = (
        f"of {keys} keys of one-best choices, {', '.join(str(times) for times in counted)} stand in positions 1, 2, …"
    )
    if max(counted) > keys / 2:
        yield error(module.file, line, f"{told}.", "Expected no position with more than half: reorder some options.")
    unused = [place + 1 for place in range(_places(questions)) if not counted[place]]
    if number >= _EACH_POSITION and unused:
        yield error(module.file, line, f"{told}.", f"Expected some in position {unused[0]} too.")
    if longest(questions) > number / 2:
        what = f"in {longest(questions)} of {number} one-best choices the key is the longest option."
        yield error(module.file, line, what, "Expected at most half: shorten keys, or say more in distractors.")
    shortest = sum(_is_shortest(question) for question in questions)
    if shortest > number / 2:
        what = f"in {shortest} of {number} one-best choices the key is the shortest option."
        yield remark(module.file, line, what, "That too is a pattern to find.")


def _lengths(question: Question) -> Iterator[Finding]:
    lengths = sorted(len(text) for text in _options(question).values())
    if lengths[-1] > _RATIO * lengths[0] and lengths[-1] - lengths[0] > _LETTERS:
        what = f"item '{question.item.id}': its options have from {lengths[0]} to {lengths[-1]} letters."
        yield error(question.file, question.line("options"), what, f"Expected at most {_RATIO:g} times as many.")
    key, other = max(_lengths_of_keys(question)), max(_lengths_of_others(question))
    if _is_longest(question) and key > _STANDS_OUT * other and key - other > _LETTERS:
        what = f"item '{question.item.id}': its key has {key} letters, and the next longest option {other}."
        longest_key = max(_key(question), key=lambda option: len(_options(question)[option]))
        line = question.line("options", longest_key)
        yield error(question.file, line, what, "Expected a key that does not stand out by its length.")


def _places(questions: list[Question]) -> int:
    """How many options most of these items have."""
    return Counter(len(_options(question)) for question in questions).most_common(1)[0][0] if questions else 0


def _options(question: Question) -> dict[str, str]:
    return question.item.listed()


def _key(question: Question) -> tuple[str, ...]:
    return tuple(row.id for row in question.item.rows(None) if row.right and row.id)


def _lengths_of_keys(question: Question) -> list[int]:
    return [len(text) for option, text in _options(question).items() if option in _key(question)]


def _lengths_of_others(question: Question) -> list[int]:
    return [len(text) for option, text in _options(question).items() if option not in _key(question)]


def _is_longest(question: Question) -> bool:
    return max(_lengths_of_keys(question)) > max(_lengths_of_others(question))


def _is_shortest(question: Question) -> bool:
    return min(_lengths_of_keys(question)) < min(_lengths_of_others(question))
