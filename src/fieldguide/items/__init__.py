"""What a question is: its model, how it is read from text, and how a response to it is scored.

Pure: nothing here imports another part of fieldguide, touches a file or knows about notebooks.
"""

from fieldguide.items.choice import Choice
from fieldguide.items.entry import Entry
from fieldguide.items.essay import Criterion, Essay
from fieldguide.items.fields import Problem, ReadingError
from fieldguide.items.hottext import Hottext
from fieldguide.items.item import Item, Response, Row
from fieldguide.items.match import Match
from fieldguide.items.order import Order
from fieldguide.items.reading import public_text, read_item
from fieldguide.items.scoring import Outcome, parse_response, score
from fieldguide.items.selection import Selection

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
    "Row",
    "Selection",
    "parse_response",
    "public_text",
    "read_item",
    "score",
]
