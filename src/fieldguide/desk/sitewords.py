"""Why something did not go to a course site, in words for an instructor."""

from __future__ import annotations

from fieldguide.words import Words

WORDS = Words("coursesite")
say, count = WORDS.say, WORDS.count


def why_refused(why: str, said: str) -> str:
    """What a reason means and what to do; ``said`` is what the course site said of it, empty where it said nothing."""
    told = say(f"why_{why}")
    return f"{told} {say('site_said', said=said)}" if said else told
