"""YaRN's numbers, against those of the real model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from inference.checkpoint.config import TextConfig, Yarn, read_config
from inference.models.rope import (
    Rope,
    compute_inverse_frequencies,
    compute_rotation_magnitude,
    compute_softmax_scale,
)

YARN = Yarn(64.0, 32.0, 1.0, 1.0, 1.0, 4096)


@pytest.fixture
def real(random_checkpoint: Path) -> TextConfig:
    """K2.6 as far as positions go."""
    small = read_config(random_checkpoint).text
    return replace(small, qk_nope_head_dim=128, qk_rope_head_dim=64, rope_theta=50000.0, yarn=YARN)


def test_frequencies_are_those_of_the_real_model(real: TextConfig) -> None:
    frequencies = compute_inverse_frequencies(real)
    assert frequencies.shape == (32,)
    known = {
        0: 1,
        8: 0.06687403,
        9: 0.043776656,
        14: 0.0044658487,
        19: 1.5837499e-4,
        20: 1.8070234e-5,
        31: 4.3822065e-7,
    }
    for pair, value in known.items():
        assert frequencies[pair].item() == pytest.approx(value, rel=1e-6)


def test_the_softmax_scale_is_that_of_the_real_model(real: TextConfig) -> None:
    assert compute_softmax_scale(real) == pytest.approx(0.1446796258, rel=1e-9)
    assert compute_rotation_magnitude(real) == 1.0


def test_the_older_beta_moves_where_stretching_begins(real: TextConfig) -> None:
    older = replace(real, yarn=replace(YARN, beta_fast=1.0))
    assert not torch.allclose(compute_inverse_frequencies(older), compute_inverse_frequencies(real))


def test_without_yarn_nothing_is_stretched(real: TextConfig) -> None:
    plain = replace(real, yarn=None)
    assert compute_softmax_scale(plain) == pytest.approx(192**-0.5)
    assert compute_inverse_frequencies(plain)[31].item() == pytest.approx(
        50000 ** (-62 / 64), rel=1e-6
    )


def test_one_mscale_alone_lengthens_the_rotation(real: TextConfig) -> None:
    assert compute_rotation_magnitude(
        replace(real, yarn=replace(YARN, mscale_all_dim=0.0))
    ) == pytest.approx(1.4158883084)


def test_tables_hold_cosine_and_sine_of_each_position(real: TextConfig) -> None:
    cos, sin = Rope(real).compute_tables(torch.tensor([0, 3]))
    assert cos[0].tolist() == [1.0] * 32
    assert sin[1, 0].item() == pytest.approx(0.14112000805)  # sin 3
