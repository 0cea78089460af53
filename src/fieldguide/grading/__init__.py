"""nbgrader's side: the key stripper, the grader that executes nothing, and the pages people read.

``nbgrader_config.py`` calls configure(); everything here hangs on nbgrader's own extension points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config


def configure(config: Config) -> None:
    """Wire Field Guide into nbgrader: ``config`` is the one that get_config() gives in nbgrader_config.py.

    The lists are nbgrader's own defaults with ours put in where the comments say; notebooks that are not
    Field Guide's pass through as they always did.
    """
    from nbgrader import preprocessors as stock

    from fieldguide.grading import grader, stripping
    from fieldguide.grading.feedback import FeedbackExporter
    from fieldguide.grading.notebooks import InstructorNotebookExporter

    config.GenerateAssignment.preprocessors = [
        stock.IncludeHeaderFooter,
        stock.InstantiateTests,
        stock.LockCells,
        stock.ClearSolutions,
        stock.ClearOutput,
        stock.CheckCellMetadata,
        stock.ComputeChecksums,
        stock.SaveCells,
        stock.ClearHiddenTests,
        stock.ClearMarkScheme,
        # After SaveCells: the gradebook keeps the keys, the student's file does not get them.
        stripping.StripKeys,
        stock.ComputeChecksums,
        stock.CheckCellMetadata,
    ]
    config.Autograde.exporter_class = InstructorNotebookExporter
    config.Autograde.autograde_preprocessors = [
        grader.ExecuteOthers,
        stock.IgnorePattern,
        stock.LimitOutput,
        grader.ScoreItems,
        stock.SaveAutoGrades,
        grader.SaveEssays,
        stock.AssignLatePenalties,
        stock.CheckCellMetadata,
        # Last: a grade cell that has become Markdown to be read does not pass CheckCellMetadata.
        grader.RenderItems,
    ]
    config.GenerateFeedback.exporter_class = FeedbackExporter
