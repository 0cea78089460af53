"""A class that nobody is in: made-up students, what they answer, and how far a course has come with them.

For trying things out and for measuring: nothing of it comes from a person.
"""
