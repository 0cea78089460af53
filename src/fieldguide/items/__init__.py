"""What a question is: its model, how it is read from text, and how a response to it is scored.

Pure: nothing here imports another part of fieldguide, touches a file or knows about notebooks.
"""

from fieldguide.items.fields import Problem, ReadingError
from fieldguide.items.model import Choice, Criterion, Entry, Essay, Hottext, Item, Match, Order, Selection
from fieldguide.items.reading import public_text, read_item
from fieldguide.items.scoring import Outcome, Response, parse_response, score

__all__ = [
    "Choice",
    "Criterion",
    "Entry",
    "Essay",
    "Hottext",
    "Item",
    "Match",
    "Order",
    "Outcome",
    "Problem",
    "ReadingError",
    "Response",
    "Selection",
    "parse_response",
    "public_text",
    "read_item",
    "score",
]
