"""Fit the numbers of the layout draft."""
