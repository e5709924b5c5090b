"""Restyle a page as a few words ask, without a model. `restyle` is the entry point."""
