"""The host of sessions in a notebook: cell magics, and one widget for a cell of any kind."""
