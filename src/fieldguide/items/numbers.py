"""Numbers as people type them."""

from __future__ import annotations

import re
from decimal import Decimal

# 1,234.5 and 1234.5 and 12,5: a comma before exactly three digits parts thousands, else it is a decimal comma.
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?\Z")
_PLAIN = re.compile(r"[-+]?[0-9]+([.,][0-9]+)?\Z")
_LONGEST = 30


def read_number(text: str) -> Decimal | None:
    """The number that ``text`` says, a percent sign and spaces aside; None where it says none."""
    squeezed = re.sub(r"[\s\u00a0%]", "", text).replace("\u2212", "-")
    if len(squeezed) > _LONGEST:
        return None
    if _THOUSANDS.match(squeezed):
        return Decimal(squeezed.replace(",", ""))
    if _PLAIN.match(squeezed):
        return Decimal(squeezed.replace(",", "."))
    return None
