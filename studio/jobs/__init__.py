"""Single calls of tools that a worker carries out: the web process has no browser."""
