"""A page as a tagged PDF, printed by a browser of Chromium's family.

Such a browser is on nearly every computer of a school, its PDFs are tagged, and it prints the page that people can open
as it stands. A library that writes PDF/UA would bring system libraries that a school's hub hasn't got, and a second
reading of the style sheet.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge", "chrome")
_ON_MACS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
#: Seconds; printing the longest module takes a few.
_LONGEST = 300


def find_browser() -> str | None:
    """A browser that can print; None where there is none. ``FIELDGUIDE_BROWSER`` names one that isn't found by name."""
    if named := os.environ.get("FIELDGUIDE_BROWSER"):
        return shutil.which(named)
    found = (shutil.which(name) for name in _NAMES)
    there = (place for place in _ON_MACS if sys.platform == "darwin" and Path(place).exists())
    return next((browser for browser in (*found, *there) if browser), None)


def print_pdf(browser: str, page: Path, pdf: Path) -> None:
    """Print a page. Raises RuntimeError, with what to do, where the browser makes none."""
    with tempfile.TemporaryDirectory() as profile:
        made = Path(profile, "page.pdf")
        command = [browser, "--headless", "--disable-gpu", f"--user-data-dir={profile}/profile", "--no-first-run"]
        # Nothing is fetched: the page is one file. Root has no sandbox in Chromium, as in a container.
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")
        command += [
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            f"--print-to-pdf={made}",
            page.as_uri(),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST)  # noqa: S603
            said = done.stderr.strip().splitlines()
        except (OSError, subprocess.TimeoutExpired) as error:
            said = [str(error)]
        if not made.exists():
            why = said[-1] if said else "it said nothing"
            raise RuntimeError(
                f"{browser} printed no PDF ({why}). {page} is whole: open it in Chrome or Edge, choose Print, and "
                "Save as PDF."
            )
        pdf.write_bytes(made.read_bytes())
