"""What a view returns becomes a response: text is HTML, anything else is JSON."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response, make_response
from flask.json.provider import JSONProvider


class OrjsonProvider(JSONProvider):
    """JSON by orjson: faster than the standard library, and knows UUIDs and times."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return dump(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)


def dump(value: Any) -> bytes:
    """Returns the JSON text of plain values, and of what is JSON already."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def to_response(value: Any, status: int = 200) -> Response:
    """Returns the response for what a view gave: a response as it is, text as a page, None as 204, else JSON.

    A view that sometimes means another status gives the pair of both.
    """
    if isinstance(value, tuple):
        return to_response(*value)
    if value is None:
        return Response(status=204)
    if isinstance(value, dict | list | orjson.Fragment):
        return Response(dump(value), status=status, mimetype="application/json")
    response: Response = make_response(value)
    if status != 200 and response.status_code == 200:
        response.status_code = status
    return response


def use_orjson(app: Flask) -> None:
    """Makes the provider the application's own."""
    app.json = OrjsonProvider(app)
