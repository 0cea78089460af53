"""The words of forms."""

from __future__ import annotations

from fieldguide.words import Words

say = Words("form").say
