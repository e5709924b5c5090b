"""Labels for a layout tree: what each node is, by rules or by a small model."""
