"""How a page says that an answer is saved."""

from __future__ import annotations

import re

SAVED = "Saved"
#: With the time behind it. As a locator's text SAVED alone would find "Not saved" too.
SAVED_AT = re.compile(rf"{SAVED} \d")
