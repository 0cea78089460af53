"""The digest of a case: a page to project in class, made from a class's submissions, on which nobody can be identified.

``figures`` holds the rule for numbers, ``reasons`` the rule for texts; ``making`` puts the page together.
"""
