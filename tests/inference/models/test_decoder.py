"""The decoder over its cache: whatever is chunked, batched or paged, the answer is that of one
whole pass.

The bound is on logits of about 10: float32 sums in another order differ by 3e-5 here.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from inference.checkpoint.config import read_config
from inference.checkpoint.load import load
from inference.engine.logits import compute_logits
from inference.models.kimi import Kimi
from inference.models.mla import find_expansion_threshold
from tests.inference.models.passes import Run, words

BOUND = 1e-4


def apart(ours: torch.Tensor, right: torch.Tensor) -> float:
    assert ours.shape == right.shape
    return (ours - right).abs().max().item()


@pytest.mark.parametrize("form", ["cheaper", "absorbed", "expanded"])
def test_a_prompt_in_chunks_gives_the_logits_of_a_whole_one(model: Kimi, form: str) -> None:
    model.language_model.model.form = form
    prompt = words(150, seed=1)
    run = Run(model)
    chunks = [run.feed(a=chunk)["a"] for chunk in prompt.split([70, 1, 1, 20, 58])]
    assert apart(torch.cat(chunks), compute_logits(model, prompt)) < BOUND


def test_sequences_in_one_pass_do_not_see_each_other(model: Kimi) -> None:
    a, b, c = words(40, seed=1), words(130, seed=2), words(9, seed=3)
    run = Run(model)
    run.feed(a=a[:39], c=c[:5])
    together = run.feed(
        b=b, a=a[39:], c=c[5:]
    )  # many tokens, one, and a few: both forms of attention at once
    assert apart(together["a"], compute_logits(model, a)[39:]) < BOUND
    assert apart(together["b"], compute_logits(model, b)) < BOUND
    assert apart(together["c"], compute_logits(model, c)[5:]) < BOUND


def test_a_token_changes_nothing_before_it(model: Kimi) -> None:
    prompt = words(30, seed=4)
    other = prompt.clone()
    other[20] = (other[20] + 1) % 768
    first, second = compute_logits(model, prompt), compute_logits(model, other)
    assert apart(first[:20], second[:20]) < BOUND
    assert apart(first[20:], second[20:]) > 100 * BOUND


def test_pictures_stand_in_their_places_whatever_the_placeholders_id(model: Kimi) -> None:
    pixels = torch.rand(24, 3, 14, 14, generator=torch.Generator().manual_seed(1)) * 2 - 1
    prompt = torch.cat(
        (
            words(3, seed=1),
            torch.full((6,), model.config.media_placeholder_token_id),
            words(4, seed=2),
        )
    )
    seen = compute_logits(model, prompt, pixels, torch.tensor([[1, 4, 6]]))
    features = model.encode_images(pixels, torch.tensor([[1, 4, 6]]))[0]
    table = model.language_model.model.embed_tokens
    table.weight = torch.nn.Parameter(
        torch.cat((table.weight.float(), features)), requires_grad=False
    )
    as_words = torch.cat((prompt[:3], torch.arange(6) + model.config.text.vocab_size, prompt[9:]))
    assert apart(seen, compute_logits(model, as_words)) == 0


def test_the_latent_norms_eps_can_be_that_of_vllm(random_checkpoint: Path, model: Kimi) -> None:
    other = load(random_checkpoint, latent_norm_eps=1e-5)
    assert 0 < apart(compute_logits(model, words(9, 1)), compute_logits(other, words(9, 1))) < 1e-2


def test_bf16_activations_come_near_float32(random_checkpoint: Path, model: Kimi) -> None:
    """Two roundings of 2^-9 for each of some 20 steps: 2 % of a logit's spread, more where an
    expert flips.
    """
    prompt = words(40, seed=6)
    exact, rounded = (
        compute_logits(model, prompt),
        compute_logits(load(random_checkpoint, dtype=torch.bfloat16), prompt),
    )
    typical = ((exact - rounded).square().mean(-1).sqrt() / exact.std(-1)).median().item()
    assert 0 < typical < 0.05


def test_the_cache_costs_what_the_formula_says(model: Kimi) -> None:
    text = model.config.text
    cache = model.new_cache(4, 16)
    assert (
        cache.nbytes
        == 4 * 16 * text.num_hidden_layers * (text.kv_lora_rank + text.qk_rope_head_dim) * 4
    )


def test_expanding_pays_from_171_tokens_on_in_the_real_model(random_checkpoint: Path) -> None:
    from dataclasses import replace

    small = read_config(random_checkpoint).text
    assert (
        find_expansion_threshold(
            replace(small, kv_lora_rank=512, qk_nope_head_dim=128, v_head_dim=128)
        )
        == 171
    )
