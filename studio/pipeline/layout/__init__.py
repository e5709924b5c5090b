"""From a mockup's hints to its layout tree.

Noise is removed, lines are joined to paragraphs, and items are cut into rows and columns.
"""
