"""The kinds of cell that a notebook has: each is a row of ``kinds.KINDS``, which whoever treats cells of any kind asks.

Nothing is imported here, and a row imports what its cells are, not how they are shown: grading loads no widget.
"""
