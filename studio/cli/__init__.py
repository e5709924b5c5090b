"""The `likeness` command, which drives a studio through its REST API. No Django."""
