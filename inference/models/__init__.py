"""The model in torch, with the checkpoint's module names. Its arithmetic is in `kernels`."""
