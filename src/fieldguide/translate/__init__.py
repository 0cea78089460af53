"""The course in other languages: catalogues of its texts, and notebooks built with them."""
