"""Pause before you post: what in a text could identify a client or an agency, found on the student's own machine.

``review`` reads a text, ``told`` puts what was found into words, ``answer`` does both for a page that asks. Nothing is
blocked, sent anywhere or kept; and no list of patterns catches everything, which every page of it says.
"""

from fieldguide.pause.finding import Find
from fieldguide.pause.messages import answer, told
from fieldguide.pause.reviewing import review

__all__ = ["Find", "answer", "review", "told"]
