"""The addresses of the mails' previews, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.admin import message_previews as pages
from doorstep.auth.guards import may
from doorstep.core.actor import DISPATCH, MANAGE
from doorstep.core.http.routes import Route, page

ONE: Final = f"{pages.HERE}/<purpose>"

MESSAGE_PREVIEW_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", pages.HERE, pages.index, may(DISPATCH, MANAGE)),
    page("GET", ONE, pages.show, may(DISPATCH, MANAGE)),
    page("GET", f"{ONE}/html", pages.html, may(DISPATCH, MANAGE)),
)
