"""The words of the policy and of its documents."""

from __future__ import annotations

from fieldguide.words import Words

say = Words("policy").say
