"""A pass of the whole decoder as one compiled function, without Python or torch in between."""
