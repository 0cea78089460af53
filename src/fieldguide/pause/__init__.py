"""Pause before you post: what in a text could identify a client or an agency, found on the student's own machine.

``review`` reads a text, ``described`` turns its finds into messages, ``answer`` does both for a page that asks. Nothing
is blocked, sent anywhere or kept; no list of patterns catches everything, which every page of it says.
"""

from fieldguide.pause.finding import Find
from fieldguide.pause.messages import answer, described
from fieldguide.pause.reviewing import review

__all__ = ["Find", "answer", "described", "review"]
