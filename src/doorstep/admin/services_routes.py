"""The addresses of services, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.admin import services_api as view
from doorstep.auth.guards import may
from doorstep.catalog import schemas as s
from doorstep.core.actor import MANAGE, VIEW
from doorstep.core.http.openapi import list_of
from doorstep.core.http.routes import Route, api

ONE: Final = "/v1/services/<uuid:service_id>"

SERVICE_ROUTES: Final[tuple[Route, ...]] = (
    api("GET", "/v1/services", view.service_list, may(VIEW), query=s.ServiceQuery, answer=list_of(s.ServiceOutSchema)),
    api("POST", "/v1/services", view.service_create, may(MANAGE), body=s.ServiceInSchema, answer=s.ServiceOutSchema,
        status=201),
    api("GET", ONE, view.service_read, may(VIEW), answer=s.ServiceOutSchema),
    api("PATCH", ONE, view.service_change, may(MANAGE), body=s.ServicePatchSchema, answer=s.ServiceOutSchema),
    api("POST", f"{ONE}/deactivate", view.service_deactivate, may(MANAGE), answer=s.ServiceOutSchema),
)  # fmt: skip
