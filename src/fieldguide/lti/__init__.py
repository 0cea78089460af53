"""Sign-in through a school's course site (LTI 1.3): Canvas, Moodle, Blackboard.

A service of the hub with an account of its own takes what a course site sends and finds out whether it is true; the
hub, which is root, asks it who comes, and makes their account.
"""
