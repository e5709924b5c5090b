"""How likeness-mini is made: pages are harvested, their trees labelled by their own DOM, a model
trained on them.
"""
