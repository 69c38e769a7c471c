"""The addresses of what became of mails: given up, bounced. Each with its guard."""

from __future__ import annotations

from typing import Final

from doorstep.admin import dead_letters_api as view
from doorstep.admin import dead_letters_schemas as s
from doorstep.admin import mail_events_api
from doorstep.admin.operations_schemas import DryRunQuery
from doorstep.auth.guards import may_or_operate
from doorstep.core.actor import MANAGE
from doorstep.core.http.openapi import list_of
from doorstep.core.http.paging import PageQuery
from doorstep.core.http.routes import Route, api, public

keeper: Final = may_or_operate(MANAGE)
EMAILS: Final = "/v1/admin/email-dead-letter"
EMAIL: Final = EMAILS + "/<uuid:mail_id>"

DEAD_LETTER_ROUTES: Final[tuple[Route, ...]] = (
    api("GET", EMAILS, view.email_letters, keeper, query=PageQuery, answer=list_of(s.EmailLetterOut)),
    api("POST", EMAILS + "/replay", view.email_replay_many, keeper, query=DryRunQuery, body=s.ReplayBody,
        answer=s.CountOut),
    api("GET", EMAIL, view.email_letter, keeper, answer=s.EmailLetterWhole),
    api("POST", "/v1/sendgrid/webhook", mail_events_api.sendgrid, public, answer=s.NotedOut, replays=False,
        name="sendgrid_events"),
    api("POST", EMAIL + "/replay", view.email_replay, keeper, query=DryRunQuery, answer=s.EmailLetterOut),
)  # fmt: skip
