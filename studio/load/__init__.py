"""The load that `manage.py bench --load` puts on a studio of its own. Measures; no part of a studio
needs it.
"""
