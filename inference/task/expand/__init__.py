"""A labelled layout tree written out as HTML and CSS that a person would keep."""

from inference.task.expand.page import expand

__all__ = ["expand"]
