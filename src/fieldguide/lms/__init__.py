"""A class's grades in the files that course sites take: Canvas, Moodle and Blackboard."""
