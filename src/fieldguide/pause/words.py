"""The words of "Pause before you post"."""

from __future__ import annotations

from fieldguide.words import Words

say = Words("review").say
