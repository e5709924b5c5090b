"""Checkpoints: configuration, loading, random checkpoints."""
