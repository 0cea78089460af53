"""What is said of a response that does not fit, or not wholly."""

from __future__ import annotations

from fieldguide.words import Words

say = Words("items").say
