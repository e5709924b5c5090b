"""The loop with a real model server: llama.cpp over HTTP. What so small a model writes is nobody's
business here.
"""

from __future__ import annotations

import io

from PIL import Image

from inference.client import connect
from studio.pipeline.bundle import Bundle
from studio.pipeline.loop.attempts import LoopEvent, LoopOptions
from studio.pipeline.loop.generate import generate
from studio.pipeline.rendering.render import Renderer
from tests.peers import smollm

PAGE = '<!doctype html><body style="font:20px sans-serif"><h1>Good morning</h1><p>Bread at seven.</p></body>'
TOKENS = 200  # the model may write; a second or two


def test_a_real_server_drives_a_run_to_its_end() -> None:
    events: list[LoopEvent] = []
    with smollm() as url, Renderer() as renderer:
        png = renderer.render(Bundle({"index.html": PAGE}), width=600, height=300).png
        mockup = Image.open(io.BytesIO(png)).convert("RGB")
        client = connect(url)
        options = LoopOptions(rounds=1, tokens=TOKENS, target=1.0)
        result = generate(
            mockup, options=options, renderer=renderer, client=client, emit=events.append
        )
        client.close()
    written = "".join(event.data["text"] for event in events if event.kind == "chunk")
    assert written.strip()
    assert 0 < result.usage.completion_tokens <= TOKENS
    assert result.usage.prompt_tokens > TOKENS  # picture left out, hints and draft in
    assert [attempt.source for attempt in result.attempts] == ["draft", "model"]
    assert result.stop_reason == "rounds spent"
    assert result.winner is not None
