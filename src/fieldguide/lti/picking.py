"""What an instructor picks for a course of a course site: links to modules, each with its points (Deep Linking 2.0).

The specification: https://www.imsglobal.org/spec/lti-dl/v2p0
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import jwt
from pylti1p3.deep_link import DeepLink
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.lineitem import LineItem
from pylti1p3.registration import Registration

from fieldguide.lti.message import Message
from fieldguide.lti.scores import TAG
from fieldguide.lti.settings import LinkedCourse, Settings
from fieldguide.lti.visits import digest
from fieldguide.openid.tokens import RefusedError

#: How long somebody may take to pick, in seconds, and how many may be at it.
_TO_PICK, _MOST = 3600, 1000


@dataclass(frozen=True, slots=True)
class Offer:
    """A module that can be picked, and its points."""

    module: str
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class Picking:
    """Somebody who is picking, what is offered to them, and where what they pick goes."""

    browser: str
    until: float
    message: Message
    course: LinkedCourse
    offers: tuple[Offer, ...]

    @property
    def several(self) -> bool:
        """Whether the course site takes more than one link."""
        return self.message.picking.get("accept_multiple") in (True, "true")

    @property
    def return_to(self) -> str:
        """The address at the course site that takes what was picked."""
        return str(self.message.picking["deep_link_return_url"])


class Pickings:
    """Who is picking now. ``clock`` tells seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._open: dict[str, Picking] = {}
        self._clock = clock

    def begin(
        self, browser: str, message: Message, course: LinkedCourse, offers: Iterable[Offer]
    ) -> tuple[str, Picking]:
        """Begin; returns it with the name under which it goes on."""
        now = self._clock()
        kept = [(name, one) for name, one in self._open.items() if one.until > now]
        self._open = dict(kept[-_MOST + 1 :])
        name = secrets.token_urlsafe(24)
        self._open[name] = Picking(digest(browser), now + _TO_PICK, message, course, tuple(offers))
        return name, self._open[name]

    def end(self, browser: str, name: str) -> Picking:
        """What was begun, which ends with it. Raises RefusedError where it was not, in this browser and lately."""
        found = self._open.get(name)
        if found is None or found.until < self._clock():
            raise RefusedError("expired")
        if found.browser != digest(browser):
            raise RefusedError("not_begun")
        return self._open.pop(name)


def answer(picking: Picking, picked: Iterable[str], settings: Settings) -> str:
    """The signed message to the course site: links to the modules that were picked, and nothing else."""
    message, chosen = picking.message, {*picked}
    registration = Registration().set_client_id(message.platform.client_id).set_issuer(message.platform.issuer)
    links = [_link(offer, message, settings) for offer in picking.offers if offer.module in chosen]
    link = DeepLink(registration, message.deployment, dict(message.picking))
    claims: dict[str, Any] = link.get_message_jwt(links if picking.several else links[:1])
    # What the site did not send is not sent back.
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, settings.key, "RS256", headers={"kid": settings.key_id})


def _link(offer: Offer, message: Message, settings: Settings) -> DeepLinkResource:
    link = DeepLinkResource().set_title(offer.title).set_custom_params({"module": offer.module})
    # Some course sites keep the address and some the field.
    link.set_url(f"{settings.base}open?{urlencode({'module': offer.module})}")
    if offer.points and message.picking.get("accept_lineitem") not in (False, "false"):
        worth = LineItem().set_score_maximum(offer.points).set_label(offer.title)
        link.set_lineitem(worth.set_resource_id(offer.module).set_tag(TAG))
    return link
