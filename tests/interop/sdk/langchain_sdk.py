"""LangChain, by both APIs."""

from __future__ import annotations

from checks import CALL, LONG, MODEL, PERSON, URL, expect, picture, run
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

model = ChatOpenAI(model=MODEL, base_url=f"{URL}/v1", api_key="none")


class Person(BaseModel):
    name: str
    age: int


@tool
def weather(city: str) -> str:
    """Tell the weather."""
    return f"rain in {city}"


def stream() -> None:
    expect("".join(piece.text for piece in model.stream("[[say Yes.]]")), "Yes.")


def tools() -> None:
    got = model.bind_tools([weather]).invoke(CALL)
    expect(got.tool_calls[0]["args"], "Graz")
    result = weather.invoke(got.tool_calls[0])
    again = model.bind_tools([weather]).invoke([HumanMessage(CALL), got, result])
    expect(again.content, "rain in Graz")


def see_picture() -> None:
    url = {"url": f"data:image/png;base64,{picture()}"}
    got = model.invoke([HumanMessage([{"type": "image_url", "image_url": url}])])
    expect(got.content, "4 tokens of pictures")


def by_anthropic() -> None:
    other = ChatAnthropic(model=MODEL, base_url=URL, api_key="none")
    expect(other.invoke("[[say Yes.]]").content, "Yes.")
    got = other.bind_tools([weather]).invoke(CALL)
    expect(got.tool_calls[0]["args"], "Graz")


if __name__ == "__main__":
    run(
        "langchain-openai",
        stream=stream,
        tools=tools,
        picture=see_picture,
        long_prompt=lambda: expect(model.invoke(LONG).content, "I read 60000 characters"),
        structured=lambda: expect(model.with_structured_output(Person).invoke(PERSON), "age=36"),
        anthropic=by_anthropic,
    )
