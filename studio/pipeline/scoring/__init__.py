"""Scores of a render: likeness, code quality, Design2Code, recognition."""
