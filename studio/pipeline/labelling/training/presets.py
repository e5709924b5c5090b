"""The sizes in which a model is trained, and its files beside the weights.

These are settings, vocabulary and template.
"""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import inference.checkpoint.make_random as make_random
from inference.chat.tokenizer import SPECIALS, SPECIALS_COUNT
from inference.checkpoint.make_random.settings import make_settings
from inference.checkpoint.make_random.sizes import Size
from studio.pipeline.labelling.model import alphabet

# Layers, hidden size, experts, their width.
PRESETS = {"tiny": (2, 64, 4, 32), "mini": (3, 96, 4, 64), "base": (6, 256, 16, 160)}


def build_vocabulary() -> list[bytes]:
    """Return every byte, a picture's name, prefixes of the walk's characters, and the characters.

    Each is made of two earlier entries.
    """
    words = [character.encode() for character in alphabet.list_characters()]
    prefixes = [sorted({word[:length] for word in words}) for length in (2, 3)]
    image = [b"image"[:length] for length in range(2, 6)]
    return [*(bytes([byte]) for byte in range(256)), *image, *prefixes[0], *prefixes[1], *words]


def get_size(preset: str) -> Size:
    """Return the sizes of a preset; raises KeyError for an unknown one."""
    vocab_size = len(build_vocabulary()) + SPECIALS_COUNT
    layers, hidden, experts, width = PRESETS[preset]
    return Size(
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=hidden // 32,
        q_lora_rank=max(64, hidden // 2),
        kv_lora_rank=64,
        qk_nope_head_dim=32,
        qk_rope_head_dim=16,
        v_head_dim=32,
        intermediate_size=3 * hidden,
        moe_intermediate_size=width,
        n_routed_experts=experts,
        num_experts_per_tok=2,
        vocab_size=vocab_size,
        vt_hidden_size=64,
        vt_num_hidden_layers=2,
        vt_num_attention_heads=2,
        vt_intermediate_size=192,
        pos_emb=4,
    )


def write_files(folder: Path, preset: str) -> None:
    """Write all files but the weights."""
    folder.mkdir(parents=True, exist_ok=True)
    size = get_size(preset)
    files: dict[str, Any] = make_settings(size, packed=True)
    files["config.json"]["text_config"]["max_position_embeddings"] = 8192
    files["config.json"]["text_config"]["rope_scaling"] = None
    files["generation_config.json"] |= {"max_length": 8192, "temperature": 0.0}
    files["likeness.json"] = {"task": "walk"}
    ranks = build_vocabulary()
    added = {
        str(len(ranks) + offset): {"content": name, "special": True}
        for offset, name in SPECIALS.items()
    }
    files["tokenizer_config.json"] = {
        "added_tokens_decoder": added,
        "bos_token": "[BOS]",
        "eos_token": "[EOS]",
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "model_max_length": 8192,
        "tokenizer_class": "TikTokenTokenizer",
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    lines = [f"{base64.b64encode(word).decode()} {rank}\n" for rank, word in enumerate(ranks)]
    (folder / "tiktoken.model").write_text("".join(lines), encoding="ascii")
    shutil.copyfile(
        Path(make_random.__file__).with_name("chat_template.jinja"), folder / "chat_template.jinja"
    )
