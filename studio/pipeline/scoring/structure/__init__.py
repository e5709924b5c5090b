"""Structure: generated code compared with the code that the page's own author wrote."""
