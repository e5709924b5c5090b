"""The Anthropic SDK."""

from __future__ import annotations

import anthropic
from checks import CALL, LONG, MODEL, PERSON, URL, WEATHER, expect, picture, run

client = anthropic.Anthropic(base_url=URL, api_key="none")
TOOLS = [{"name": "weather", "input_schema": WEATHER}]
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}


def ask(content: object, **more: object) -> anthropic.types.Message:
    messages = content if isinstance(content, list) else [{"role": "user", "content": content}]
    return client.messages.create(
        **{"model": MODEL, "max_tokens": 4000, "messages": messages, **more}
    )


def stream() -> None:
    messages = [{"role": "user", "content": "[[say Grüße!]]"}]
    with client.messages.stream(model=MODEL, max_tokens=99, messages=messages) as events:
        expect("".join(events.text_stream), "Grüße!")


def thinking() -> None:
    got = ask("[[think Hm.]]", thinking={"type": "enabled", "budget_tokens": 1024})
    expect(got.content[0].thinking, "Hm.")


def tools() -> None:
    first = ask(CALL, tools=TOOLS)
    use = next(block for block in first.content if block.type == "tool_use")
    expect(use.input, "Graz")
    result = {"type": "tool_result", "tool_use_id": use.id, "content": "rain"}
    turns = [
        {"role": "user", "content": CALL},
        {"role": "assistant", "content": first.content},
        {"role": "user", "content": [result]},
    ]
    expect(ask(turns, tools=TOOLS).content[0].text, "The tool said: rain")


def forced_tool() -> None:
    got = ask(f"[[quiet]] {CALL}", tools=TOOLS, tool_choice={"type": "any"})
    expect(got.content[0].input, "Graz")


def see_picture() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": picture()}
    got = ask([{"role": "user", "content": [{"type": "image", "source": source}]}])
    expect(got.content[0].text, "4 tokens of pictures")


def document() -> None:
    source = {"type": "text", "media_type": "text/plain", "data": "[[say From the document.]]"}
    got = ask([{"role": "user", "content": [{"type": "document", "source": source}]}])
    expect(got.content[0].text, "From the document.")


def long_prompt() -> None:
    expect(ask(LONG).content[0].text, "I read 60000 characters")


def structured() -> None:
    form = {"type": "json_schema", "schema": SCHEMA}
    got = ask(PERSON, output_config={"format": form})
    expect(got.content[0].text, '"age": 36')


def count_tokens() -> None:
    messages = [{"role": "user", "content": "hi"}]
    counted = client.messages.count_tokens(model=MODEL, messages=messages)
    usage = ask(messages).usage
    expect(usage.input_tokens + usage.cache_read_input_tokens, str(counted.input_tokens))


def models() -> None:
    expect([model.id for model in client.models.list()], MODEL)


if __name__ == "__main__":
    run(
        "anthropic",
        models=models,
        stream=stream,
        thinking=thinking,
        tools=tools,
        forced_tool=forced_tool,
        picture=see_picture,
        document=document,
        long_prompt=long_prompt,
        structured=structured,
        count_tokens=count_tokens,
    )
