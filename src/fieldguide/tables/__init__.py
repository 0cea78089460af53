"""Small data tables with ready-made controls: search, filter, sort, group and bars, without a line of code.

What the controls show is worked out by pandas in the kernel, from the file beside the notebook; the page shows the
code that does the same (``operations`` holds both, side by side). pandas is imported when a table is shown, by
``views`` and ``operations`` alone: the rest of this package is read by every kernel and by the builder.

Why no library: itables 2.9 was looked at, the best kept of those that show pandas tables in a notebook. It brings
720 KB of script and styles with each table where this brings 20, and has neither groups nor bars nor a way to say in
pandas what is shown, so most of what is here would have stood beside it. A table of at most some hundred rows needs
no more than HTML's own table, and that is what screen readers know best.
"""
