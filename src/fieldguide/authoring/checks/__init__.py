"""Checks of the content that need all modules together, beyond what reading one module checks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fieldguide.authoring.checks import (
    citations,
    copying,
    coverage,
    cues,
    debris,
    figures,
    forms,
    heads,
    items_page,
    keys,
    minutes,
    norming,
    overview,
    plan,
    reading_grade,
    reviews,
    routes,
    variety,
    wording,
)
from fieldguide.authoring.checks.course_text import read_course
from fieldguide.authoring.checks.findings import Finding

__all__ = ["Finding", "Report", "run"]

#: The pages that are written from the modules.
_PAGES = (overview, items_page)
_CHECKS = (
    heads.check,
    coverage.check,
    plan.check,
    norming.check,
    minutes.check,
    routes.check,
    keys.check,
    forms.check,
    cues.check,
    variety.check,
    wording.check,
    debris.check,
    citations.check,
    reading_grade.check,
    figures.check,
    reviews.check,
)


@dataclass(frozen=True, slots=True)
class Report:
    """The findings, in the order of files and lines, and the coverage in one line."""

    findings: tuple[Finding, ...]
    coverage: str

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]

    @property
    def remarks(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_error]


def run(project: Path, guide: Path | None = None, *, write: bool = False) -> Report:
    """Check a project's modules. ``guide`` is the file with the guide's text; with ``write``, docs/ is written first.

    Raises ReadingError when a module or a data file cannot be read at all.
    """
    course = read_course(project)
    if write:
        for written in _PAGES:
            target = project / written.PAGE
            target.parent.mkdir(exist_ok=True)
            target.write_text(written.page(course), encoding="utf-8")
    findings = [finding for check in _CHECKS for finding in check(course)]
    findings += copying.check(course, guide)
    findings += [finding for written in _PAGES for finding in written.check(course)]
    findings.sort(key=lambda finding: (finding.file, finding.line))
    return Report(tuple(findings), overview.summary(coverage.coverage_of(course)))
