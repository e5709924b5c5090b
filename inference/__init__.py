"""The model's house: what it is asked (`task`), how it is reached (`client`), and, later, the
engine that runs it.
"""
