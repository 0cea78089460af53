"""What a student sees: one anywidget view of an item, and the cell magics that show it. No scoring rules here."""
