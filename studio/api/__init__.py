"""The REST API: what programs do with a studio. Thin shells around the same services and access as
the pages.
"""
