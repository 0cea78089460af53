"""What the service of course sites is told: the course sites, the courses, and what it signs with."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldguide.school.addresses import addresses
from fieldguide.school.identities import account_name, names_secret
from fieldguide.school.reading import Lms


@dataclass(frozen=True, slots=True)
class LinkedCourse:
    """A course whose people come from a course site. ``context`` is which it is there; empty until it is known."""

    id: str
    title: str
    lms: str
    context: str


@dataclass(frozen=True)
class Settings:
    """All of it. ``key`` is the private key in PEM, ``address`` what people type, without a slash at its end."""

    platforms: tuple[Lms, ...]
    courses: tuple[LinkedCourse, ...]
    address: str
    state: Path
    key: str
    names_secret: str

    @property
    def base(self) -> str:
        """What every address of the service begins with."""
        return addresses(self.address)["base"]

    @property
    def key_id(self) -> str:
        """By which a course site finds the key among ours."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]

    def platform(self, issuer: str, client_id: str = "") -> Lms | None:
        """The course site of an issuer; ``client_id`` tells which, where it knows this server by more than one."""
        found = [one for one in self.platforms if one.issuer == issuer and client_id in ("", one.client_id)]
        return found[0] if len(found) == 1 else None

    def course(self, platform: Lms, context: str) -> LinkedCourse | None:
        """The course that a course of a course site is here."""
        for course in self.courses:
            if course.lms == platform.name and course.context and course.context == context:
                return course
        return None

    def account(self, issuer: str, subject: str) -> str:
        """The account of somebody from a course site."""
        return account_name(self.names_secret, issuer, subject)


def read_settings(path: Path) -> Settings:
    """Read the settings, and the secrets that they name: as root, whose files they are. Raises OSError."""
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    platforms = [Lms(**{**one, "deployments": tuple(one["deployments"])}) for one in told["platforms"]]
    return Settings(
        tuple(platforms),
        tuple(LinkedCourse(**one) for one in told["courses"]),
        told["address"],
        Path(told["state"]),
        Path(told["key"]).read_text(encoding="ascii"),
        names_secret(Path(told["names_secret"])),
    )


#: What our service asks of a course site's services: its gradebook's columns, scores for them, and who is in a course.
SCOPES = (
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
)


def canvas_settings(settings: Settings) -> dict[str, Any]:
    """What Canvas is to know of this server, as its developer keys take it (JSON)."""
    at = addresses(settings.address)
    new_window = {"windowTarget": "_blank"}
    open_ = {"message_type": "LtiResourceLinkRequest", "target_link_uri": at["target"]}
    pick = {"message_type": "LtiDeepLinkingRequest", "target_link_uri": at["picking"]}
    return {
        "title": "Field Guide",
        "description": "A course on the ethical use of social media in social work",
        "oidc_initiation_url": at["login"],
        "target_link_uri": at["target"],
        "public_jwk_url": at["keys"],
        "scopes": list(SCOPES),
        "extensions": [
            {
                "platform": "canvas.instructure.com",
                "privacy_level": "public",
                "settings": {
                    "placements": [
                        {"placement": "course_navigation", "default": "disabled", **open_, **new_window},
                        {"placement": "assignment_selection", **pick},
                        {"placement": "link_selection", **pick},
                    ]
                },
            }
        ],
    }
