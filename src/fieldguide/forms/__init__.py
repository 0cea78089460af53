"""Forms: several texts of one cell, with choices beside them, saved together while a student writes.

The worksheet and the student's policy are forms. A text is kept as an essay is: its current words and nothing older.
"""
