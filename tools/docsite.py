"""Makes the docs a site in ``site/``: ``./run site``. A warning is an error, and no page may fetch anything.

What is made of the modules (docpages.py) is written beside a copy of docs/, so that nothing of it stands in the project
twice. Sphinx and what it needs are in an environment of their own, from requirements-site.lock: nobody who only uses
the package or reads the site needs them.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import docpages
from environments import bring

from fieldguide.items import ReadingError

PROJECT = Path(__file__).parent.parent
LOCK = PROJECT / "requirements-site.lock"
ENVIRONMENT = PROJECT / ".venv-site"
#: What docs/ links to and stands outside of it.
_BESIDE = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "LICENSE",
    "types/protocol.d.ts",
)
#: From here on docs/items.md tells what decides each graded question, for authors.
_FOR_AUTHORS = "## What the graded items turn on"
_FIRST = "docs/index.html"
#: What Sphinx and its theme leave out for who uses a screen reader or the keyboard.
_MENDED = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    "<pre>": '<pre tabindex="0">',
}
_MOVED = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Field Guide</title>
<meta http-equiv="refresh" content="0; url={_FIRST}"></head>
<body><p><a href="{_FIRST}">Field Guide</a></p></body></html>
"""


def stage(project: Path, folder: Path) -> None:
    """Put together in ``folder`` what Sphinx reads. Raises ReadingError where a module has an error."""
    shutil.copytree(project / "docs", folder / "docs", ignore=shutil.ignore_patterns("*.docx", "__pycache__"))
    for name in _BESIDE:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(project / name, folder / name)
    items = folder / "docs" / "items.md"
    items.write_text(items.read_text("utf-8").partition(_FOR_AUTHORS)[0], encoding="utf-8")
    _complete_menu(folder / "docs")
    for path, text in docpages.pages(project).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    worksheets = folder / "extra" / docpages.WORKSHEETS
    worksheets.mkdir(parents=True)
    for name, text in docpages.worksheets(project).items():
        (worksheets / f"{name}.html").write_text(text, encoding="utf-8")


def _complete_menu(docs: Path) -> None:
    """Put pages that docs/index.md doesn't name at the end of its menu, so that a new page is on the site at once."""
    index = docs / "index.md"
    text = index.read_text("utf-8")
    written = {path.relative_to(docs).with_suffix("").as_posix() for path in docs.rglob("*.md")}
    unnamed = sorted(written - set(re.findall(r"^[\w./-]+$", text, re.MULTILINE)) - {"index"})
    menu, end, rest = text.rpartition("\n```")
    index.write_text("\n".join([menu, *unnamed]) + end + rest, encoding="utf-8")


def bring_sphinx() -> bool:
    """Make the environment that Sphinx runs in, unless it is there; whether that went well."""
    return bring(ENVIRONMENT, LOCK, "what makes the site, once: about 60 MB")


def build(project: Path, to: Path) -> int:
    """Make the site in ``to``; Sphinx's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder, "staged")
        stage(project, staged)
        sphinx = [str(ENVIRONMENT / "bin" / "python"), "-P", "-m", "sphinx"]
        places = ["-c", str(staged / "docs"), "-d", str(Path(folder, "doctrees")), str(staged), str(to)]
        command = [*sphinx, "-b", "html", "-E", "-W", "--keep-going", "-q", *places]
        code = subprocess.run(command).returncode  # noqa: S603  (our own environment)
    if code == 0:
        (to / "index.html").write_text(_MOVED, encoding="utf-8")
        for page in to.glob("docs/**/*.html"):
            page.write_text(mended(page.read_text("utf-8")), encoding="utf-8")
    return code


def mended(page: str) -> str:
    """A page with what its theme leaves out."""
    for wrong, right in _MENDED.items():
        page = page.replace(wrong, right)
    return page


class _Fetched(HTMLParser):
    """What a page has a browser fetch by itself; links that a reader follows are not among it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster") or (name == "href" and tag != "a"):
                self.found.append(value or "")


def fetches(page: Path) -> Iterator[str]:
    """The addresses outside of the site that a page or a style sheet would have a browser fetch."""
    text = page.read_text("utf-8")
    if page.suffix == ".css":
        found = re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')]+)", text)
    else:
        reader = _Fetched()
        reader.feed(text)
        found = reader.found
    return (address for address in found if re.match(r"(?:[a-z]+:)?//", address.strip(), re.IGNORECASE))


def main(arguments: list[str] | None = None) -> int:
    """Make the site and look whether it stands by itself; returns the exit code."""
    parser = argparse.ArgumentParser(prog="./run site", description="Make the docs a site that needs no network.")
    parser.add_argument("--to", type=Path, default=PROJECT / "site", help="where (default: site/ in the project)")
    to = parser.parse_args(arguments).to.resolve()
    if to.exists() and not (to / "docs" / "index.html").exists() and any(to.iterdir()):
        sys.stderr.write(f"{to} holds something else than a site. Name another folder with --to.\n")
        return 1
    if not bring_sphinx():
        return 1
    shutil.rmtree(to, ignore_errors=True)
    try:
        code = build(PROJECT, to)
    except ReadingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if code:
        sys.stderr.write("A warning is an error here: mend what stands above, and run this again.\n")
        return code
    pages = [path for path in sorted(to.rglob("*")) if path.suffix in (".html", ".css")]
    outside = [f"{page.relative_to(to)}: {address}" for page in pages for address in fetches(page)]
    if outside:
        sys.stderr.write("These would be fetched from elsewhere:\n" + "\n".join(outside) + "\n")
        return 1
    sys.stdout.write(f"{len(list(to.rglob('*.html')))} pages. Open {to / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
