"""What every response bears: a request id, the content security policy with a nonce, the other security headers."""

from __future__ import annotations

import logging
import re
import secrets
from typing import Final

from flask import Flask, Response, g, request

from doorstep.core import clock
from doorstep.core.settings import Settings

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
}
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")


def nonce() -> str:
    """Returns this response's nonce, made when first asked for."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def bind(app: Flask, settings: Settings) -> None:
    """Registers what happens before and after each request."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(12)
        g.began = clock.monotonic()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "-")
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce()))
        if settings.is_prod:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        response.headers.setdefault("Cache-Control", "no-store")
        _log(response)
        return response


def _log(response: Response) -> None:
    if not log.isEnabledFor(logging.INFO) or request.path == "/healthz":
        return
    who = g.get("who")
    fields = {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else "unmatched",
        "status": response.status_code,
        "ms": round((clock.monotonic() - g.get("began", clock.monotonic())) * 1000, 1),
        "actor": who.kind if who else "public",
        "org": str(who.org.id) if who and who.org else None,
    }
    log.info("%(method)s %(route)s %(status)s %(ms)s ms", fields, extra={"fields": fields})
