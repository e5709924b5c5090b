"""The section library: an outline becomes an HTML + CSS page.

`build_page` is the entry point. Sections are written in `markup` by the functions of the modules
named for what they hold; `css` has their rules, of which a page gets those that it uses.
"""
