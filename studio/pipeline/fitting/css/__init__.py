"""Fitting of code: a page's own numbers and colors are changed until it looks like its mockup."""
