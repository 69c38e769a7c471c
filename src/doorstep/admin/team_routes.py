"""The addresses of the team's page, each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.admin import team_pages as pages
from doorstep.auth.guards import may
from doorstep.core.actor import MANAGE
from doorstep.core.http.routes import Route, page

ONE: Final = "/office/team/<uuid:member_id>"
INVITATION: Final = "/office/team/invitations/<uuid:invitation_id>"

TEAM_ROUTES: Final[tuple[Route, ...]] = (
    page("GET", "/office/team", pages.index, may(MANAGE)),
    page("POST", "/office/team/invite", pages.invite, may(MANAGE)),
    page("POST", f"{ONE}/role", pages.change_role, may(MANAGE)),
    page("POST", f"{ONE}/deactivate", pages.deactivate, may(MANAGE)),
    page("POST", f"{ONE}/reactivate", pages.reactivate, may(MANAGE)),
    page("POST", f"{ONE}/reset", pages.reset, may(MANAGE)),
    page("POST", f"{INVITATION}/again", pages.invite_again, may(MANAGE)),
    page("POST", f"{INVITATION}/revoke", pages.revoke, may(MANAGE)),
)
