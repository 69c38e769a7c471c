"""`flask demo`: loads the demo companies, puts them back as new, prints where to look."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from doorstep.core import current
from doorstep.core.errors import Conflict
from doorstep.demo import loader

demo = AppGroup("demo", help="The demo companies (development only).")


@demo.command("load")
def load() -> None:
    """Loads the demo, unless it is there already."""
    try:
        loaded = loader.load_if_missing(click.echo)
    except Conflict as refused:
        raise click.ClickException(refused.detail) from refused
    click.echo("The demo is loaded." if loaded else "The demo was there already.")


@demo.command("reset")
def reset() -> None:
    """Puts the demo companies back as new: everything that was done in them is lost, other companies stay."""
    try:
        loader.reset(click.echo)
    except Conflict as refused:
        raise click.ClickException(refused.detail) from refused
    click.echo("The demo is as new.")


@demo.command("links")
def links() -> None:
    """Prints addresses, sign-ins and a client's link."""
    for line in loader.welcome_lines(current.settings().public_base_url):
        click.echo(line)
