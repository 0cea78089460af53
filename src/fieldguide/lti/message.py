"""What a course site sends, and whether it is true: an id_token of LTI 1.3, checked against the site's own keys.

The specification: https://www.imsglobal.org/spec/lti/v1p3/ and its security framework, section 5.1.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fieldguide.openid.tokens import FindKey, RefusedError, read_claims
from fieldguide.school.reading import Lms

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
_PICKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
_SCORES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
_MEMBERS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"


@dataclass(frozen=True, slots=True)
class Message:
    """What a course site says of somebody who comes: all of it checked, none of it anybody else's."""

    platform: Lms
    subject: str
    deployment: str
    nonce: str
    #: Whether an instructor picks modules for a course there; else somebody opens one.
    picks: bool
    context: str = ""
    context_title: str = ""
    teaches: bool = False
    assists: bool = False
    learns: bool = False
    given_name: str = ""
    family_name: str = ""
    email: str = ""
    #: The school's own number of them, by which the course site's files know them too.
    number: str = ""
    language: str = ""
    module: str = ""
    resource_link: str = ""
    lineitems: str = ""
    lineitem: str = ""
    scopes: tuple[str, ...] = ()
    memberships: str = ""
    #: What the course site asks of who picks, as it sent it.
    picking: Mapping[str, Any] = field(default_factory=dict)


async def read_message(token: str, platform: Lms, find_key: FindKey) -> Message:
    """Read an id_token that a course site sent. Raises RefusedError where anything in it is not as it has to be.

    Whether its nonce is one of ours, and used for the first time, is the caller's to find out.
    """
    claims = await read_claims(token, platform, find_key)
    if claims.get(f"{_LTI}version") != "1.3.0":
        raise RefusedError("malformed")
    kind = claims.get(f"{_LTI}message_type")
    if kind not in ("LtiResourceLinkRequest", "LtiDeepLinkingRequest"):
        raise RefusedError("malformed")
    deployment = _text(claims, f"{_LTI}deployment_id")
    if deployment not in platform.deployments:
        raise RefusedError("wrong_deployment", deployment=deployment[:255], site=platform.name)
    if not claims["sub"]:
        raise RefusedError("nobody")
    picks = kind == "LtiDeepLinkingRequest"
    link, picking = _table(claims, f"{_LTI}resource_link"), _table(claims, _PICKING)
    if not (_text(picking, "deep_link_return_url") if picks else _text(link, "id")):
        raise RefusedError("malformed")
    context, scores, members = _table(claims, f"{_LTI}context"), _table(claims, _SCORES), _table(claims, _MEMBERS)
    roles = roles_of(claims.get(f"{_LTI}roles"))
    given, family = _text(claims, "given_name"), _text(claims, "family_name")
    return Message(
        platform,
        claims["sub"],
        deployment,
        claims["nonce"],
        picks,
        context=_text(context, "id"),
        context_title=_text(context, "title"),
        teaches="Instructor" in roles,
        assists="TeachingAssistant" in roles,
        learns="Learner" in roles,
        given_name=given,
        family_name=family or ("" if given else _text(claims, "name")),
        email=_text(claims, "email"),
        number=_text(_table(claims, f"{_LTI}lis"), "person_sourcedid"),
        language=_text(_table(claims, f"{_LTI}launch_presentation"), "locale"),
        module=_module(claims),
        resource_link=_text(link, "id"),
        lineitems=_text(scores, "lineitems"),
        lineitem=_text(scores, "lineitem"),
        scopes=tuple(scope for scope in _list(scores, "scope") if isinstance(scope, str)),
        memberships=_text(members, "context_memberships_url"),
        picking=picking,
    )


def roles_of(said: object) -> set[str]:
    """What somebody is in the course: ``Instructor``, ``TeachingAssistant``, ``Learner``, and what else there is.

    Only roles in the course count: an instructor of the school may well be a student of this course. A short name is
    one in the course.
    """
    roles = set()
    for role in said if isinstance(said, list) else ():
        if not isinstance(role, str):
            continue
        if role.startswith((f"{_MEMBERSHIP}#", f"{_MEMBERSHIP}/")):
            # In `membership/Instructor#TeachingAssistant` the kind stands before the sign, and else after it. Some
            # course sites call an assistant so without the kind.
            kind, _, name = role.removeprefix(_MEMBERSHIP).partition("#")
            roles.add(name if name == "TeachingAssistant" else kind.strip("/") or name)
        elif "/" not in role and ":" not in role:
            roles.add(role)
    return roles


def _module(claims: Mapping[str, Any]) -> str:
    """The module that a link is for: as the link's own field has it, else its address."""
    named = _text(_table(claims, f"{_LTI}custom"), "module")
    if named:
        return named[:200]
    try:
        asked = parse_qs(urlsplit(_text(claims, f"{_LTI}target_link_uri")).query)
    except ValueError:
        return ""
    return asked.get("module", [""])[0][:200]


def _table(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = claims.get(name)
    return value if isinstance(value, dict) else {}


def _list(claims: Mapping[str, Any], name: str) -> list[Any]:
    value = claims.get(name)
    return value if isinstance(value, list) else []


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
