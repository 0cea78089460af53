"""nbgrader's settings for this course. Field Guide's own are in force already; what stands here counts more."""

c = get_config()  # type: ignore[name-defined]  # noqa: F821  (nbgrader provides it)

# Feedback tells each question's best answer and why. To keep them for next year's class, say False.
c.FeedbackExporter.show_best_answer = True
