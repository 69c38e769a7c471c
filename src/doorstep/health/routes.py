"""Health addresses (`/healthz` touches nothing, `/readyz` asks the database) and the description of the API."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint

from doorstep.core.http import openapi
from doorstep.core.http.answers import to_response
from doorstep.core.http.routes import api, mount, page, public
from doorstep.health import checks, pages

blueprint: Final = Blueprint("health", __name__, template_folder="templates")


def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


def ready() -> Any:
    """Whether this process may get traffic: 200, or 503 with what is wrong."""
    ok, facts = checks.readiness()
    return to_response({"status": "ok" if ok else "unavailable", "checks": facts}, 200 if ok else 503)


def document() -> dict[str, Any]:
    """This description of the API, in OpenAPI 3.1."""
    return openapi.document()


ROUTES: Final = (
    api("GET", "/healthz", alive, public),
    api("GET", "/readyz", ready, public),
    api("GET", "/v1/openapi.json", document, public),
    page("GET", "/v1/docs", pages.docs, public),
)
mount(blueprint, ROUTES)
