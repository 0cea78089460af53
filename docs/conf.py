"""Settings of the docs as a site: ``./run site``. Nothing on a page is fetched from anywhere else."""

from __future__ import annotations

project = "Field Guide"
author = "The authors of Field Guide"
copyright = "code BSD-3-Clause, words CC BY 4.0"
language = "en"
extensions = ["myst_parser"]
root_doc = "docs/index"
# Parts of other pages, made of the modules.
exclude_patterns = ["docs/teach/made"]
# A level more than any page has, so that a link may name each heading.
myst_heading_anchors = 4
myst_enable_extensions = ["html_image"]

html_theme = "furo"
html_title = "Field Guide"
html_static_path = ["site"]
# The printed modules, which are pages already.
html_extra_path = ["../extra"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {
    "navigation_with_keys": False,
    # Furo's pages offer the source of each page where a repository is named. None is.
    "top_of_page_buttons": [],
}
