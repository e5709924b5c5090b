"""config.json in the shapes it comes in: Moonshot's names, transformers' names, both."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference.checkpoint.config import KimiConfig, read_config

MOONSHOT_TO_TRANSFORMERS = {
    "vt_hidden_size": "hidden_size",
    "vt_num_hidden_layers": "num_hidden_layers",
    "vt_num_attention_heads": "num_attention_heads",
    "vt_intermediate_size": "intermediate_size",
    "init_pos_emb_height": "pos_emb_height",
    "init_pos_emb_width": "pos_emb_width",
    "init_pos_emb_time": "pos_emb_time",
}
Changed = Callable[[Callable[[dict[str, Any]], object]], KimiConfig]


@pytest.fixture
def usual(random_checkpoint: Path) -> KimiConfig:
    return read_config(random_checkpoint)


@pytest.fixture
def changed(random_checkpoint: Path, tmp_path: Path) -> Changed:
    """The random checkpoint's config with a change made to it, read alone, without
    generation_config.json.
    """

    def read(change: Callable[[dict[str, Any]], object]) -> KimiConfig:
        content = json.loads((random_checkpoint / "config.json").read_text())
        change(content)
        (tmp_path / "config.json").write_text(json.dumps(content))
        return read_config(tmp_path)

    return read


@pytest.mark.parametrize(
    "dropped", [MOONSHOT_TO_TRANSFORMERS.keys(), MOONSHOT_TO_TRANSFORMERS.values()]
)
def test_either_set_of_vision_names_will_do(
    usual: KimiConfig, changed: Changed, dropped: list[str]
) -> None:
    config = changed(lambda content: [content["vision_config"].pop(name) for name in dropped])
    assert config.vision == usual.vision


def test_rope_may_be_written_as_transformers_does(usual: KimiConfig, changed: Changed) -> None:
    def rename(content: dict[str, Any]) -> None:
        text = content["text_config"]
        rope = text.pop("rope_scaling")
        kind, theta = rope.pop("type"), text.pop("rope_theta")
        text["rope_parameters"] = {**rope, "rope_type": kind, "rope_theta": theta}

    assert changed(rename).text == usual.text


def test_no_rope_scaling_means_none(usual: KimiConfig, changed: Changed) -> None:
    config = changed(lambda content: content["text_config"].update(rope_scaling=None))
    assert config.text == replace(usual.text, yarn=None)


def test_the_placeholder_goes_by_two_names(usual: KimiConfig, changed: Changed) -> None:
    config = changed(lambda content: content.pop("media_placeholder_token_id"))
    assert config.media_placeholder_token_id == usual.media_placeholder_token_id


def test_without_a_generation_config_the_end_token_alone_stops(changed: Changed) -> None:
    assert changed(lambda content: None).stop_token_ids == (769,)


def test_the_latent_norms_eps_is_a_parameter(random_checkpoint: Path, usual: KimiConfig) -> None:
    assert usual.latent_norm_eps == 1e-6
    assert read_config(random_checkpoint, latent_norm_eps=1e-5) == replace(
        usual, latent_norm_eps=1e-5
    )
