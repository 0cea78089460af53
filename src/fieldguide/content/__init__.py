"""The course's content in one file, as whoever grades gets it: the instructor's edition of every module, with keys.

From it a course folder is begun, and one that a class already works in is brought up to a newer text.
"""
