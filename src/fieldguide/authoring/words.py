"""What a notebook says beside what its module says."""

from __future__ import annotations

from fieldguide.words import Words

_NOTEBOOK = Words("notebook")
say, count = _NOTEBOOK.say, _NOTEBOOK.count
