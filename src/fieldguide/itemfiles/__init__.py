"""A module's questions in the files that course sites take: QTI 1.2 for Canvas, QTI 2.1 for Blackboard, Moodle XML.

Keys and reasons are in these files: they are for instructors.
"""
