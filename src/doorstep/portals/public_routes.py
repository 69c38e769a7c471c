"""The addresses of a company's public page and of the front door, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.auth.guards import as_visitor
from doorstep.core.http.routes import Route, api, page
from doorstep.core.http.routes import public as everybody
from doorstep.portals import public, public_api
from doorstep.portals import public_schemas as schemas

PUBLIC_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", "/", public.landing, everybody),
    page("GET", "/b/<slug>", public.company, as_visitor),
    page("POST", "/b/<slug>", public.send_request, as_visitor),
    page("GET", "/b/<slug>/thanks/<ticket>", public.received, as_visitor),
    page("GET", "/b/<slug>/brand.css", public.brand_sheet, as_visitor),
    api("GET", "/v1/public/<slug>", public_api.company, as_visitor, answer=schemas.CompanySchema),
    api(
        "GET", "/v1/public/<slug>/slots", public_api.times, as_visitor,
        query=schemas.TimesQuerySchema, answer=schemas.TimesSchema,
    ),
    api(
        "POST", "/v1/public/<slug>/estimate", public_api.estimate, as_visitor,
        body=schemas.EstimateInSchema, answer=schemas.EstimateWordsSchema,
    ),
    api(
        "POST", "/v1/public/<slug>/orders", public_api.request_visit, as_visitor,
        body=schemas.OrderRequestSchema, answer=schemas.ReceivedSchema, status=201,
    ),
)  # fmt: skip
