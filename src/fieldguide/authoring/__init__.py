"""From a module's text to its notebooks: the open, the instructor's and the student's edition."""
