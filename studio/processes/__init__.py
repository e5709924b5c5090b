"""Processes: what `serve` starts and supervises."""
