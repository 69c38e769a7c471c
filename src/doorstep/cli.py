"""The `flask` commands: each a few lines over a service."""

from __future__ import annotations

from flask import Flask


def bind(app: Flask) -> None:
    """Registers the commands."""
