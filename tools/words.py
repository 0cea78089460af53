"""Says what the words of every language lack of the English ones, a line each: ``python tools/words.py``."""

from __future__ import annotations

import sys

from fieldguide.words import languages
from fieldguide.words.gaps import gaps


def main() -> int:
    """Write each gap with its file and text; 1 where there is one."""
    found = [gap for language in languages() for gap in gaps(language)]
    for gap in found:
        sys.stderr.write(f"src/fieldguide/words/{gap}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
