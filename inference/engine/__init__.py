"""The engine: scheduling, the paged cache, sampling, one batch for many requests."""
