"""Having the keys read by a licensed social worker: the form they fill in, and what becomes of it."""
