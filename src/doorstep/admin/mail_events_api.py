"""Where SendGrid tells what became of mails. Signed; whoever it is not from learns nothing."""

from __future__ import annotations

import logging
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import request

from doorstep.backends.email import sendgrid_events
from doorstep.clients import addresses
from doorstep.core import current, tenancy
from doorstep.core.errors import Forbidden, NotFound
from doorstep.core.transaction import transaction

log = logging.getLogger(__name__)


def sendgrid() -> dict[str, Any]:
    """Take SendGrid's signed events: addresses that bounce or complain are noted on the client. Safe to repeat."""
    key = current.settings().sendgrid_events_public_key
    if not key:
        raise NotFound("There is nothing at this address.")
    body = request.get_data()
    signature, timestamp = (request.headers.get(name, "") for name in sendgrid_events.HEADERS)
    if not sendgrid_events.is_signed(key, signature, timestamp, body):
        raise Forbidden("This is not signed by SendGrid.")
    found = sorted(sendgrid_events.troubles(body), key=attrgetter("org_id"))
    noted = 0
    for org_id, of_org in groupby(found, key=attrgetter("org_id")):
        with tenancy.org_scope(org_id), transaction():
            noted += sum(addresses.mark(one.email_id, one.address, one.state, one.reason) for one in of_org)
    if noted:
        log.info("%d addresses that mails do not reach", noted)
    return {"noted": noted}
