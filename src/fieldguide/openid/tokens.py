"""Whether an id_token is true: signed by whom it says, for us, a short time ago.

The specification: https://openid.net/specs/openid-connect-core-1_0.html, section 3.1.3.7.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import jwt

#: How much the clocks of this machine and of who signs may differ, in seconds.
SKEW = 120
#: The one way of signing that the specification asks of all. No other is taken, whatever a token says of itself: not
#: a public key as a shared word (HS256), nor no signature at all.
_SIGNED = "RS256"
_LARGEST = 50_000


class Signer(Protocol):
    """Whose tokens are taken: its name for people, its issuer, what it calls us, and the address of its keys."""

    @property
    def name(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def keys(self) -> str: ...


#: Finds a public key of who signs by its id; raises RefusedError.
FindKey = Callable[[Signer, str], Awaitable[Any]]


class RefusedError(Exception):
    """Why something is not taken; ``why`` is the name of a sentence in the words of who asks."""

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why)
        self.why, self.values = why, values


async def read_claims(token: str, signer: Signer, find_key: FindKey) -> dict[str, Any]:
    """The claims of a token. Raises RefusedError where anything in it is not as it has to be.

    Whether its nonce is one of ours, and used for the first time, is the caller's to find out.
    """
    if len(token) > _LARGEST:
        raise RefusedError("malformed")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise RefusedError("malformed") from None
    kid = header.get("kid")
    if header.get("alg") != _SIGNED or not isinstance(kid, str):
        raise RefusedError("signature")
    key = await find_key(signer, kid)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[_SIGNED],
            audience=signer.client_id,
            issuer=signer.issuer,
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
        raise RefusedError("malformed") from None
    if not isinstance(claims["nonce"], str):
        raise RefusedError("malformed")
    authorized, audience = claims.get("azp"), claims["aud"]
    if (authorized is not None or (isinstance(audience, list) and len(audience) > 1)) and (
        authorized != signer.client_id
    ):
        raise RefusedError("not_for_us")
    return claims
