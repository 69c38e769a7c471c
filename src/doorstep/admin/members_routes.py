"""The addresses of members and invitations, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.admin import members_api as view
from doorstep.admin.people_schemas import InvitationSchema, InviteSchema, MemberSchema, RoleSchema
from doorstep.auth.guards import may
from doorstep.core.actor import MANAGE
from doorstep.core.http.openapi import list_of
from doorstep.core.http.paging import PageQuery
from doorstep.core.http.routes import Route, api

ONE: Final = "/v1/members/<uuid:member_id>"
INVITATIONS: Final = "/v1/members/invitations"

MEMBER_ROUTES: Final[tuple[Route, ...]] = (
    api("GET", "/v1/members", view.member_list, may(MANAGE), query=PageQuery, answer=list_of(MemberSchema)),
    api("POST", f"{ONE}/role", view.member_role, may(MANAGE), body=RoleSchema, answer=MemberSchema),
    api("POST", f"{ONE}/deactivate", view.member_deactivate, may(MANAGE), answer=MemberSchema),
    api("POST", f"{ONE}/reactivate", view.member_reactivate, may(MANAGE), answer=MemberSchema),
    api("POST", f"{ONE}/reset", view.member_reset, may(MANAGE), status=204),
    api("POST", "/v1/members/invite", view.invitation_create, may(MANAGE), body=InviteSchema,
        answer=InvitationSchema, status=201),
    api("GET", INVITATIONS, view.invitation_list, may(MANAGE), query=PageQuery, answer=list_of(InvitationSchema)),
    api("DELETE", f"{INVITATIONS}/<uuid:invitation_id>", view.invitation_revoke, may(MANAGE), status=204),
)  # fmt: skip
