"""The kit's own documentation: plain Sphinx and MyST, built by `make docs` without network.

None of the kit's extensions are loaded: its blocks are only shown here, as code.
"""

project = "Living Manual: the kit"
author = "The Living Manual contributors"
copyright = "2026, The Living Manual contributors"

extensions = ["myst_parser"]
root_doc = "index"
nitpicky = True

myst_heading_anchors = 3

html_theme = "pydata_sphinx_theme"
html_title = "Living Manual kit"
html_theme_options = {"secondary_sidebar_items": ["page-toc"], "show_prev_next": False}
# Pages without pages below them have nothing to show at the left.
html_sidebars = {name: [] for name in ("index", "authoring", "publishing", "architecture")}
html_copy_source = False
html_show_sourcelink = False
