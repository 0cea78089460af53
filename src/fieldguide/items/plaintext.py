"""Texts as they are compared: what a keyboard or a program made of their signs does not matter."""

from __future__ import annotations

import unicodedata

#: Hyphens, dashes and minus signs of every length; apostrophes and quotation marks of every shape.
_SIGNS = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
)


def plain(text: str) -> str:
    """A text in small letters, composed, with signs of one shape, single spaces, and nothing invisible.

    Ligatures and full-width letters become plain ones (Unicode's NFKC).
    """
    # Signs first: the form takes some of them apart.
    composed = unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold()
    visible = (sign for sign in unicodedata.normalize("NFKC", composed) if unicodedata.category(sign) != "Cf")
    return " ".join("".join(visible).split())
