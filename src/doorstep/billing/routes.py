"""The addresses of this feature, each with its guard."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from doorstep.core.http.routes import Route, mount

blueprint: Final = Blueprint("billing", __name__, template_folder="templates")

ROUTES: Final[tuple[Route, ...]] = ()
mount(blueprint, ROUTES)
