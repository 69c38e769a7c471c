"""The OpenAPI document as a person reads it: areas, their addresses, and the shapes that go in and out. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that is sent or answered. `shape` names the shape that it consists of, if it has one."""

    name: str
    kind: str
    required: bool = False
    shape: str = ""
    where: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """One method at one path."""

    method: str
    path: str
    anchor: str
    summary: str
    text: str
    status: str
    signed_in: bool
    values: list[Value] = field(default_factory=list)
    body: Value | None = None
    answer: Value | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """The members of one kind of object."""

    name: str
    values: list[Value]


@dataclass(frozen=True, slots=True)
class Outline:
    """All addresses by area, and all shapes by name."""

    areas: dict[str, list[Address]]
    shapes: list[Shape]


def outline(document: Json) -> Outline:
    """Returns the outline of an OpenAPI 3.1 document."""
    areas: dict[str, list[Address]] = {}
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            areas.setdefault(said["tags"][0], []).append(_address(method.upper(), path, said))
    schemas = document["components"]["schemas"]
    return Outline(areas, [Shape(name, list(members(schemas[name]))) for name in sorted(schemas)])


def members(schema: Json) -> Iterator[Value]:
    """Yields the members of an object's schema."""
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        yield _value(name, inner, required=name in required)


def kind(schema: Json) -> str:
    """Returns a schema's kind in words, e.g. `list of Order`, `text (uuid) or nothing`."""
    if "$ref" in schema:
        return shape(schema)
    if "enum" in schema:
        return "one of " + ", ".join("nothing" if word is None else str(word) for word in schema["enum"])
    if choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return " or ".join(kind(choice) for choice in choices)
    types = schema.get("type", "anything")
    return " or ".join(_word(name, schema) for name in ([types] if isinstance(types, str) else types))


def shape(schema: Json) -> str:
    """Returns the name of the shape that a schema points to, directly or as a list's items; else nothing."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    inner = [schema["items"]] if "items" in schema else schema.get("anyOf", schema.get("allOf", []))
    return next((name for name in map(shape, inner) if name), "")


def _word(name: str, schema: Json) -> str:
    if name == "array":
        return "list of " + kind(schema.get("items", {}))
    word = {"string": "text", "integer": "whole number", "null": "nothing"}.get(name, name)
    return f"{word} ({schema['format']})" if "format" in schema and name != "null" else word


def _value(name: str, schema: Json, *, required: bool, where: str = "", about: str = "") -> Value:
    return Value(name, kind(schema), required, shape(schema), where, about or schema.get("description", ""))


def _address(method: str, path: str, said: Json) -> Address:
    status, good = next(iter(said["responses"].items()))
    return Address(
        method=method,
        path=path,
        anchor=said["operationId"],
        summary=said["summary"],
        text=said["description"],
        status=status,
        signed_in="security" in said,
        values=[_parameter(given) for given in said["parameters"]],
        body=_content("Body", said.get("requestBody", {})),
        answer=_content("Answer", good),
    )


def _parameter(given: Json) -> Value:
    return _value(
        given["name"],
        given["schema"],
        required=given.get("required", False),
        where=given["in"],
        about=given.get("description", ""),
    )


def _content(name: str, said: Json) -> Value | None:
    for mimetype, content in said.get("content", {}).items():
        return _value(name, content["schema"], required=True, where=mimetype)
    return None
