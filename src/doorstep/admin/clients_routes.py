"""The addresses of clients, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.admin import clients_api as view
from doorstep.admin import clients_pages as pages
from doorstep.auth.guards import may
from doorstep.clients import schemas as s
from doorstep.core.actor import DISPATCH, VIEW
from doorstep.core.http.openapi import list_of
from doorstep.core.http.routes import Route, api, page

ONE: Final = "/v1/clients/<uuid:client_id>"
PAGE: Final = "/office/clients/<uuid:client_id>"

CLIENT_ROUTES: Final[tuple[Route, ...]] = (
    api("GET", "/v1/clients", view.client_list, may(VIEW), query=s.ClientQuery, answer=list_of(s.ClientSchema)),
    api("POST", "/v1/clients", view.client_create, may(DISPATCH), body=s.ClientInSchema, answer=s.ClientSchema,
        status=201),
    api("GET", ONE, view.client_read, may(VIEW), answer=s.ClientSchema),
    api("PATCH", ONE, view.client_change, may(DISPATCH), body=s.ClientPatchSchema, answer=s.ClientSchema),
    api("POST", f"{ONE}/link", view.client_link, may(DISPATCH), answer=s.ClientLinkSchema),
    page("GET", "/office/clients", pages.index, may(VIEW)),
    page("GET", "/office/clients/new", pages.new, may(DISPATCH)),
    page("POST", "/office/clients/new", pages.create, may(DISPATCH)),
    page("GET", PAGE, pages.show, may(VIEW)),
    page("GET", f"{PAGE}/edit", pages.edit, may(DISPATCH)),
    page("POST", f"{PAGE}/edit", pages.change, may(DISPATCH)),
    page("POST", f"{PAGE}/link", pages.send_link, may(DISPATCH)),
    page("POST", f"{PAGE}/address-is-right", pages.trust_address, may(DISPATCH)),
)  # fmt: skip
