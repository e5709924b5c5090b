"""`python -m tests.interop.compare_engines OURS THEIRS MODEL`: two servers of one checkpoint, held
side by side.

Prints, for each prompt, the tokens counted, the first tokens chosen greedily and the largest
difference of log-probabilities among the likeliest tokens that both name.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import httpx

PROMPTS = ("hi there", "Write a page with three cards.", "Grüße, 世界!", "word " * 300)
LIKELIEST = 20
GREEDY = 8
TOOL = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def ask(url: str, path: str, **body: Any) -> dict[str, Any]:
    got = httpx.post(f"{url}{path}", json=body, timeout=300)
    got.raise_for_status()
    answer: dict[str, Any] = got.json()
    return answer


def count(url: str, model: str, prompt: str, *, tools: bool = False) -> int:
    more: dict[str, Any] = {}
    if tools:
        function = {"name": "weather", "description": "Tell the weather", "parameters": TOOL}
        more["tools"] = [{"type": "function", "function": function}]
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": prompt}]
    answer = ask(url, "/v1/chat/completions", model=model, messages=messages, max_tokens=1, **more)
    return int(answer["usage"]["prompt_tokens"])


def first_tokens(url: str, model: str, prompt: str) -> tuple[list[str], dict[str, float]]:
    """Return (the tokens chosen greedily, the log-probabilities of the likeliest first ones)."""
    wanted = {"model": model, "prompt": prompt, "max_tokens": GREEDY, "temperature": 0}
    wanted["return_tokens_as_token_ids"] = True
    told = ask(url, "/v1/completions", **wanted, logprobs=LIKELIEST)["choices"][0]["logprobs"]
    return told["tokens"], told["top_logprobs"][0]


def main(ours: str, theirs: str, model: str) -> None:
    for prompt in PROMPTS:
        counted = [count(url, model, prompt) for url in (ours, theirs)]
        tools = [count(url, model, prompt, tools=True) for url in (ours, theirs)]
        (own, top), (other, other_top) = (
            first_tokens(url, model, prompt) for url in (ours, theirs)
        )
        both = top.keys() & other_top.keys()
        worst = max((abs(top[token] - other_top[token]) for token in both), default=float("nan"))
        same = next(
            (n for n, pair in enumerate(zip(own, other, strict=False)) if pair[0] != pair[1]),
            len(own),
        )
        line = {
            "prompt": prompt[:30],
            "tokens": counted,
            "with a tool": tools,
            "first token": [own[0], other[0]],
            "greedy tokens alike": same,
            "likeliest in both": len(both),
            "largest difference": round(worst, 4),
        }
        print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
