"""nbgrader's part of setting up a course, run in a process of its own: nbgrader takes seconds and 100 MB to import.

    python -m fieldguide.hub.nbgrader_setup MODULE...

Runs in the course folder with the instructor's settings. Adds the students to the gradebook and makes each module's
student edition. Prints a line of JSON for each module as soon as it is done: its name, and why nbgrader could not make
it, or null.
"""

from __future__ import annotations

import json
import sys

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader

from fieldguide.hub.accounts import STUDENTS


def main(modules: list[str]) -> None:
    """Set up the gradebook and these modules."""
    app = NbGrader()
    app.initialize([])
    api = NbGraderAPI(config=app.config)
    with api.gradebook as gradebook:
        add_students(gradebook)
    for module in modules:
        result = api.generate_assignment(module, force=True, create=True)
        sys.stderr.write(result.get("log") or "")
        reason = str(result.get("error") or result.get("log") or "nbgrader gave no reason")
        sys.stdout.write(json.dumps([module, None if result["success"] else reason]) + "\n")
        sys.stdout.flush()


def add_students(gradebook: Gradebook) -> None:
    """Add the students who are not in the gradebook; a name that the instructor has changed is kept."""
    for student in STUDENTS:
        try:
            gradebook.find_student(student.id)
        except MissingEntry:
            gradebook.add_student(student.id, first_name=student.first_name, last_name=student.last_name)


if __name__ == "__main__":
    main(sys.argv[1:])
