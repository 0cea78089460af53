"""nbgrader's settings for everybody in the classroom; those in the instructor's course folder count more."""

import os

from fieldguide.grading import configure
from fieldguide.sharing.setting_up import use_service

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (nbgrader provides it)

if os.environ.get("FIELDGUIDE_EXCHANGE_SERVICE"):
    use_service(c, os.environ["FIELDGUIDE_EXCHANGE_SERVICE"])
configure(c)

c.CourseDirectory.course_id = os.environ["FIELDGUIDE_COURSE_ID"]
c.Exchange.root = os.environ["FIELDGUIDE_EXCHANGE"]

# Submissions are named by their time. nbgrader reads a zone back from its abbreviation, which says nothing for most of
# the world, and an offset such as +0200 would break the names at the "+": so the record is kept in UTC.
c.Exchange.timezone = "UTC"

if os.environ["FIELDGUIDE_ROLE"] == "student":
    # By itself nbgrader would take the system user's name, which is the same for all.
    c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
    c.Submit.collectors = os.environ.get("FIELDGUIDE_COLLECTORS", "")
else:
    c.CourseDirectory.root = os.environ["FIELDGUIDE_COURSE"]
    if os.environ.get("FIELDGUIDE_GRADEBOOK"):
        c.CourseDirectory.db_url = os.environ["FIELDGUIDE_GRADEBOOK"]
    # The settings in force, shown under Formgrader's list of modules, help whoever sets up a server; not here.
    c.FormgradeExtension.debug = False
