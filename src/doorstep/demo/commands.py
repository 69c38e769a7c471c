"""`flask demo`: loads the demo companies, prints where to look."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from doorstep.core import current
from doorstep.demo import loader

demo = AppGroup("demo", help="The demo companies (development only).")


@demo.command("load")
def load() -> None:
    """Loads the demo, unless it is there already."""
    click.echo("The demo is loaded." if loader.load_if_missing() else "The demo was there already.")


@demo.command("links")
def links() -> None:
    """Prints addresses, sign-ins and a client's link."""
    for line in loader.welcome_lines(current.settings().public_base_url):
        click.echo(line)
