"""litellm, by both APIs."""

from __future__ import annotations

import litellm
from checks import CALL, LONG, MODEL, URL, WEATHER, expect, picture, run

TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": WEATHER}}]


def ask(content: object, **more: object) -> object:
    messages = [{"role": "user", "content": content}]
    wanted = {"model": f"openai/{MODEL}", "api_base": f"{URL}/v1", "api_key": "none"}
    return litellm.completion(messages=messages, **{**wanted, **more})


def stream() -> None:
    pieces = ask("[[say Yes.]]", stream=True)
    expect("".join(piece.choices[0].delta.content or "" for piece in pieces), "Yes.")


def thinking() -> None:
    expect(ask("[[think Hm.]]").choices[0].message.reasoning_content, "Hm.")


def tools() -> None:
    call = ask(CALL, tools=TOOLS).choices[0].message.tool_calls[0]
    expect(call.function.arguments, "Graz")


def see_picture() -> None:
    url = {"url": f"data:image/png;base64,{picture()}"}
    got = ask([{"type": "image_url", "image_url": url}, {"type": "text", "text": "What?"}])
    expect(got.choices[0].message.content, "4 tokens of pictures")


def long_prompt() -> None:
    expect(ask(LONG).choices[0].message.content, "I read 60000 characters")


def by_anthropic() -> None:
    got = ask("[[say Yes.]]", model=f"anthropic/{MODEL}", api_base=URL)
    expect(got.choices[0].message.content, "Yes.")


if __name__ == "__main__":
    run(
        "litellm",
        stream=stream,
        thinking=thinking,
        tools=tools,
        picture=see_picture,
        long_prompt=long_prompt,
        anthropic=by_anthropic,
    )
