"""The interaction types by the name that ``type:`` gives them: a new one is a file, and a name here."""

from fieldguide.items.choice import Choice
from fieldguide.items.entry import Entry
from fieldguide.items.essay import Essay
from fieldguide.items.hottext import Hottext
from fieldguide.items.item import Item
from fieldguide.items.match import Match
from fieldguide.items.order import Order

TYPES: dict[str, type[Item]] = {kind.TYPE: kind for kind in (Choice, Match, Order, Hottext, Entry, Essay)}
