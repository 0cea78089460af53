"""What a question is: its model, how it is read from text, and how a response to it is scored.

Pure: nothing here imports another part of fieldguide, touches a file or knows about notebooks.
"""

from fieldguide.items.model import Choice, Criterion, Essay, Item, Match
from fieldguide.items.reading import Problem, ReadingError, public_text, read_item
from fieldguide.items.scoring import Outcome, Response, parse_response, score

__all__ = [
    "Choice",
    "Criterion",
    "Essay",
    "Item",
    "Match",
    "Outcome",
    "Problem",
    "ReadingError",
    "Response",
    "parse_response",
    "public_text",
    "read_item",
    "score",
]
