"""The training of likeness-mini.

Pages are harvested, their trees are labelled from their own DOM, and a model is trained on them.
"""
