"""A model that works with tools: its conversation, and the page or section it works on."""
