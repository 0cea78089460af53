"""What an assistant may do at a desk that several people share: what stands here, and nothing else.

It is asked of every request to a course's server, whichever part of Jupyter answers it. An instructor may do all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from fieldguide.desk.essays_page import EssaysPage
from fieldguide.desk.live import LiveList, LookAtProjector, Projector
from fieldguide.desk.page import At, Look
from fieldguide.desk.preview import Preview, PreviewNews, PreviewSay
from fieldguide.desk.requests import Request, Requests
from fieldguide.desk.scoring import KeepScore, LookAtEssay, ScorePage
from fieldguide.desk.sheets import ChooseSheet, EnterSheet

#: Whether what a handler is asked for is allowed.
Condition = Callable[[Any], bool]


def _always(handler: Any) -> bool:
    return True


def _settles_nothing(handler: Any) -> bool:
    """To settle where two differ is to overrule one of them."""
    return bool(handler.get_query_argument("settle", "") != "yes")


def _keeps_own_points(handler: Any) -> bool:
    try:
        body = json.loads(handler.request.body)
    except (ValueError, RecursionError):
        return False
    return isinstance(body, dict) and body.get("settle") is False


def _only_explains(handler: Any) -> bool:
    """A request is answered in words; another score, and the question for everybody, stay as they are."""
    kind, points = (handler.get_body_argument(name, "") for name in ("kind", "points"))
    return bool(kind == "answer" and not points)


#: By handler and HTTP method.
ASSISTANTS: Mapping[type, Mapping[str, Condition]] = {
    At: {"GET": _always},
    Look: {"GET": _always},
    EssaysPage: {"GET": _always},
    ScorePage: {"GET": _settles_nothing, "POST": _settles_nothing},
    KeepScore: {"POST": _keeps_own_points},
    LookAtEssay: {"GET": _settles_nothing},
    Requests: {"GET": _always},
    Request: {"GET": _always, "POST": _only_explains},
    Preview: {"GET": _always},
    PreviewSay: {"POST": _always},
    PreviewNews: {"GET": _always},
    LiveList: {"GET": _always, "POST": _always},
    Projector: {"GET": _always, "POST": _always},
    LookAtProjector: {"GET": _always},
    # Under their own name, and over nothing that another person entered or a student handed in.
    ChooseSheet: {"GET": _always, "POST": _always},
    EnterSheet: {"GET": _always, "POST": _always},
}


def assistant_may(handler: Any) -> bool:
    """Whether an assistant may have what a handler of tornado is asked for."""
    condition = ASSISTANTS.get(type(handler), {}).get(handler.request.method)
    return condition is not None and condition(handler)
