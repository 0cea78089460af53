"""nbgrader's settings for Field Guide. An instructor's course folder may have a copy of this file."""

from fieldguide.grading import configure

c = get_config()  # noqa: F821  (nbgrader gives it)

configure(c)

# Feedback tells each question's best answer and why. To keep them for next year's class, say False.
c.FeedbackExporter.show_best_answer = True
