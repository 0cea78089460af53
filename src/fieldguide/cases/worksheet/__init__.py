"""The worksheet of the ETHIC steps: ``model`` is pure, and all that grading needs; the rest shows one in a notebook."""
