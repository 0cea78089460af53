"""Having the keys read by a licensed social worker: the form to fill in, and taking it back."""
