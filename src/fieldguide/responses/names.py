"""The names of files that lie beside a record and hold no answers."""

from __future__ import annotations

import re

#: The names of receipts, as patterns of file names have it. They stay with the student.
RECEIPTS = "receipt-*.txt"
_RECEIPT = re.compile(r"receipt-\d{4}-\d\d-\d\d-\d{6}\.txt")


def is_receipt(name: str) -> bool:
    """Whether a file is named as a receipt is."""
    return _RECEIPT.fullmatch(name) is not None
