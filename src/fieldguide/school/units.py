"""The units that systemd starts, with what memory they may take, and what Caddy serves. Pure: texts, not files."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from fieldguide.cookies import by_https
from fieldguide.school.reading import School

HUB = "fieldguide-hub.service"
SERVER = "fieldguide-server@.service"
_HUB_MEMORY = 1 << 30
#: What every page of the site is sent with, whoever has made it: a student's own server may send what it likes.
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}

_FILES = 65_536  # the hub holds one for each student's server, and the proxy some for each connection

# What no part of a school's server needs. Homes and the exchange are written, so they stay in sight.
_CLOSED = """\
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
LockPersonality=yes
SystemCallArchitectures=native
"""


def units(school: School, state: str, courses: str, python: str) -> dict[str, str]:
    """The text of each unit, by its name."""
    return {HUB: _hub(state, python), SERVER: _server(school, state, courses, python)}


def _hub(state: str, python: str) -> str:
    # The hub starts each student's server as the student, in a scope of its own, so little can be closed around it, and
    # its memory is not theirs.
    return f"""\
# Written by fieldguide-admin: a change here is undone. What a school sets is in courses.toml.
[Unit]
Description=Field Guide: the hub, where people sign in
After=network-online.target
Wants=network-online.target

[Service]
Environment=FIELDGUIDE_HUB={state}/hub.json
ExecStart={python} -P -m fieldguide.school.hub
WorkingDirectory={state}/hub
UMask=0077
Restart=on-failure
RestartSec=5
TimeoutStopSec=60
KillMode=mixed
MemoryMax={_in_mb(_HUB_MEMORY)}
TasksMax=512
LimitNOFILE={_FILES}

[Install]
WantedBy=multi-user.target
"""


def _server(school: School, state: str, courses: str, python: str) -> str:
    # It begins as root, takes its port, and becomes the course's account before it does anything else (server.py).
    return f"""\
# Written by fieldguide-admin: a change here is undone. What a school sets is in courses.toml.
[Unit]
Description=Field Guide: the server of the course %i, where it is graded
After={HUB}
Wants={HUB}

[Service]
ExecStart={python} -P -m fieldguide.school.server {state}/servers/%i.json
UMask=0077
Restart=on-failure
RestartPreventExitStatus={os.EX_CONFIG}
RestartSec=5
MemoryMax={_in_mb(school.grader_memory)}
TasksMax=256
ReadWritePaths={courses}/%i
ProtectHome=yes
ProtectProc=invisible
CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_SETUID CAP_SETGID
{_CLOSED}
[Install]
WantedBy=multi-user.target
"""


def journal() -> str:
    """How much systemd keeps of what the units log, and how long: account names and addresses stand in it."""
    return """\
# Written by fieldguide-admin: a change here is undone.
[Journal]
SystemMaxUse=1G
MaxRetentionSec=90day
MaxFileSec=1week
"""


def _in_mb(size: int) -> str:
    return f"{size >> 20}M"


def caddyfile(school: School) -> str:
    """What Caddy is told: HTTPS in front of the proxy. For a machine's own address there is nothing to serve."""
    host = urlsplit(school.address).hostname
    if not by_https(school.address):
        return "# Written by fieldguide-admin. The address in courses.toml is this machine's own: no HTTPS is needed.\n"
    headers = "\n".join(f'\t\t{name} "{value}"' for name, value in HEADERS.items())
    return f"""\
# Written by fieldguide-admin: a change here is undone. What a school sets is in courses.toml.
{host} {{
	encode zstd gzip
	header {{
{headers}
		# In place of what a server behind has sent, and not beside it.
		defer
	}}
	reverse_proxy 127.0.0.1:{school.port}
}}
"""


def main_caddyfile(ours: str) -> str:
    """What Caddy begins with, where a school has not written that itself; ``ours`` is the file of our own site."""
    return f"""\
# Written by fieldguide-admin, once. Other sites of this machine can be added at the end.
{{
	# Else Caddy takes orders from every account of this machine, and a student could have it serve a page of theirs.
	admin off
}}
import {ours}
"""
