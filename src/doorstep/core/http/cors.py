"""Which other origins may call the API from a browser (CORS, https://fetch.spec.whatwg.org/#http-cors-protocol).

They send a bearer token; cookies are never allowed across origins, so no answer says so.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from doorstep.core.errors import Forbidden
from doorstep.core.settings import Settings

ALLOWED: Final = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-Match, X-Request-ID",
    "Access-Control-Expose-Headers": "X-Request-ID, Retry-After, Idempotent-Replayed",
    "Access-Control-Max-Age": "600",
}


def bind(app: Flask, settings: Settings) -> None:
    """Registers the headers for the origins in the settings, and the refusal of all others where it is strict."""
    known = frozenset(settings.cors_origins)
    home = _host(settings.public_base_url)

    def foreign() -> str:
        """Returns the origin of a call from another site's page; nothing for one from our own pages."""
        origin: str = request.environ.get("HTTP_ORIGIN", "")
        own = _host(origin) in (home, request.host) if origin else True
        return "" if own or not request.path.startswith("/v1/") else origin

    @app.before_request
    def refuse() -> None:
        if settings.strict_cors and foreign() not in (known | {""}):
            raise Forbidden("This origin may not call the API.")

    @app.after_request
    def allow(response: Response) -> Response:
        if known and request.path.startswith("/v1/"):
            response.vary.add("Origin")
            if foreign() in known:
                response.headers["Access-Control-Allow-Origin"] = foreign()
                response.headers.update(ALLOWED)
        return response


def _host(origin: str) -> str:
    """Returns host and port. The scheme is not compared: a proxy in front may speak https for us."""
    return origin.partition("://")[2].partition("/")[0]
