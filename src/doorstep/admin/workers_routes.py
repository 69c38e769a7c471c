"""The addresses of workers, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.admin import people_schemas as s
from doorstep.admin import workers_api as view
from doorstep.admin import workers_pages as pages
from doorstep.auth.guards import may
from doorstep.core.actor import DISPATCH, MANAGE, VIEW
from doorstep.core.http.openapi import list_of
from doorstep.core.http.paging import PageQuery
from doorstep.core.http.routes import Route, api, page

ONE: Final = "/v1/workers/<uuid:worker_id>"
LIST: Final = "/office/workers"
PAGE: Final = f"{LIST}/<uuid:worker_id>"

WORKER_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", LIST, pages.index, may(VIEW)),
    page("GET", f"{LIST}/new", pages.new_form, may(MANAGE)),
    page("POST", f"{LIST}/new", pages.new, may(MANAGE)),
    page("GET", PAGE, pages.show, may(VIEW)),
    page("GET", f"{PAGE}/edit", pages.edit_form, may(MANAGE)),
    page("POST", f"{PAGE}/edit", pages.edit, may(MANAGE)),
    page("POST", f"{PAGE}/link", pages.link, may(DISPATCH)),
    page("POST", f"{PAGE}/link/mail", pages.link_mail, may(DISPATCH)),
    page("POST", f"{PAGE}/time-off", pages.time_off_add, may(DISPATCH)),
    page("POST", f"{PAGE}/time-off/<uuid:time_off_id>/remove", pages.time_off_remove, may(DISPATCH)),
    api("GET", "/v1/workers", view.worker_list, may(VIEW), query=s.WorkerQuery, answer=list_of(s.WorkerSchema)),
    api("POST", "/v1/workers", view.worker_create, may(MANAGE), body=s.WorkerInSchema, answer=s.WorkerSchema,
        status=201),
    api("GET", ONE, view.worker_read, may(VIEW), answer=s.WorkerSchema),
    api("PATCH", ONE, view.worker_change, may(MANAGE), body=s.WorkerPatchSchema, answer=s.WorkerSchema),
    api("POST", f"{ONE}/link", view.worker_link, may(DISPATCH), answer=s.WorkerLinkSchema, replays=False),
    api("GET", f"{ONE}/time-off", view.time_off_list, may(VIEW), query=PageQuery, answer=list_of(s.TimeOffSchema)),
    api("POST", f"{ONE}/time-off", view.time_off_create, may(DISPATCH), body=s.TimeOffInSchema,
        answer=s.TimeOffSchema, status=201),
    api("DELETE", f"{ONE}/time-off/<uuid:time_off_id>", view.time_off_remove, may(DISPATCH), status=204),
)  # fmt: skip
