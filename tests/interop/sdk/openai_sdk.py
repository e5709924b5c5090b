"""The OpenAI SDK: chat completions, text completions and responses."""

from __future__ import annotations

import json

import openai
from checks import CALL, LONG, MODEL, PERSON, URL, WEATHER, expect, picture, run
from pydantic import BaseModel

client = openai.OpenAI(base_url=f"{URL}/v1", api_key="none")
TOOLS = [{"type": "function", "function": {"name": "weather", "parameters": WEATHER}}]
FLAT = [{"type": "function", "name": "weather", "parameters": WEATHER}]


class Person(BaseModel):
    name: str
    age: int


def said(text: str) -> list[dict[str, object]]:
    return [{"role": "user", "content": text}]


def models() -> None:
    expect([model.id for model in client.models.list()], MODEL)
    expect(client.models.retrieve(MODEL).id, MODEL)


def stream() -> None:
    chunks = client.chat.completions.create(
        model=MODEL, messages=said("[[say Grüße!]]"), stream=True
    )
    expect("".join(chunk.choices[0].delta.content or "" for chunk in chunks), "Grüße!")


def thinking() -> None:
    got = client.chat.completions.create(model=MODEL, messages=said("[[think Hm.]]"))
    expect(got.choices[0].message.reasoning_content, "Hm.")


def tools() -> None:
    messages = said(CALL)
    first = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
    call = first.choices[0].message.tool_calls[0]
    expect(json.loads(call.function.arguments), "Graz")
    result = {"role": "tool", "tool_call_id": call.id, "content": "rain"}
    more = [*messages, first.choices[0].message, result]
    second = client.chat.completions.create(model=MODEL, messages=more, tools=TOOLS)
    expect(second.choices[0].message.content, "The tool said: rain")


def forced_tool() -> None:
    got = client.chat.completions.create(
        model=MODEL, messages=said(f"[[quiet]] {CALL}"), tools=TOOLS, tool_choice="required"
    )
    expect(got.choices[0].message.tool_calls[0].function.arguments, "Graz")


def see_picture() -> None:
    url = f"data:image/png;base64,{picture()}"
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "What?"}]
    got = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": content}]
    )
    expect(got.choices[0].message.content, "4 tokens of pictures")


def long_prompt() -> None:
    got = client.chat.completions.create(model=MODEL, messages=said(LONG))
    expect(got.choices[0].message.content, "I read 60000 characters")


def structured() -> None:
    got = client.chat.completions.parse(model=MODEL, messages=said(PERSON), response_format=Person)
    expect(got.choices[0].message.parsed, "age=36")


def responses() -> None:
    got = client.responses.create(model=MODEL, input="[[say Yes.]]")
    expect(got.output_text, "Yes.")
    parsed = client.responses.parse(model=MODEL, input=PERSON, text_format=Person)
    expect(parsed.output_parsed, "age=36")


def responses_stream() -> None:
    with client.responses.stream(model=MODEL, input="[[say Yes.]]") as events:
        kinds = [event.type for event in events]
        final = events.get_final_response()
    expect(kinds, "response.output_text.delta")
    expect(final.output_text, "Yes.")


def responses_tools() -> None:
    first = client.responses.create(model=MODEL, input=CALL, tools=FLAT)
    call = next(item for item in first.output if item.type == "function_call")
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "rain"}
    items = [{"role": "user", "content": CALL}, *first.output, result]
    second = client.responses.create(model=MODEL, input=items, tools=FLAT)
    expect(second.output_text, "The tool said: rain")


def responses_kept() -> None:
    first = client.responses.create(model=MODEL, input="hi", instructions="Be brief.")
    second = client.responses.create(
        model=MODEL, input="[[say Go on.]]", previous_response_id=first.id
    )
    expect(second.output_text, "Go on.")
    expect(client.responses.retrieve(first.id).id, first.id)


def completions() -> None:
    got = client.completions.create(model=MODEL, prompt="x", max_tokens=1)
    expect(got.object, "text_completion")


if __name__ == "__main__":
    run(
        "openai",
        models=models,
        stream=stream,
        thinking=thinking,
        tools=tools,
        forced_tool=forced_tool,
        picture=see_picture,
        long_prompt=long_prompt,
        structured=structured,
        responses=responses,
        responses_stream=responses_stream,
        responses_tools=responses_tools,
        responses_kept=responses_kept,
        completions=completions,
    )
