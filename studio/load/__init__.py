"""The load test of `manage.py bench --load`; no part of a studio needs it."""
