"""Declarations of tools in the form the model was trained on: JSON schemas as TypeScript types."""

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
IN_UNIONS = {**PLAIN, "object": "{}", "array": "Array<any>"}
CONSTRAINTS = {
    "string": ("maxLength", "minLength", "pattern"),
    "number": ("maximum", "minimum"),
    "integer": ("maximum", "minimum"),
    "array": ("maxItems", "minItems"),
}

Schema = Mapping[str, Any]


class ToolError(ValueError):
    """A tool cannot be declared: the `field` at fault and what is wrong with it (`fault`)."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field} {fault}")
        self.field = field
        self.fault = fault


def declare(tools: Sequence[Schema]) -> str:
    """Return the text of the tool_declare message for a list of tools in OpenAI's format.

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
        f"interface {name} {_write_type(schema, '')}"
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


def _write_type(schema: Any, indent: str) -> str:
    """Return a schema as a type; `indent` is the indentation of its first line."""
    if not isinstance(schema, Mapping):
        return "any"
    if "$ref" in schema:
        return "parameters" if schema["$ref"] == "#" else str(schema["$ref"]).rsplit("/", 1)[-1]
    if schema.get("enum"):
        return " | ".join(_write_json(value) for value in schema["enum"])
    if schema.get("anyOf"):
        return " | ".join(_write_type(choice, indent) for choice in schema["anyOf"])
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(IN_UNIONS.get(name, "any") for name in kind)
    if kind == "array":
        return _write_array(schema.get("items"), indent)
    if kind == "object" or "properties" in schema:
        return _write_object(schema, indent)
    return PLAIN.get(str(kind), "any")


def _write_array(items: Any, indent: str) -> str:
    inner = indent + INDENT
    remarks = list(_write_remarks(items, inner)) if isinstance(items, Mapping) else []
    if not remarks:
        return f"Array<{_write_type(items, indent)}>"
    return "\n".join(["Array<", *remarks, f"{inner}{_write_type(items, inner)}", f"{indent}>"])


def _write_object(schema: Schema, indent: str) -> str:
    inner = indent + INDENT
    required = schema.get("required") or []
    properties = schema.get("properties") or {}
    entries = []
    for name in sorted(properties, key=lambda name: (name not in required, name)):
        value = properties[name]
        mark = "" if name in required else "?"
        remarks = _write_remarks(value, inner) if isinstance(value, Mapping) else ()
        entries.append("\n".join([*remarks, f"{inner}{name}{mark}: {_write_type(value, inner)}"]))
    others = schema.get("additionalProperties")
    if others is not None:
        entries.append(f"{inner}[k: string]: {_write_additional_type(others, inner)}")
    if not entries:
        return "{}"
    return "{\n" + ",\n".join(entries) + f"\n{indent}}}"


def _write_additional_type(schema: Any, indent: str) -> str:
    if isinstance(schema, bool):
        return "any" if schema else "never"
    return _write_type(schema, indent)


def _write_remarks(schema: Schema, indent: str) -> Iterator[str]:
    """Yield the comments above a property: its description, constraints and default."""
    yield from _write_comment(schema.get("description"), indent)
    kind = schema.get("type")
    names = CONSTRAINTS.get(kind, ()) if isinstance(kind, str) else ()
    constraints = [f"{name}: {schema[name]}" for name in names if name in schema]
    if constraints:
        yield f"{indent}// {', '.join(constraints)}"
    if "default" in schema:
        yield f"{indent}// Default: {_write_json(schema['default'])}"


def _write_comment(text: Any, indent: str) -> Iterator[str]:
    if isinstance(text, str) and text:
        yield from (f"{indent}// {line}" for line in text.split("\n"))


def _write_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
