"""LlamaIndex."""

from __future__ import annotations

from checks import CALL, LONG, MODEL, URL, expect, run
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai_like import OpenAILike

model = OpenAILike(
    model=MODEL,
    api_base=f"{URL}/v1",
    api_key="none",
    is_chat_model=True,
    is_function_calling_model=True,
    context_window=200_000,
)


def weather(city: str) -> str:
    """Tell the weather."""
    return f"rain in {city}"


def stream() -> None:
    pieces = model.stream_chat([ChatMessage(role="user", content="[[say Yes.]]")])
    expect("".join(piece.delta or "" for piece in pieces), "Yes.")


def tools() -> None:
    got = model.predict_and_call([FunctionTool.from_defaults(fn=weather)], user_msg=CALL)
    expect(got.response, "rain in Graz")


if __name__ == "__main__":
    run(
        "llama-index-core",
        stream=stream,
        tools=tools,
        long_prompt=lambda: expect(model.complete(LONG).text, "I read 60000 characters"),
    )
