"""The class report: what a class understood, and how well its questions work, as data frames, a page and CSV files.

``gathering`` reads a class into frames, ``statistics`` holds the formulas, ``advice`` what a figure means and what to
do, ``page`` and ``plots`` what an instructor looks at, ``tables`` the CSV files, and ``making`` puts it together.
"""
