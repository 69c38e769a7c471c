"""The addresses of this feature, each with its guard."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from doorstep.auth import api as view
from doorstep.auth import link_pages, pages
from doorstep.auth import schemas as s
from doorstep.auth.guards import as_person, signed_in
from doorstep.core.http.openapi import list_of
from doorstep.core.http.paging import PageQuery
from doorstep.core.http.routes import Route, api, mount, page, public

blueprint: Final = Blueprint("auth", __name__, template_folder="templates")

# Answers that hold a secret are not kept for repeated Idempotency-Keys.
API_ROUTES: Final[tuple[Route, ...]] = (
    api("POST", "/v1/auth/login", view.login, public, body=s.LoginSchema, answer=s.AccessSchema, replays=False),
    api("POST", "/v1/auth/logout", view.logout, as_person, status=204, replays=False),
    api("POST", "/v1/auth/refresh", view.refresh, as_person, answer=s.AccessSchema, replays=False),
    api("POST", "/v1/auth/password/forgot", view.forgot, public, body=s.ForgotSchema, status=202, replays=False),
    api("POST", "/v1/auth/password/reset", view.reset, public, body=s.ResetSchema, status=204, replays=False),
    api("POST", "/v1/auth/password/change", view.change, as_person, body=s.ChangeSchema, status=204, replays=False),
    api("GET", "/v1/auth/me", view.me, signed_in, answer=s.MeSchema),
    api("GET", "/v1/auth/sessions", view.session_list, as_person, query=PageQuery, answer=list_of(s.SessionSchema)),
    api("DELETE", "/v1/auth/sessions", view.session_end_others, as_person, answer=s.EndedSchema),
    api("DELETE", "/v1/auth/sessions/<uuid:session_id>", view.session_end, as_person, status=204),
    api("GET", "/v1/auth/tokens", view.token_list, as_person, query=PageQuery, answer=list_of(s.TokenSchema)),
    api("POST", "/v1/auth/tokens", view.token_create, as_person, body=s.TokenInSchema, answer=s.NewTokenSchema,
        status=201, replays=False),
    api("DELETE", "/v1/auth/tokens/<uuid:token_id>", view.token_revoke, as_person, status=204),
)  # fmt: skip

PAGE_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", "/auth/sign-in", pages.sign_in_form, public),
    page("POST", "/auth/sign-in", pages.sign_in, public),
    page("POST", "/auth/sign-out", pages.sign_out, public),
    page("GET", "/auth/organizations", pages.organizations, as_person),
    page("POST", "/auth/organizations", pages.organization_choose, as_person),
    page("GET", "/auth/sessions", pages.devices, as_person),
    page("POST", "/auth/sessions", pages.device_end, as_person),
    page("POST", "/auth/sessions/others", pages.device_end_others, as_person),
    page("GET", "/auth/password", pages.password_form, as_person),
    page("POST", "/auth/password", pages.password, as_person),
    page("GET", "/auth/forgot", link_pages.forgot_form, public),
    page("POST", "/auth/forgot", link_pages.forgot, public),
    page("GET", "/auth/reset/<token>", link_pages.reset_form, public),
    page("POST", "/auth/reset/<token>", link_pages.reset, public),
    page("GET", "/auth/invitation/<token>", link_pages.invitation_form, public),
    page("POST", "/auth/invitation/<token>", link_pages.invitation, public),
    page("GET", "/auth/worker/<token>", link_pages.worker_form, public),
    page("POST", "/auth/worker/<token>", link_pages.worker, public),
)

ROUTES: Final[tuple[Route, ...]] = (*API_ROUTES, *PAGE_ROUTES)
mount(blueprint, ROUTES)
