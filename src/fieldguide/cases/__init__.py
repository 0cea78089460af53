"""Cases: a vignette, scenes in which a student chooses what to do, and a decision to be compared.

``model``, ``reading``, ``graph`` and ``paths`` are pure, and all that grading needs; the rest shows a case in a
notebook. Nothing is imported here, so that grading loads no widget.
"""
