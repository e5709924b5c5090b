"""Checkpoints: configuration, loading, and random checkpoints for tests."""
