"""A checkpoint that is ready to answer: model, tokenizer and engine; conversations to prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from inference.chat.images import (
    ImageError,
    ImageLimits,
    Patches,
    cut_patches,
    read_image,
    read_limits,
)
from inference.chat.template import ChatError, encode, render, stop_ids
from inference.chat.tokenizer import Tokenizer, read_tokenizer
from inference.checkpoint.config import KimiConfig
from inference.checkpoint.load import CheckpointError, load
from inference.engine.batch import Model
from inference.engine.engine import Engine
from inference.engine.grammar import Grammar
from inference.engine.live import LiveEngine
from inference.engine.scheduler import Limits
from inference.engine.sequence import PromptPicture, expand_pictures
from inference.models.sides import explain_unsupported
from kernels.dispatch import KernelChoice, Wish, choose, find_gpu


@dataclass(frozen=True)
class Service:
    """A loaded checkpoint under a name, with its running engine."""

    name: str
    config: KimiConfig
    tokenizer: Tokenizer
    image_limits: ImageLimits
    live: LiveEngine
    kernels: str  # which kernels are used, and why

    @cached_property
    def stop_ids(self) -> frozenset[int]:
        return stop_ids(self.config, self.tokenizer)

    @cached_property
    def grammar(self) -> Grammar:
        """Masks for this vocabulary, made on first use. Raises GrammarError."""
        return Grammar(self.tokenizer, self.stop_ids)

    def prompt(
        self,
        messages: Sequence[Mapping[str, Any]],
        pictures: Mapping[str, bytes],
        *,
        tools: Sequence[Mapping[str, Any]] = (),
        thinking: bool = True,
        preserve_thinking: bool = False,
    ) -> tuple[list[int], list[PromptPicture]]:
        """Return the prompt's tokens for messages in OpenAI's format, and the pictures in it.

        `pictures` maps the field of each picture to the content of its file, in the order of the
        messages. Slow for large pictures. Raises ChatError.
        """
        pieces = render(
            messages, tools=tools, thinking=thinking, preserve_thinking=preserve_thinking
        )
        patches = [self._cut_patches(data, field) for field, data in pictures.items()]
        ids = encode(pieces, self.tokenizer)
        return expand_pictures(ids, self.config.media_placeholder_token_id, patches)

    def close(self) -> None:
        self.live.close()

    def _cut_patches(self, data: bytes, field: str) -> Patches:
        if self.config.vision is None:
            raise ChatError(field, f"is a picture, but {self.name} is text-only.")
        try:
            return cut_patches(read_image(data), self.image_limits)
        except ImageError as error:
            raise ChatError(field, f"is no picture this server can read: {error}") from None


def open_service(
    folder: Path | str,
    name: str | None = None,
    limits: Limits | None = None,
    kernels: Wish = "auto",
    expert_budget: int | None = None,
) -> Service:
    """Load the checkpoint in `folder` and start its engine.

    `name`: the folder's name by default. `expert_budget`: bytes of GPU memory for routed experts,
    see `inference.models.placement`. Raises CheckpointError.
    """
    folder = Path(folder)
    tokenizer = read_tokenizer(folder)
    image_limits = read_limits(folder)
    model, choice = load_model(folder, kernels, expert_budget)
    if tokenizer.vocab_size != model.config.text.vocab_size:
        raise CheckpointError(
            f"The tokenizer in {folder} has {tokenizer.vocab_size} tokens, but "
            f"text_config.vocab_size in config.json is {model.config.text.vocab_size}."
        )
    live = LiveEngine(Engine(model, tokenizer, limits))
    return Service(
        name or folder.resolve().name, model.config, tokenizer, image_limits, live, choice.why
    )


def load_model(
    folder: Path, kernels: Wish, expert_budget: int | None = None
) -> tuple[Model, KernelChoice]:
    """Load the checkpoint on the GPU with kernels "auto" if there is a GPU, else on the CPU.

    Raises CheckpointError.
    """
    name = find_gpu() if kernels == "auto" else None
    if name is None:
        return load_for_cpu(folder, kernels)
    kimi = load(folder, dtype=torch.bfloat16, device="cuda", expert_budget=expert_budget)
    kimi.shuffle()
    return kimi, KernelChoice(False, f"Triton kernels on {name}")


def load_for_cpu(folder: Path, kernels: Wish) -> tuple[Model, KernelChoice]:
    """Load the checkpoint with the chosen CPU kernels. Raises CheckpointError."""
    kimi = load(folder)
    try:
        choice = choose(kernels, explain_unsupported(kimi.config.text))
    except ValueError as error:
        raise CheckpointError(str(error)) from None
    if not choice.compiled:
        return kimi, choice
    from inference.models.compiled import Compiled

    return Compiled(kimi), choice
