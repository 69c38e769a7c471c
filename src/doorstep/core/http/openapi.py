"""The OpenAPI 3.1 document, made from the URL tables and the schemas they name."""

from __future__ import annotations

import inspect
import re
from functools import cache
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import current_app
from marshmallow import Schema, fields

from doorstep import __version__
from doorstep.core.current import settings
from doorstep.core.http.routes import Public, Route, table

RULE_VALUE: Final = re.compile(r"<(?:(\w+):)?(\w+)>")
PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def document() -> dict[str, Any]:
    """Returns the document of every JSON address; made once per process."""
    made: dict[str, Any] | None = current_app.extensions.get("doorstep.openapi")
    if made is None:
        made = current_app.extensions["doorstep.openapi"] = _made()
    return made


def _made() -> dict[str, Any]:
    spec = APISpec(
        title="Doorstep",
        version=__version__,
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_name)],
        info={"description": "Orders of home-service companies. Errors are RFC 9457 problem documents."},
    )
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    if settings().legacy_basic_auth_enabled:
        spec.components.security_scheme("basic", {"type": "http", "scheme": "basic"})
    spec.components.schema("Problem", PROBLEM)
    spec.components.response(
        "Problem", {"description": "A problem", "content": _json("Problem", "application/problem+json")}
    )
    for route in sorted((r for r in table().values() if r.is_api), key=lambda r: (r.rule, r.method)):
        spec.path(RULE_VALUE.sub(r"{\2}", route.rule), operations={route.method.lower(): _operation(route)})
    return spec.to_dict()


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema") or "Anonymous"


def _json(schema: Any, mimetype: str = "application/json") -> dict[str, Any]:
    return {mimetype: {"schema": schema}}


def _operation(route: Route) -> dict[str, Any]:
    summary, _, text = (inspect.getdoc(route.view) or "").partition("\n")
    said: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": summary.rstrip("."),
        "description": (text.strip() + f"\n\nAccess: {route.guard.says}.").strip(),
        "tags": [route.rule.removeprefix("/v1/").strip("/").split("/")[0]],
        "parameters": [*_path_values(route.rule), *_query(route), *_key(route)],
        "responses": {str(route.status): _good(route), "default": {"$ref": "#/components/responses/Problem"}},
    }
    if not isinstance(route.guard, Public):
        said["security"] = [{way: []} for way in _ways_in(route)]
    if route.body:
        said["requestBody"] = {"required": True, "content": _json(route.body)}
    if route.files:
        said["requestBody"] = {"required": True, "content": _json(route.files, "multipart/form-data")}
    return said


def _ways_in(route: Route) -> tuple[str, ...]:
    with_basic = route.takes_basic and settings().legacy_basic_auth_enabled
    return ("bearer", "basic") if with_basic else ("bearer",)


def _operation_id(route: Route) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", RULE_VALUE.sub(r"by_\2", route.rule.removeprefix("/v1/")).lower())
    return f"{route.method.lower()}_{words.strip('_')}"


def _path_values(rule: str) -> list[dict[str, Any]]:
    formats: dict[str, dict[str, Any]] = {
        "uuid": {"type": "string", "format": "uuid"},
        "int": {"type": "integer"},
    }
    return [
        {"in": "path", "name": name, "required": True, "schema": formats.get(kind, {"type": "string"})}
        for kind, name in RULE_VALUE.findall(rule)
    ]


def _query(route: Route) -> list[dict[str, Any]]:
    return [{"in": "query", "schema": route.query}] if route.query else []


def _key(route: Route) -> list[dict[str, Any]]:
    if route.method != "POST" or route.status != 201 or not (route.replays or route.files):
        return []
    text = {"type": "string", "maxLength": 200}
    return [{"in": "header", "name": "Idempotency-Key", "schema": text, "description": "Makes a repeat harmless"}]


def _good(route: Route) -> dict[str, Any]:
    said: dict[str, Any] = {"description": "Done"}
    if route.answer:
        said["content"] = _json(route.answer)
    return said


@cache
def list_of(schema: type[Schema]) -> type[Schema]:
    """Returns the schema of a page of such objects: `{"items": [...], "next_cursor": ...}`."""
    name = _name(schema) + "Page"
    return type(
        name,
        (Schema,),
        {
            "items": fields.List(fields.Nested(schema), required=True),
            "next_cursor": fields.String(required=True, allow_none=True),
        },
    )
