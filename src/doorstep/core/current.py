"""What the running application was made with, for services that need a setting."""

from __future__ import annotations

from typing import cast

from flask import current_app

from doorstep.core.settings import Settings


def settings() -> Settings:
    """Returns the settings of the application at hand."""
    return cast(Settings, current_app.extensions["doorstep.settings"])
