"""References to custom properties: replaced at every level; cycles end."""

from __future__ import annotations

import pytest

from studio.pipeline.stacks.theme import LONGEST_VALUE, resolve_variables

TOKENS = {"--brand": "var(--blue)", "--blue": "#0000ff", "--loop": "var(--loop)"}


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ("var(--brand)", "#0000ff"),
        ("1px solid var(--brand)", "1px solid #0000ff"),
        ("var(--none, red)", "red"),
        ("var(--none)", ""),
        ("var(--loop)", "var(--loop)"),
    ],
)
def test_references_are_replaced(value: str, resolved: str) -> None:
    assert resolve_variables(value, TOKENS) == resolved


def test_an_unknown_one_can_stay() -> None:
    assert resolve_variables("var(--none)", TOKENS, keeps_unknown=True) == "var(--none)"


def test_references_that_multiply_end_early() -> None:
    """Ten references in each of eight levels would be 100 million."""
    tokens = {f"--t{i}": f"var(--t{i + 1}) " * 10 for i in range(8)}
    assert len(resolve_variables("var(--t0)", tokens)) < 100 * LONGEST_VALUE
