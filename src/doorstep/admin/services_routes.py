"""The addresses of services, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.admin import services_api as view
from doorstep.admin import services_pages as pages
from doorstep.auth.guards import may
from doorstep.catalog import schemas as s
from doorstep.core.actor import MANAGE, VIEW
from doorstep.core.http.openapi import list_of
from doorstep.core.http.routes import Route, api, page

ONE: Final = "/v1/services/<uuid:service_id>"
LIST: Final = "/office/services"
PAGE: Final = f"{LIST}/<uuid:service_id>"

SERVICE_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", LIST, pages.index, may(VIEW)),
    page("GET", f"{LIST}/new", pages.new_form, may(MANAGE)),
    page("POST", f"{LIST}/new", pages.new, may(MANAGE)),
    page("GET", PAGE, pages.show, may(VIEW)),
    page("POST", PAGE, pages.change, may(MANAGE)),
    page("POST", f"{PAGE}/move", pages.move, may(MANAGE)),
    api("GET", "/v1/services", view.service_list, may(VIEW), query=s.ServiceQuery, answer=list_of(s.ServiceOutSchema)),
    api("POST", "/v1/services", view.service_create, may(MANAGE), body=s.ServiceInSchema, answer=s.ServiceOutSchema,
        status=201),
    api("GET", ONE, view.service_read, may(VIEW), answer=s.ServiceOutSchema),
    api("PATCH", ONE, view.service_change, may(MANAGE), body=s.ServicePatchSchema, answer=s.ServiceOutSchema),
    api("POST", f"{ONE}/deactivate", view.service_deactivate, may(MANAGE), answer=s.ServiceOutSchema),
)  # fmt: skip
