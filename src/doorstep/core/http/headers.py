"""What every response bears: a request id, the content security policy with a nonce, the other security headers."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, g, request

from doorstep.core import clock, ids
from doorstep.core.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("doorstep.request")

POLICY: Final = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; worker-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
STRICT: Final = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")


def nonce() -> str:
    """Returns this response's nonce, made when first asked for."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def bind(app: Flask, settings: Settings) -> None:
    """Registers what happens before and after each request."""
    fixed = {**FIXED, **(STRICT if settings.is_prod else {})}
    app.wsgi_app = _with_fixed(app.wsgi_app, fixed)  # type: ignore[assignment, method-assign]

    @app.before_request
    def begin() -> None:
        given = request.environ.get("HTTP_X_REQUEST_ID", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else ids.new().hex
        g.began = clock.monotonic()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "-")
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce()))
        _log(response)
        return response


def _with_fixed(serve: WSGIApplication, fixed: Mapping[str, str]) -> WSGIApplication:
    """Returns the application with the headers that every response bears, unless it has its own.

    They join the finished list in one step: Werkzeug looks through all headers for each that is set, and copies them.
    """
    wanted = [(name.lower(), (name, value)) for name, value in fixed.items()]

    def serve_with_fixed(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            own = {name.lower() for name, _ in headers}
            return start_response(status, headers + [pair for name, pair in wanted if name not in own], *error)

        return serve(environ, start)

    return serve_with_fixed


def _log(response: Response) -> None:
    if not log.isEnabledFor(logging.INFO):
        return
    rule, who = request.url_rule, g.get("who")
    route = rule.rule if rule else "unmatched"
    if route == "/healthz":
        return
    fields = {
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "ms": round((clock.monotonic() - g.get("began", clock.monotonic())) * 1000, 1),
        "actor": who.kind if who else "public",
        "org": str(who.org.id) if who and who.org else None,
    }
    log.info("%(method)s %(route)s %(status)s %(ms)s ms", fields, extra={"fields": fields})
