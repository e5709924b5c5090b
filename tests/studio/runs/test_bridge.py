"""The bridge comes before every other script of a page, however the page begins."""

from __future__ import annotations

import pytest

from studio.runs.frame_script import find_script_place


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<!doctype html>", "<html><script>evil</script>"),
        ("\ufeff \n<!DOCTYPE html SYSTEM 'about:legacy-compat'>", "<head>"),
        ("<!-- by a model --> <!doctype html>", "<script>evil</script>"),
        ("", "<html><head></head>"),
        ("", "<script>evil</script><!doctype html>"),
        ("", "<!--> <script>evil</script> --><!doctype html>"),  # a comment that is over at once
        ("", "<!-- --!> <script>evil</script> --><!doctype html>"),
        ("", "<!-- never closed <!doctype html>"),
        ("", "<?xml version='1.0'?><script>evil</script><!doctype html>"),
        ("", ""),
    ],
)
def test_it_stands_before_whatever_can_run(before: str, after: str) -> None:
    assert find_script_place(before + after) == len(before)
