"""The `flask` commands: each feature's group, a few lines over a service. None starts the scheduler."""

from __future__ import annotations

from typing import Final

from flask import Flask

from doorstep.auth import commands as auth
from doorstep.demo import commands as demo
from doorstep.jobs import commands as jobs

GROUPS: Final = (auth.org, auth.user, auth.token, demo.demo, jobs.jobs)


def bind(app: Flask) -> None:
    """Registers the commands."""
    for group in GROUPS:
        app.cli.add_command(group)
