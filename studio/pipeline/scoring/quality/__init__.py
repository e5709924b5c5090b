"""Code quality: whether a developer would merge this code."""
