"""Restyling of a page by simple instructions, without a model. `restyle` is the entry point."""
