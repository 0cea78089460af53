"""nbgrader's side: the key stripper, the grader that executes nothing, and the pages people read.

``nbgrader_config.py`` calls configure(), which uses nbgrader's own extension points and nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.grading.course import gradebook_address
from fieldguide.grading.exchange import use_our_steps

if TYPE_CHECKING:
    from traitlets.config import Config


def configure(config: Config) -> None:
    """Wire Field Guide into nbgrader; ``config`` is what get_config() returns in nbgrader_config.py.

    The lists are nbgrader's own defaults, with ours inserted where the comments say. Notebooks that are not Field
    Guide's pass through unchanged.
    """
    use_our_steps(config)
    # By name, so that reading the settings imports nothing: importing nbgrader takes longer than grading a class.
    config.GenerateAssignment.preprocessors = [
        "nbgrader.preprocessors.IncludeHeaderFooter",
        "nbgrader.preprocessors.InstantiateTests",
        "nbgrader.preprocessors.LockCells",
        "nbgrader.preprocessors.ClearSolutions",
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.CheckCellMetadata",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.SaveCells",
        "nbgrader.preprocessors.ClearHiddenTests",
        "nbgrader.preprocessors.ClearMarkScheme",
        # After SaveCells: the gradebook keeps the keys, the student's file does not get them.
        "fieldguide.grading.stripping.StripKeys",
        "fieldguide.grading.planning.AddPlan",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.Autograde.exporter_class = "fieldguide.grading.notebooks.InstructorNotebookExporter"
    config.Autograde.autograde_preprocessors = [
        "fieldguide.grading.grader.ExecuteOthers",
        "nbgrader.preprocessors.IgnorePattern",
        "nbgrader.preprocessors.LimitOutput",
        "fieldguide.grading.grader.SaveScores",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
        # Last: a grade cell that has become Markdown to be read does not pass CheckCellMetadata.
        "fieldguide.grading.grader.RenderItems",
    ]
    config.GenerateFeedback.exporter_class = "fieldguide.grading.exporters.FeedbackExporter"
    config.ZipCollectApp.collector_plugin = "fieldguide.grading.coursesites.CourseSiteFiles"
    config.ExportApp.plugin_class = "fieldguide.grading.grades.GradesExporter"
    here = str(Path.cwd())
    if ("?" in here or "%" in here) and "root" not in config.CourseDirectory:
        # nbgrader puts the folder into the gradebook's address without quoting it, and would open another file.
        config.CourseDirectory.db_url = gradebook_address(Path.cwd())
