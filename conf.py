"""Settings of the manual for Sphinx. No logic: that is in extensions/living_manual.

Nothing about a district stands here; a district's own settings are in source/district.toml.
"""

extensions = ["myst_parser", "sphinx_design", "sphinx_needs", "living_manual"]
root_doc = "index"
nitpicky = True
exclude_patterns = ["**/README.md"]

# Pages are Markdown with ::: blocks. HTML in a page is not passed on.
myst_enable_extensions = ["colon_fence", "deflist"]
myst_disable_syntax = ["html_block", "html_inline"]
myst_heading_anchors = 3

# The data model; sphinx-needs and its editors read the same file.
needs_from_toml = "ubproject.toml"

html_theme = "living_manual"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_domain_indices = False
html_permalinks_icon = "#"
