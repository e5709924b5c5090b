"""Tools as the model was trained to read them: JSON schemas written as TypeScript types. Knows
nothing of chat.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

INDENT = "  "
PLAIN = {
    "string": "string",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "null": "null",
}
CONSTRAINTS = {
    "string": ("maxLength", "minLength", "pattern"),
    "number": ("maximum", "minimum"),
    "integer": ("maximum", "minimum"),
    "array": ("maxItems", "minItems"),
}

Schema = Mapping[str, Any]


class ToolError(ValueError):
    """A tool that cannot be declared: `field` and what is wrong with it, `fault`."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field} {fault}")
        self.field, self.fault = field, fault


def declare(tools: Sequence[Schema]) -> str:
    """OpenAI's list of tools -> the text of the tool_declare message.

    Raises ToolError for a tool without a name.
    """
    functions = []
    for index, tool in enumerate(tools):
        function = tool.get("function", tool)
        if not isinstance(function.get("name"), str):
            raise ToolError(
                f"tools[{index}].function.name",
                f"is {function.get('name')!r}; it must be a string.",
            )
        functions.append(_write_function(function))
    return "# Tools\n\n## functions\nnamespace functions {\n" + "\n".join(functions) + "\n}\n"


def _write_function(function: Schema) -> str:
    parameters = function.get("parameters") or {}
    lines = [
        f"interface {name} {_type(schema, '')}"
        for name, schema in sorted(_collect_definitions(parameters).items())
    ]
    argument = _write_object(parameters, "")
    if _refers_to_itself(parameters):
        lines.append(f"interface parameters {argument}")
        argument = "parameters"
    lines += _write_comment(function.get("description"), "")
    lines.append(f"type {function['name']} = (_: {argument}) => any;")
    return "\n".join(lines)


def _collect_definitions(parameters: Schema) -> dict[str, Schema]:
    return {**(parameters.get("definitions") or {}), **(parameters.get("$defs") or {})}


def _refers_to_itself(value: Any) -> bool:
    if isinstance(value, Mapping):
        return value.get("$ref") == "#" or any(map(_refers_to_itself, value.values()))
    return isinstance(value, list) and any(map(_refers_to_itself, value))


def _type(schema: Any, indent: str) -> str:
    """A schema as a type; `indent` is that of the line it begins on."""
    if not isinstance(schema, Mapping):
        return "any"
    if "$ref" in schema:
        return "parameters" if schema["$ref"] == "#" else str(schema["$ref"]).rsplit("/", 1)[-1]
    if schema.get("enum"):
        return " | ".join(_write_json(value) for value in schema["enum"])
    if schema.get("anyOf"):
        return " | ".join(_type(choice, indent) for choice in schema["anyOf"])
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(
            {"object": "{}", "array": "Array<any>"}.get(one, PLAIN.get(one, "any")) for one in kind
        )
    if kind == "array":
        return _write_array(schema.get("items"), indent)
    if kind == "object" or "properties" in schema:
        return _write_object(schema, indent)
    return PLAIN.get(str(kind), "any")


def _write_array(items: Any, indent: str) -> str:
    inner = indent + INDENT
    remarks = list(_write_remarks(items, inner)) if isinstance(items, Mapping) else []
    if not remarks:
        return f"Array<{_type(items, indent)}>"
    return "\n".join(["Array<", *remarks, f"{inner}{_type(items, inner)}", f"{indent}>"])


def _write_object(schema: Schema, indent: str) -> str:
    inner = indent + INDENT
    needed = schema.get("required") or []
    entries = []
    for name, value in sorted(
        (schema.get("properties") or {}).items(), key=lambda item: (item[0] not in needed, item[0])
    ):
        mark = "" if name in needed else "?"
        remarks = _write_remarks(value, inner) if isinstance(value, Mapping) else ()
        entries.append("\n".join([*remarks, f"{inner}{name}{mark}: {_type(value, inner)}"]))
    more = schema.get("additionalProperties")
    if more is not None:
        rest = ("any" if more else "never") if isinstance(more, bool) else _type(more, inner)
        entries.append(f"{inner}[k: string]: {rest}")
    return "{\n" + ",\n".join(entries) + f"\n{indent}}}" if entries else "{}"


def _write_remarks(schema: Schema, indent: str) -> Iterator[str]:
    """What stands above a property: its description, its bounds, its default."""
    yield from _write_comment(schema.get("description"), indent)
    kind = schema.get("type")
    bounds = (
        [f"{name}: {schema[name]}" for name in CONSTRAINTS.get(kind, ()) if name in schema]
        if isinstance(kind, str)
        else []
    )
    if bounds:
        yield f"{indent}// {', '.join(bounds)}"
    if "default" in schema:
        yield f"{indent}// Default: {_write_json(schema['default'])}"


def _write_comment(text: Any, indent: str) -> Iterator[str]:
    if isinstance(text, str) and text:
        yield from (f"{indent}// {line}" for line in text.split("\n"))


def _write_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
