"""The digest of a case: a page to project in class, made of what a class handed in, on which nobody can be told apart.

``figures`` holds the rule for numbers, ``reasons`` that for words; ``making`` puts the page together.
"""
