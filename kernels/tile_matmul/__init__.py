"""A weight times activations on the CPU, with int8 dot products and weights in tiles of 16 rows.

Weights are INT4 (the checkpoint's codes and scales) or int8, activations are rounded to int8. Both
have one scale for 32 columns. Products are summed exactly within a group of 32, and the groups in
float32.
"""
