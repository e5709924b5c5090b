"""Label a layout tree: what each node is. By rules or by a small model."""
