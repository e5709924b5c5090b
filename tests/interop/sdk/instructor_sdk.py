"""instructor: a model's fields by a tool and by a JSON schema."""

from __future__ import annotations

import instructor
import openai
from checks import MODEL, PERSON, URL, expect, run
from pydantic import BaseModel

client = openai.OpenAI(base_url=f"{URL}/v1", api_key="none")
BY_TOOL = '[[quiet]] [[call Person {"name": "Ada", "age": 36}]]'


class Person(BaseModel):
    name: str
    age: int


def ask(content: str, mode: instructor.Mode) -> Person:
    asked = instructor.from_openai(client, mode=mode)
    messages = [{"role": "user", "content": content}]
    return asked.chat.completions.create(model=MODEL, response_model=Person, messages=messages)


if __name__ == "__main__":
    run(
        "instructor",
        tools=lambda: expect(ask(BY_TOOL, instructor.Mode.TOOLS), "age=36"),
        structured=lambda: expect(ask(PERSON, instructor.Mode.JSON_SCHEMA), "age=36"),
    )
