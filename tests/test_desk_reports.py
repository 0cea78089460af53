"""The class report at the desk: made, looked at and fetched by a browser without scripts, and seen by nobody else."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
import requests
from browser import JupyterServer
from desk_course import FIRST, DeskCourse, own_jupyter
from patience import seconds
from report_class import make_class
from test_desk import do

from fieldguide.grading.classgrader import grade_class
from fieldguide.grading.gradebook import find_book
from fieldguide.grading.schema import gradebook_at
from fieldguide.grading.scorers import Scoring, keep_scoring, read_written
from fieldguide.grading.sheet import essays_in
from fieldguide.report.exploring import exploring_notebook


class Reader:
    """A browser without scripts at a desk."""

    def __init__(self, at: JupyterServer) -> None:
        self.at, self.session = at, requests.Session()

    def get(self, address: str) -> requests.Response:
        return self.session.get(f"{self.at.url}/fieldguide/desk/{address}", timeout=seconds(60))

    def post(self, address: str, **fields: str) -> requests.Response:
        fields["_xsrf"] = re.findall(r'name="_xsrf" value="([^"]+)"', self.get(address).text)[0]
        return self.session.post(f"{self.at.url}/fieldguide/desk/{address}", fields, timeout=seconds(180))

    def follow(self, page: requests.Response, end: str) -> requests.Response:
        """What a page links to by an address that ends so."""
        (address,) = re.findall(rf'href="([^"]+{re.escape(end)})"', page.text)
        return self.session.get(self.at.url + unescape(address), timeout=seconds(60))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskCourse]:
    """A class of 14 whose first module is graded."""
    folder = tmp_path_factory.mktemp("desk")
    with own_jupyter(folder):
        room = DeskCourse(folder, *(f"secret-{number:03}" for number in range(14)))
        make_class(room.root, 14, [FIRST])
        do(room, "release")
        grade_class(room.course, FIRST)
        yield room


@pytest.fixture(scope="module")
def desk(room: DeskCourse) -> Iterator[Reader]:
    at = room.server()
    yield Reader(at)
    at.stop()


def test_the_report_is_made_from_the_desk_and_looked_at(desk: Reader) -> None:
    assert 'href="/fieldguide/desk/report"' in desk.get("").text
    assert f'href="/fieldguide/desk/report/{FIRST}"' in desk.get("").text
    made = desk.post(f"report/{FIRST}", kind="class")
    assert made.status_code == 200 and "14 students, 14 submissions" in made.text
    report = desk.follow(made, "/report.html")
    assert "Results by module" in report.text and "secret-" not in report.text
    policy = report.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy.split("; ") and "script-src" not in policy
    assert report.headers["Cache-Control"] == "no-store"


def test_its_tables_are_files_to_keep(desk: Reader, room: DeskCourse) -> None:
    made = desk.post("report", kind="class")
    table = desk.follow(made, "/items.csv?save")
    assert table.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert rows and {row["Students"] for row in rows} == {"14"}
    assert desk.follow(made, "/report.html?save").headers["Content-Disposition"].startswith("attachment")
    assert not (room.root / "reports").exists()


def test_the_report_for_accreditation_takes_the_programs_own_numbers(desk: Reader) -> None:
    made = desk.post("report", kind="epas", threshold="75", rubric="66", expected="81,5 %")
    page, document = desk.follow(made, "/epas.html"), desk.follow(made, "/epas.docx?save")
    assert "Expected: 82 % of the students." in page.text and "What a person has to confirm" in page.text
    assert zipfile.ZipFile(io.BytesIO(document.content)).testzip() is None
    for odd in ("most", "0", "101"):
        refused = desk.post("report", kind="epas", threshold=odd, rubric="66", expected="80")
        assert refused.status_code == 422 and "is no number above 0, and 100 at most" in refused.text
        assert f'value="{odd}"' in refused.text


def test_the_report_for_accreditation_is_named_so(desk: Reader) -> None:
    made = desk.post("report", kind="epas", threshold="70", rubric="66", expected="80")
    assert "<h1>EPAS competencies: all modules</h1>" in made.text


def test_the_report_for_accreditation_tells_how_far_two_scorers_on_the_desk_agree(
    desk: Reader, room: DeskCourse
) -> None:
    fields = {"kind": "epas", "threshold": "70", "rubric": "66", "expected": "80"}
    assert (
        "Too few essays have been scored by two people" in desk.follow(desk.post("report", **fields), "/epas.html").text
    )
    essays = essays_in(room.course, FIRST)
    with gradebook_at(room.course.db_url) as engine, engine.connect() as connection:
        found = read_written(connection, find_book(connection, FIRST), essays)
    for item, essay in essays.items():
        for number, one in enumerate(found[item]):
            for name, points in (("ana", number % 3), ("tim", number % 3)):
                given = Scoring(name, 0, dict.fromkeys(essay.rubric, points), "", one.shown)
                keep_scoring(room.course, FIRST, essay, one.grade.grade_id, given)
    made = desk.post("report", **fields)
    kept = desk.follow(made, "/epas-agreement.csv?save").content.decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(kept)))
    assert table and all(int(row["Scored twice"]) >= 14 and float(row["Same points"]) == 100 for row in table)


def test_a_module_is_made_for_paper_as_a_page_and_a_pdf(desk: Reader) -> None:
    assert f'href="/fieldguide/desk/print/{FIRST}"' in desk.get("").text
    made = desk.post(f"print/{FIRST}", kind="worksheet", student="secret-003", large="yes")
    page = desk.follow(made, f"/{FIRST}.secret-003.html")
    assert "<strong>secret-003</strong>" in page.text and 'class="large"' in page.text
    assert "sandbox" in page.headers["Content-Security-Policy"].split("; ")
    pdf = desk.follow(made, f"/{FIRST}.secret-003.pdf?save")
    assert pdf.content.startswith(b"%PDF-") and b"/StructTreeRoot" in pdf.content
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert "attachment" in pdf.headers["Content-Disposition"]


def test_the_key_on_paper_says_whom_it_is_for_and_what_is_wrong_is_said_at_the_form(
    desk: Reader, room: DeskCourse
) -> None:
    made = desk.post(f"print/{FIRST}", kind="key", student="")
    assert "give it to nobody but instructors" in made.text
    assert "For instructors alone" in desk.follow(made, f"/{FIRST}.key.html").text
    nobody = desk.post(f"print/{FIRST}", kind="worksheet", student="<b>x")
    assert nobody.status_code == 422 and "The gradebook has no student “&lt;b&gt;x”" in nobody.text
    nothing = desk.post(f"print/{FIRST}", student="")
    assert nothing.status_code == 422 and "Choose it, and press" in nothing.text
    release = room.root / "release" / FIRST
    release.rename(release.with_name("away"))
    try:
        page = desk.get(f"print/{FIRST}").text
        assert "is not made yet" in page and 'value="key"' in page and 'value="worksheet"' not in page
        unmade = desk.post(f"print/{FIRST}", kind="worksheet", student="")
        assert unmade.status_code == 422
    finally:
        release.with_name("away").rename(release)


def test_a_report_that_is_not_held_is_said_to_be_gone(desk: Reader) -> None:
    for address in ("reported/nothing", "reported/nothing/report.html"):
        page = desk.get(address)
        assert page.status_code == 404 and "Make it again from the desk; nothing was lost." in page.text


def test_no_student_sees_a_report(room: DeskCourse) -> None:
    at = room.server(FIELDGUIDE_ROLE="student")
    try:
        reader = Reader(at)
        for address in ("report", f"report/{FIRST}", "reported/any", "reported/any/report.html"):
            page = reader.get(address)
            assert page.status_code == 403 and "for instructors and assistants" in page.text
    finally:
        at.stop()


def test_the_notebook_to_explore_in_runs_from_the_folder_of_reports(
    room: DeskCourse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inside = room.root / "notes"
    inside.mkdir()
    monkeypatch.chdir(inside)
    notebook = json.loads(exploring_notebook([FIRST]))
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec(cell["source"], names)
    percent = names["percent"]
    assert isinstance(percent, pd.Series) and len(percent) == 14 and percent.between(0, 100).all()
