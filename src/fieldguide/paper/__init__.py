"""A module on paper: a worksheet to print, an answer sheet, and entering what somebody wrote on one.

Worksheets are made of the student's edition, which holds no graded key; what explains itself, and keys for instructors,
are sheets of their own. What was written is entered through the sessions that a page talks to.
"""
