"""The words of the policy and of its documents."""

from __future__ import annotations

from fieldguide.words import Words

_words = Words("policy")
say, count = _words.say, _words.count
