"""What a student answered: the response record beside the notebook.

Two files carry it, both the student's own to read:

- ``<module>.responses.jsonl``: one JSON object a line, only ever added to, on the disk before anybody is
  told "Saved". Each line: ``v`` (1), ``time`` (UTC, ISO 8601), ``item`` (id), ``event`` (``save`` for graded
  and check items, ``check`` for an attempt at a practice item), ``response`` (any JSON value; null is none);
  with an attempt also ``certainty``, where the student said how sure they were. A line whose ``event`` is
  ``setting`` has ``name`` and ``value`` instead: how the student likes this notebook, what was handed in last
  (``player/ownrecord.py``), which half of a class they are in where a check has two forms (``player/half.py``),
  and who entered it, where it comes from paper (``paper/entering.py``).
  One whose ``event`` is ``essay`` has ``kept``, true or false: whether the other file holds a text for the item from
  then on, so that a file that is lost is not taken for one that nobody wrote.
- ``<module>.essays.json``: the current text of each essay and nothing older, because a name that a student
  took out again must not travel in a draft. Replaced as a whole, atomically.

No other account can read the two where they are made. Programs through which they pass on their way change endings of
lines, drop the last one and put a byte-order mark first; none of that changes what they say.
"""

from __future__ import annotations

from fieldguide.responses.lines import LONGEST_LINE
from fieldguide.responses.record import LARGEST_ESSAYS, LARGEST_RECORD, ResponseRecord
from fieldguide.responses.snapshot import EssayText, Found, ItemResponses, Snapshot

__all__ = [
    "LARGEST_ESSAYS",
    "LARGEST_RECORD",
    "LONGEST_LINE",
    "EssayText",
    "Found",
    "ItemResponses",
    "ResponseRecord",
    "Snapshot",
]
