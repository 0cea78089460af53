"""The words of the class report."""

from __future__ import annotations

from fieldguide.words import Words

_REPORT = Words("report")
say, count = _REPORT.say, _REPORT.count
