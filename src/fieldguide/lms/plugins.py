"""The same files from ``nbgrader export --exporter=fieldguide.lms.plugins.CanvasExporter``, and so on."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Dict, Unicode

from fieldguide.grading.course import Course, CourseError
from fieldguide.lms.exporting import Wanted, export_grades


class _Exporter(ExportPlugin):  # type: ignore[misc]
    """Writes the assignments that ``--assignment`` names. What has to be looked into is logged as a warning."""

    LMS: ClassVar[str]

    columns = Dict({}, help="How a module's column is called, where it is not called as the module is.").tag(
        config=True
    )

    def export(self, gradebook: Gradebook) -> None:
        wanted = Wanted(
            lms=self.LMS,
            modules=tuple(str(name) for name in self.assignment),
            into=self._into(),
            to=Path(self.to) if self.to else None,
            columns=self.columns,
            scale=getattr(self, "scale", False),
        )
        try:
            target, told = export_grades(Course.of(self.parent.coursedir), gradebook, wanted)
        except CourseError as error:
            self.parent.fail("%s", error)
        for line in told.done:
            self.log.info("%s", line)
        for line in told.doubts:
            self.log.warning("%s", line)
        self.log.info("Exported grades to %s", target)

    def _into(self) -> Path | None:
        return None


class _Filler(_Exporter):
    into = Unicode("", help="The file that the course site's gradebook downloaded; it stays as it is.").tag(config=True)
    scale = Bool(False, help="Whether points are brought to what the site's column is worth.").tag(config=True)

    def _into(self) -> Path | None:
        return Path(self.into) if self.into else None


class CanvasExporter(_Filler):
    """Fills grades into a file from Canvas."""

    LMS = "canvas"


class BlackboardExporter(_Filler):
    """Fills grades into a file from Blackboard."""

    LMS = "blackboard"


class MoodleExporter(_Exporter):
    """Writes the grades of one module, with feedback, for Moodle."""

    LMS = "moodle"
