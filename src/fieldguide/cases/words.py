"""The words of a case's interface that are not every question's."""

from __future__ import annotations

from fieldguide.words import Words

say = Words("case").say
