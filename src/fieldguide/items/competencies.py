"""Competencies of CSWE's EPAS 2022 by id, as heads, items, rubric criteria and cases name them."""

from __future__ import annotations

from fieldguide.items.fields import FieldReader

#: The four behaviors of the first (ethics), one of the third (cultural humility), and the others as a whole.
COMPETENCIES = ("1a", "1b", "1c", "1d", "2", "3", "3b", "4", "5", "6", "7", "8", "9")


def read_competencies(reader: FieldReader) -> tuple[str, ...]:
    """The competencies that something names, in its own field."""
    named = reader.texts("competencies")
    for competency in named:
        if competency not in COMPETENCIES:
            expected = f"Expected of: {', '.join(COMPETENCIES)}."
            reader.wrong("competencies", f"there is no competency '{competency}'.", expected)
    return named
