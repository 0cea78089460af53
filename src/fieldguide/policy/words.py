"""The words of the policy and of its documents."""

from __future__ import annotations

from pathlib import Path

from fieldguide.words import Words

STATIC = Path(__file__).parent / "static"

say = Words("policy").say
