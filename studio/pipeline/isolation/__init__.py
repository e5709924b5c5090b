"""Isolation: limited processes for hostile input, other programs with limits, another user for the
browser.
"""
