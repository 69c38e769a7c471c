"""The page that explains the API."""

from __future__ import annotations

from flask import render_template

from doorstep.core.http import openapi
from doorstep.health.outline import outline


def docs() -> str:
    """Every JSON address, readable."""
    return render_template("health/docs.html", outline=outline(openapi.document()))
