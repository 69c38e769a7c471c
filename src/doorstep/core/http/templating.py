"""What templates may use: filters in the organization's zone and currency, the asset function, the nonce."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Flask, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from doorstep.core import clock, formats
from doorstep.core.actor import Actor, Org
from doorstep.core.http import headers
from doorstep.core.http.assets import Assets

CSRF_FIELD: Final = Markup('<input type="hidden" name="csrf_token" value="{}">')


def current_org() -> Org | None:
    """Returns the organization of whoever makes this request."""
    who: Actor | None = g.get("who")
    return who.org if who else None


def zone() -> tzinfo:
    """Returns the zone in which this page shows its times."""
    org = current_org()
    return org.zone if org else ZoneInfo("UTC")


def money(cents: int | None, currency: str | None = None) -> str:
    """Filter: an amount in the organization's currency unless another is named."""
    org = current_org()
    return formats.money(cents, currency or (org.currency if org else "USD"))


def day(moment: datetime | date) -> str:
    """Filter: `Tue 24 Nov`."""
    return formats.day(moment, zone())


def dated(moment: datetime | date) -> str:
    """Filter: `Tue 24 Nov`, of another year `24 Nov 2025`."""
    return formats.dated(moment, clock.now(), zone())


def long_day(moment: datetime | date) -> str:
    """Filter: `Tuesday 24 November`."""
    return formats.long_day(moment, zone())


def hm(moment: datetime) -> str:
    """Filter: `9:00`."""
    return formats.hm(moment, zone())


def window(start: datetime, end: datetime) -> str:
    """Filter and function: `Tue 24 Nov, 9:00 – 11:30`."""
    return formats.window(start, end, zone())


def ago(moment: datetime) -> str:
    """Filter: `5 min ago`."""
    return formats.ago(moment, clock.now(), zone())


def remembered(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """Function: the same macro, which draws the same thing once. For small parts that depend on nothing but their
    arguments, of which there are few, such as icons.

    Text that is safe and the same text that is not are two things; that is why types count.
    """
    return lru_cache(maxsize=512, typed=True)(macro)


def csrf_token() -> str:
    """Function: the token of this page's forms, made when the first asks."""
    return str(g.get("csrf_token") or generate_csrf())


def csrf_field() -> Markup:
    """Function: the hidden field of every form that posts, drawn once for all forms of a page."""
    if "csrf_field" not in g:
        g.csrf_field = CSRF_FIELD.format(csrf_token())
    field: Markup = g.csrf_field
    return field


def bind(app: Flask, assets: Assets) -> None:
    """Registers filters and globals."""
    for function in (money, day, dated, long_day, hm, window, ago, formats.duration):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals.update(
        window=window,
        asset=assets.url,
        csp_nonce=headers.nonce,
        now=clock.now,
        remembered=remembered,
        csrf_token=csrf_token,
        csrf=csrf_field,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def who_and_where() -> dict[str, Any]:
        return {"who": g.get("who"), "org": current_org()}
