"""The words of the tables' interface."""

from __future__ import annotations

from fieldguide.words import Words

say = Words("table").say
