"""The engine: scheduling, paged cache and sampling for many requests in one batch."""
