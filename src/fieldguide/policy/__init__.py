"""The student's own social media policy: its parts in the modules, the whole of it at the end, and its documents."""
