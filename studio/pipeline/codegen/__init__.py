"""A labelled layout tree written as HTML and CSS that a person would keep."""

from studio.pipeline.codegen.document import write_page

__all__ = ["write_page"]
