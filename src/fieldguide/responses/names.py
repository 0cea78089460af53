"""The names of the two files of a record, and of the receipts that lie beside them."""

from __future__ import annotations

import re

#: How the names of the two files end; a module's id comes before.
RECORD = ".responses.jsonl"
ESSAYS = ".essays.json"
#: The names of receipts, as patterns of file names have it. They stay with the student.
RECEIPTS = "receipt-*.txt"
_RECEIPT = re.compile(r"receipt-\d{4}-\d\d-\d\d-\d{6}\.txt")


def is_receipt(name: str) -> bool:
    """Whether a file is named as a receipt is."""
    return _RECEIPT.fullmatch(name) is not None
