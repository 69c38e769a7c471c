"""The addresses of the office's mails, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.admin import messages_pages as pages
from doorstep.auth.guards import may
from doorstep.core.actor import DISPATCH, MANAGE, VIEW
from doorstep.core.http.routes import Route, page

ONE: Final = f"{pages.HERE}/<uuid:mail_id>"

see = may(VIEW)
do = may(DISPATCH, MANAGE)

MESSAGE_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", pages.HERE, pages.index, see),
    page("GET", pages.NOBODY, pages.nobody_reached, see),
    page("GET", ONE, pages.show, see),
    page("GET", f"{ONE}/html", pages.html, see),
    page("POST", f"{ONE}/again", pages.again, do),
    page("POST", f"{ONE}/stop", pages.stop, do),
)
