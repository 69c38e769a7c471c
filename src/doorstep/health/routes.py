"""Health addresses: `/healthz` touches nothing, `/readyz` asks the database."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint

from doorstep.core.http.answers import to_response
from doorstep.core.http.routes import api, mount, public
from doorstep.health import checks

blueprint: Final = Blueprint("health", __name__)


def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


def ready() -> Any:
    """Whether this process may get traffic: 200, or 503 with what is wrong."""
    ok, facts = checks.readiness()
    return to_response({"status": "ok" if ok else "unavailable", "checks": facts}, 200 if ok else 503)


ROUTES: Final = (
    api("GET", "/healthz", alive, public),
    api("GET", "/readyz", ready, public),
)
mount(blueprint, ROUTES)
