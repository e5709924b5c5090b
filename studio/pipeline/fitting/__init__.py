"""Fitting of numbers to the mockup: the draft's tree, or any page's CSS."""
