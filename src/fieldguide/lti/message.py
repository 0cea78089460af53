"""What a course site sends, and whether it is true: an id_token of LTI 1.3, checked against the site's own keys.

The specification: https://www.imsglobal.org/spec/lti/v1p3/ and its security framework, section 5.1.3.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

from fieldguide.school.reading import Lms

#: How much the clocks of this machine and of a course site may differ, in seconds.
SKEW = 120
#: The one way of signing that the specification asks every course site for. No other is taken, whatever a token says of
#: itself: not the site's public key as a shared word (HS256), nor no signature at all.
_SIGNED = "RS256"
_LARGEST = 50_000

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
_PICKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
_SCORES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
_MEMBERS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"

#: Finds the public key of a course site by its id; raises RefusedError.
FindKey = Callable[[Lms, str], Awaitable[Any]]


class RefusedError(Exception):
    """Why something from a course site is not taken; ``why`` is the name of a sentence in the words of ``lti``."""

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why)
        self.why, self.values = why, values


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
    claims = await _checked(token, platform, find_key)
    authorized = claims.get("azp")
    audience = claims["aud"]
    if (authorized is not None or (isinstance(audience, list) and len(audience) > 1)) and (
        authorized != platform.client_id
    ):
        raise RefusedError("not_for_us")
    if claims.get(f"{_LTI}version") != "1.3.0":
        raise RefusedError("not_lti")
    kind = claims.get(f"{_LTI}message_type")
    if kind not in ("LtiResourceLinkRequest", "LtiDeepLinkingRequest"):
        raise RefusedError("not_lti")
    deployment = _text(claims, f"{_LTI}deployment_id")
    if deployment not in platform.deployments:
        raise RefusedError("wrong_deployment", deployment=deployment[:255], site=platform.name)
    if not claims["sub"]:
        raise RefusedError("nobody")
    picks = kind == "LtiDeepLinkingRequest"
    link, picking = _table(claims, f"{_LTI}resource_link"), _table(claims, _PICKING)
    if not (_text(picking, "deep_link_return_url") if picks else _text(link, "id")):
        raise RefusedError("not_lti")
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
        language=_text(_table(claims, f"{_LTI}launch_presentation"), "locale"),
        module=_module(claims),
        resource_link=_text(link, "id"),
        lineitems=_text(scores, "lineitems"),
        lineitem=_text(scores, "lineitem"),
        scopes=tuple(scope for scope in _list(scores, "scope") if isinstance(scope, str)),
        memberships=_text(members, "context_memberships_url"),
        picking=picking,
    )


async def _checked(token: str, platform: Lms, find_key: FindKey) -> dict[str, Any]:
    """The claims of a token that a course site signed, for us and not long ago."""
    if len(token) > _LARGEST:
        raise RefusedError("not_lti")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise RefusedError("not_lti") from None
    kid = header.get("kid")
    if header.get("alg") != _SIGNED or not isinstance(kid, str):
        raise RefusedError("signature")
    key = await find_key(platform, kid)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[_SIGNED],
            audience=platform.client_id,
            issuer=platform.issuer,
            leeway=SKEW,
            options={"require": ["iss", "aud", "sub", "exp", "iat", "nonce"]},
        )
    except jwt.ExpiredSignatureError:
        raise RefusedError("expired") from None
    except jwt.ImmatureSignatureError:
        raise RefusedError("clock") from None
    except (jwt.InvalidAudienceError, jwt.InvalidIssuerError):
        raise RefusedError("not_for_us") from None
    except jwt.InvalidSignatureError:
        raise RefusedError("signature") from None
    except (jwt.InvalidTokenError, jwt.InvalidKeyError):
        raise RefusedError("not_lti") from None
    if not isinstance(claims["nonce"], str):
        raise RefusedError("not_lti")
    return claims


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
