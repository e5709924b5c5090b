"""Prompts for a large model, and reading of its answers."""
