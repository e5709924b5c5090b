"""From a mockup's hints to its layout tree: tidy the noise, join lines to paragraphs, cut into rows
and columns.
"""
