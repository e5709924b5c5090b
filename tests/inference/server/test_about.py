from __future__ import annotations

import httpx

from tests.inference.server.conftest import Says, Server


def test_the_model_is_listed(server: Server) -> None:
    listed = server.openai.models.list().data
    assert [(model.id, model.owned_by) for model in listed] == [("tiny", "likeness")]
    assert listed[0].max_model_len == 8192


def test_it_is_healthy(server: Server) -> None:
    said = httpx.get(f"{server.url}/health").json()
    assert (said["status"], said["model"]) == ("ok", "tiny")
    assert said["kernels"].startswith("compiled kernels with ")


def test_a_server_whose_engine_has_ended_is_not_healthy(says: Says) -> None:
    server = says("x")
    server.service.live.close()
    got = httpx.get(f"{server.url}/health")
    assert got.status_code == 503
    assert got.json()["status"] == "the engine has ended; its log says why"


def test_metrics_count_what_was_done(server: Server) -> None:
    def read() -> dict[str, float]:
        text = httpx.get(f"{server.url}/metrics").text
        return {
            name: float(value)
            for name, value in (line.split() for line in text.splitlines() if line[0] != "#")
        }

    before = read()
    made = 0
    for _ in range(2):
        got = server.openai.chat.completions.create(
            model="tiny",
            messages=[{"role": "user", "content": "count me, please, word by word"}],
            max_tokens=5,
        )
        made += got.usage.completion_tokens
    after = read()
    grown = {name.removeprefix("likeness_engine_"): after[name] - before[name] for name in after}
    assert grown["requests_total"] == 2
    assert grown["completion_tokens_total"] == made > 0
    assert grown["prompt_tokens_cached_total"] >= 16
    assert after["likeness_engine_blocks_free"] == after["likeness_engine_blocks"] == 512
