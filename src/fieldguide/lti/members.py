"""Who is in a course, as its course site tells: LTI's Names and Role Provisioning Services 2.0."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fieldguide.lti.message import roles_of
from fieldguide.lti.services import Services, SiteError
from fieldguide.lti.store import Place

_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
_MEDIA = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
_MOST = 128  # signs of a name, as the gradebook has it


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a course site's class list; what it does not tell is empty. ``sub`` is their number there, ``number``
    the school's."""

    sub: str
    is_student: bool
    is_active: bool
    first_name: str
    last_name: str
    email: str
    number: str


def read_members(services: Services, place: Place) -> list[Member]:
    """The class list of a place, each person once. Raises SiteError."""
    if not place.memberships:
        raise SiteError("no_list")
    found: dict[str, Member] = {}
    for page in services.pages(place.memberships, {_SCOPE}, _MEDIA):
        for member in _members(page):
            found.setdefault(member.sub, member)
    return list(found.values())


def _members(page: object) -> Iterator[Member]:
    match page:
        case {"members": [*members]}:
            for one in members:
                match one:
                    case {"user_id": str(sub), "roles": [*roles]} if sub:
                        here = roles_of(roles)
                        yield Member(
                            sub,
                            "Learner" in here and not here & {"Instructor", "TeachingAssistant"},
                            one.get("status", "Active") == "Active",
                            _text(one.get("given_name")),
                            _text(one.get("family_name")),
                            _text(one.get("email")),
                            _text(one.get("lis_person_sourcedid")),
                        )
                    case _:
                        raise SiteError("not_understood")
        case _:
            raise SiteError("not_understood")


def _text(told: object) -> str:
    """A text of one line, as long as the gradebook has room for."""
    if not isinstance(told, str):
        return ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in told).split())[:_MOST]
