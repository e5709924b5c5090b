"""pydantic-ai: an agent with a tool, and one with a result of a type, by both of OpenAI's APIs."""

from __future__ import annotations

from checks import CALL, MODEL, PERSON, URL, expect, run
from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

provider = OpenAIProvider(base_url=f"{URL}/v1", api_key="none")
chat = OpenAIChatModel(MODEL, provider=provider)
responses = OpenAIResponsesModel(MODEL, provider=provider)


class Person(BaseModel):
    name: str
    age: int


def with_tool(model: object) -> None:
    agent = Agent(model)

    @agent.tool_plain
    def weather(city: str) -> str:
        """Tell the weather."""
        return f"rain in {city}"

    expect(agent.run_sync(CALL).output, "rain in Graz")


def by_tool() -> None:
    agent = Agent(chat, output_type=Person)
    asked = '[[quiet]] [[call final_result {"name": "Ada", "age": 36}]]'
    expect(agent.run_sync(asked).output, "age=36")


def by_schema() -> None:
    agent = Agent(chat, output_type=NativeOutput(Person))
    expect(agent.run_sync(PERSON).output, "age=36")


if __name__ == "__main__":
    run(
        "pydantic-ai-slim",
        tools=lambda: with_tool(chat),
        responses_tools=lambda: with_tool(responses),
        structured_by_tool=by_tool,
        structured=by_schema,
    )
