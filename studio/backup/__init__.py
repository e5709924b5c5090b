"""Backup of a whole studio to one file, and restore into an empty one.

A backup is a gzipped tar: `manifest.json` first, then `rows/APP.MODEL.jsonl` in Django's
serialization, `files/NAME` for every stored file, `keys/NAME` for the secrets that the studio made
itself, and `end.json` with the counts, so that a file that was cut off is noticed. Rows are
independent of the database, so a studio can move from SQLite to PostgreSQL and from a folder to S3.
"""
