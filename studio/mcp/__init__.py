"""The Model Context Protocol: the tools of `studio/pipeline/tools` for agents outside."""
