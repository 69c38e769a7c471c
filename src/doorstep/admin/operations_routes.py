"""The addresses of the operator, each with its guard. A tenant's owner is not the operator."""

from __future__ import annotations

from typing import Final

from doorstep.admin import operations_api as view
from doorstep.admin import operations_pages as pages
from doorstep.admin import operations_schemas as s
from doorstep.auth.guards import as_operator
from doorstep.core.http.openapi import list_of
from doorstep.core.http.routes import Route, api, page
from doorstep.jobs.table import JOBS

OPERATION_ROUTES: Final[tuple[Route, ...]] = (
    *(
        api("POST", job.address, view.starter(job.name), as_operator, query=s.DryRunQuery, answer=s.RunOut,
            name=f"run_{job.name.replace('-', '_')}", replays=False)
        for job in JOBS if job.address
    ),
    api("GET", "/v1/admin/jobs/status", view.job_status, as_operator, answer=s.StatusOut),
    api("GET", "/v1/admin/jobs/runs", view.job_runs, as_operator, query=s.RunsQuery, answer=list_of(s.RunOut)),
    page("GET", "/operator", pages.system, as_operator),
    page("GET", "/operator/jobs/<job>", pages.job, as_operator),
    page("POST", "/operator/jobs/<job>/run", pages.run, as_operator),
)  # fmt: skip
