"""A pass of the whole decoder as one compiled function: no Python and no torch between its
operations.
"""
