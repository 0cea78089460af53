"""Numbers as people type them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from fieldguide.items.plaintext import plain

# 1,234.5 and 1234.5 and 12,5: a comma before exactly three digits parts thousands, else it is a decimal comma.
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?\Z")
_PLAIN = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?\Z")
_LONGEST = 30


def read_number(text: str) -> Decimal | None:
    """The number that ``text`` says, a percent sign and spaces aside; None where it says none."""
    if any(unicodedata.category(sign) == "No" for sign in text):
        return None  # a raised 2 or a fraction is no digit of it
    squeezed = re.sub(r"[\s%]", "", plain(text))
    if len(squeezed) > _LONGEST:
        return None
    if _THOUSANDS.match(squeezed):
        return Decimal(squeezed.replace(",", ""))
    if _PLAIN.match(squeezed):
        return Decimal(squeezed.replace(",", "."))
    return None
