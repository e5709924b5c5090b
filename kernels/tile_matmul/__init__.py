"""A weight times activations that are rounded to int8: weights in tiles of 16 rows, as the CPU's
dot instructions eat.

Weights are INT4 (the checkpoint's own codes and scales) or int8, activations int8, both with one
scale for 32 columns; products are summed exactly within a group of 32 and in float32 beyond it.
"""
