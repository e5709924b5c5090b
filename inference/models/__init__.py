"""The model in torch, module for module as the checkpoint names it; its arithmetic is in `kernels`."""
