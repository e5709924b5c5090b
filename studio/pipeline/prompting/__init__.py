"""Prompts for a large model: what it is told, and how its answer is read."""
