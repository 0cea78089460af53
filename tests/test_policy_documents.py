"""The documents of a policy: what they hold, that other programs open them, and that no work of anybody is lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import docx
import pytest
from case_samples import CASE
from conftest import PROJECT
from form_samples import TEXTS, WHOLE
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import seconds

from fieldguide.cases.reading import read_case
from fieldguide.digest.page import digest_page
from fieldguide.look import variables
from fieldguide.policy import docxfile, htmlfile
from fieldguide.policy.documents import NAME, Block, Document, blocks_of, document_of
from fieldguide.policy.reading import read_policy
from fieldguide.policy.saving import save_documents

POLICY = read_policy(WHOLE, "m")
DAY = date(2026, 11, 22)
BAD = "<script>x</script> & \x00\x07\x1f\x7f\x9f\ud800\udfff\ufffeend"


def document(**texts: str) -> Document:
    return document_of(POLICY, TEXTS | texts, DAY)


def files(**texts: str) -> dict[str, bytes]:
    made = document(**texts)
    return {".docx": docxfile.as_docx(made), ".html": htmlfile.as_html(made)}


# -- what a student's text becomes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", ()),
        (" \n\t\n", ()),
        ("\x00\ud800", ()),
        ("One.", (Block(("One.",)),)),
        ("One.\nTwo.\n\n\nThree.", (Block(("One.", "Two.")), Block(("Three.",)))),
        ("One\r\nTwo\rThree\u2028Four\x0bFive", (Block(("One", "Two", "Three", "Four", "Five")),)),
        ("A:\n- 1\n– 2\n\n• 3\nZ.", (Block(("A:",)), Block(("1", "2", "3"), True), Block(("Z.",)))),
        ("I ask.*\n\n* What does the agency say?", (Block(("I ask.*",)), Block(("* What does the agency say?",)))),
        ("- \n-5 degrees\n--", (Block(("-", "-5 degrees", "--")),)),
    ],
)  # fmt: skip
def test_paragraphs_and_lists(text: str, blocks: tuple[Block, ...]) -> None:
    assert blocks_of(text) == blocks


def test_what_the_agency_has_to_decide_is_apart_from_what_clients_read() -> None:
    made = document(
        requests="I say no, kindly.\n* May clients follow our page?\n- Former clients: the same.\n- *And later?",
        ai="* Which tools are approved?",
        posts="**Nothing** about you.\nNot a *word*.",
    )
    assert [(section.title, section.blocks[0].lines) for section in made.unsettled] == [
        ("Friend requests", ("May clients follow our page?", "And later?")),
        ("AI tools", ("Which tools are approved?",)),
    ]
    read = {section.title: section.blocks for section in made.sections}
    assert read["Friend requests"] == (Block(("I say no, kindly.",)), Block(("Former clients: the same.",), True))
    assert read["What I post"] == (Block(("**Nothing** about you.", "Not a *word*.")),)
    assert "AI tools" not in read and "AI tools" in made.missing

    word = docx.Document(BytesIO(docxfile.as_docx(made)))
    told = [paragraph.text for paragraph in word.paragraphs]
    apart = told.index("To settle with my agency")
    assert word.paragraphs[apart].paragraph_format.page_break_before
    assert told[apart + 2 : apart + 7] == [
        *("Friend requests", "May clients follow our page?", "And later?"),
        *("AI tools", "Which tools are approved?"),
    ]
    page = htmlfile.as_html(made).decode("utf-8")
    read_by_clients, _, rest = page.partition('<section class="unsettled">')
    assert "May clients follow" not in read_by_clients and "<h3>AI tools</h3>" in rest
    assert "To settle" not in htmlfile.as_html(document()).decode("utf-8")


def test_a_document_says_whose_it_is_and_when_it_is_looked_at_again() -> None:
    made = document(role="MSW\nintern ", agency="<b>Maple Street", review="\x00", requests="x")
    assert made.about == (("Role", "MSW intern"), ("Agency", "<b>Maple Street"))
    told = [paragraph.text for paragraph in docx.Document(BytesIO(docxfile.as_docx(made))).paragraphs]
    assert told[2] == "Role: MSW intern\nAgency: <b>Maple Street"
    assert '<p dir="auto">Agency: &lt;b&gt;Maple Street</p>' in htmlfile.as_html(made).decode("utf-8")


def test_a_page_that_is_carried_along_looks_as_the_courses_pages_do() -> None:
    theme = (PROJECT / "src/fieldguide/coursepage/static/theme.css").read_text("utf-8")
    assert variables() in theme
    page = htmlfile.as_html(document(requests="I say no, kindly.")).decode("utf-8")
    digest = digest_page("M", read_case(CASE, "m"), "", "")
    for one in (page, digest):
        assert variables() in one
        used = set(re.findall(r"var\((--[\w-]+)", one))
        assert used <= set(re.findall(r"(--[\w-]+):", one)), "every variable is there"


# -- Word ----------------------------------------------------------------------------------------------


def test_a_word_document_has_headings_a_title_a_language_and_nobodys_name() -> None:
    content = docxfile.as_docx(document())
    word = docx.Document(BytesIO(content))
    styled = [(paragraph.style.name, paragraph.text) for paragraph in word.paragraphs if paragraph.style]
    assert styled[:3] == [
        ("Title", "My social media policy"),
        ("Subtitle", "Draft to discuss with my field instructor · November 22, 2026"),
        ("Heading 1", "What I tell clients"),
    ]
    headings = [text for style, text in styled if style == "Heading 1"]
    written = [
        "What I tell clients",
        "Friend requests",
        "Searching",
        "E-mail and text",
        "Location",
        "AI tools",
        "What I post",
    ]
    assert headings == [*written, "Still to write"] and styled[-1] == ("List Bullet", "Reviews")
    assert ("List Bullet", "Relatives of clients: the same.") in styled
    assert any("write down the reason.\nWhat I come across" in text for _, text in styled)
    properties = word.core_properties
    assert (properties.title, properties.language) == ("My social media policy", "en-US")
    assert properties.author == properties.last_modified_by == properties.comments == properties.keywords == ""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        everything = b"".join(archive.read(name) for name in archive.namelist())
        styles = archive.read("word/styles.xml").decode()
    assert b"python-docx" not in everything and str(Path.home()).encode() not in everything
    assert set(re.findall(r'<w:lang w:val="([^"]*)"', styles)) == {"en-US"}
    footer = word.sections[0].footer.paragraphs[0]._p.xml
    assert 'w:instr="PAGE"' in footer and 'w:instr="NUMPAGES"' in footer


def test_a_whole_policy_has_nothing_still_to_write() -> None:
    word = docx.Document(BytesIO(docxfile.as_docx(document(reviews="None."))))
    assert "Still to write" not in [paragraph.text for paragraph in word.paragraphs]


@settings(max_examples=40)
@given(st.text(st.characters(), max_size=80))
def test_any_text_at_all_makes_documents_that_open(text: str) -> None:
    made = document_of(POLICY, {"told": text, "ai": "x"}, DAY)
    word = docx.Document(BytesIO(docxfile.as_docx(made)))
    told = [paragraph.text for paragraph in word.paragraphs]
    lines = [line for block in blocks_of(text) for line in block.lines]
    # A star in front of a line says where it goes, and does not go along.
    lines = [line if line.startswith("**") else re.sub(r"^\*\s*(?=\S)", "", line) for line in lines]
    assert all(line.replace("\t", " ") in "\n".join(told).replace("\t", " ") for line in lines)
    htmlfile.as_html(made).decode("utf-8")


@pytest.mark.parametrize("code", [*range(0x20), 0x7F, 0x85, 0x9F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF])
def test_no_character_breaks_a_document(code: int) -> None:
    made = document_of(POLICY, {"told": f"one{chr(code)}two"}, DAY)
    text = "".join(paragraph.text for paragraph in docx.Document(BytesIO(docxfile.as_docx(made))).paragraphs)
    assert "one" in text and "two" in text
    assert b"two" in htmlfile.as_html(made)


# -- the web page --------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.data = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.data += data


def test_a_web_page_stands_alone_and_holds_text_as_text() -> None:
    page = htmlfile.as_html(document(told=f"{BAD}\n- {BAD}", ai='"><img src=x onerror=y>')).decode("utf-8")
    read = _Tags(page)
    assert not {"script", "img", "link", "a", "iframe"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name in ("src", "href") or name.startswith("on")]
    assert "url(" not in page and "@import" not in page
    assert ("lang", "en") in read.attributes and "<title>My social media policy</title>" in page
    assert read.data.count("<script>x</script> & end") == 2 and "onerror=y>" in read.data
    assert "November 22, 2026" in read.data and "Still to write" in read.data


# -- saving --------------------------------------------------------------------------------------------


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_our_own_documents_are_replaced(tmp_path: Path) -> None:
    assert save_documents(tmp_path, files()) == [f"{NAME}.docx", f"{NAME}.html"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    newer = files(ai="Something else.")
    assert save_documents(tmp_path, newer) == [f"{NAME}.docx", f"{NAME}.html"]
    assert (tmp_path / f"{NAME}.docx").read_bytes() == newer[".docx"]
    assert names(tmp_path) == [f"{NAME}.docx", f"{NAME}.html"]


def _in_word(path: Path) -> None:
    word = docx.Document(str(path.with_suffix(".docx")))
    word.add_paragraph("My field instructor's words")
    word.save(str(path.with_suffix(".docx")))


def _in_an_editor(path: Path) -> None:
    page = path.with_suffix(".html")
    page.write_text(page.read_text("utf-8").replace("</main>", "<p>Mine</p></main>"), "utf-8")


OTHERS: dict[str, Callable[[Path], object]] = {
    "worked on in Word": _in_word,
    "worked on in an editor": _in_an_editor,
    "somebody's text": lambda path: path.with_suffix(".docx").write_bytes(b"My own"),
    "an empty file": lambda path: path.with_suffix(".html").write_bytes(b""),
    "half of a document": lambda path: path.with_suffix(".docx").write_bytes(files()[".docx"][:9000]),
    "no UTF-8": lambda path: path.with_suffix(".html").write_bytes(b"\xff" + files()[".html"]),
    "a huge file": lambda path: path.with_suffix(".html").write_bytes(b"x" * 5_000_000),
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_not_ours_or_was_worked_on_is_left_alone(tmp_path: Path, what: str) -> None:
    save_documents(tmp_path, files())
    OTHERS[what](tmp_path / f"{NAME}.docx")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert save_documents(tmp_path, files(ai="New.")) == [f"{NAME}-2.docx", f"{NAME}-2.html"]
    assert save_documents(tmp_path, files(ai="Newer.")) == [f"{NAME}-2.docx", f"{NAME}-2.html"]
    assert {name: (tmp_path / name).read_bytes() for name in before} == before and len(names(tmp_path)) == 4


def _zip(**parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "/") + ".xml", content)
    return file.getvalue()


def test_archives_of_any_making_are_known_as_not_ours() -> None:
    mark = b"<x>fieldguide-policy sha256-" + b"0" * 64 + b"</x>"
    ours = files()[".docx"]
    encrypted = bytearray(ours)
    for at in [found.start() for found in re.finditer(b"PK\x01\x02", ours)]:
        encrypted[at + 8] |= 1
    strange = bytearray(ours)
    for at in [found.start() for found in re.finditer(b"PK\x01\x02", ours)]:
        strange[at + 10] = 99  # a way of packing that nobody knows
    made = [_zip(), _zip(a=b"b"), _zip(docProps_core=mark), _zip(docProps_core=b" " * 10**8)]
    spoiled = [bytes(encrypted), bytes(strange), ours[:-30], ours.replace(b"PK\x03\x04", b"PK\x03\x05")]
    for content in (b"", b"PK", *made, *spoiled):
        assert not docxfile.is_as_made(content)
    assert docxfile.is_as_made(ours)
    assert not htmlfile.is_as_made(b"") and not htmlfile.is_as_made(mark)


@pytest.mark.parametrize("kind", ["link", "dangling", "folder", "pipe"])
def test_a_link_a_folder_or_a_pipe_is_left_alone(tmp_path: Path, kind: str) -> None:
    folder, elsewhere = tmp_path / "here", tmp_path / "elsewhere.docx"
    folder.mkdir()
    elsewhere.write_bytes(files()[".docx"])  # one of ours, and still no place to write to
    path = folder / f"{NAME}.docx"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(elsewhere if kind == "link" else tmp_path / "nowhere")
    before = elsewhere.read_bytes()
    assert save_documents(folder, files(ai="New."))[0] == f"{NAME}-2.docx"
    assert elsewhere.read_bytes() == before and not (tmp_path / "nowhere").exists()


def test_a_draft_that_lies_there_is_not_written_through(tmp_path: Path) -> None:
    target = tmp_path / "mine.txt"
    target.write_text("mine")
    (tmp_path / f".{NAME}.docx.part").symlink_to(target)
    save_documents(tmp_path, files())
    assert target.read_text() == "mine" and not (tmp_path / f".{NAME}.docx.part").exists()


def test_a_save_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_documents(tmp_path, files())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        save_documents(tmp_path, files(ai="New."))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_when_every_name_is_taken_it_is_said(tmp_path: Path) -> None:
    for number in range(1, 100):
        (tmp_path / (f"{NAME}.docx" if number == 1 else f"{NAME}-{number}.docx")).touch()
    with pytest.raises(OSError, match="every name for it is taken"):
        save_documents(tmp_path, files())


# -- LibreOffice ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Converts a document with LibreOffice. Without one the test is skipped, aloud, and in CI it fails."""
    program = shutil.which("soffice")
    if program is None:
        reason = "NOT TESTED IN LIBREOFFICE: there is no soffice here. Install libreoffice-writer-nogui."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    home = tmp_path_factory.mktemp("office")

    def convert(path: Path, kind: str) -> Path:
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        call = [program, profile, "--headless", "--convert-to", kind, "--outdir", home, path]
        subprocess.run(call, check=True, capture_output=True, timeout=seconds(180))
        return home / path.with_suffix(f".{kind.partition(':')[0]}").name

    return convert


@pytest.mark.slow
def test_libreoffice_opens_the_word_document(tmp_path: Path, office: Callable[[Path, str], Path]) -> None:
    path = tmp_path / "policy.docx"
    path.write_bytes(docxfile.as_docx(document(reviews=BAD)))
    text = office(path, "txt:Text (encoded):UTF8").read_text("utf-8-sig")
    told = [line for line in text.splitlines() if line]
    assert told[:3] == [
        "My social media policy",
        "Draft to discuss with my field instructor · November 22, 2026",
        "What I tell clients",
    ]
    assert any("Relatives of clients: the same." in line for line in told)
    assert any("<script>x</script> & end" in line for line in told)
    pdf = office(path, "pdf").read_bytes()
    assert pdf.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
