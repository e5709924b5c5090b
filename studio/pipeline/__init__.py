"""The way from mockup to code: plain Python, without Django and without model code."""
