"""`likeness`: a studio somewhere else, driven from a terminal or a script through its REST API.
Knows no Django.
"""
