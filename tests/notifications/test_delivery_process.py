"""The delivery as a process of its own, with a real mail server that it is killed by."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import select, text

from doorstep.backends.database.embedded import Urls
from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.notifications import delivery
from doorstep.notifications.models import OutgoingEmail
from tests.backends.email.smtp_station import HOST, Server
from tests.cast import Company

ROOT = Path(__file__).resolve().parents[2]
COUNT = 12
MESSAGE_ID = re.compile(rb"(?mi)^Message-ID:\s*(\S+)")


@dataclass
class Killer:
    """Takes every mail, and kills who brings the one of this number before it hears so."""

    number: int
    victim: int = 0
    ids: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        found = MESSAGE_ID.search(bytes(envelope.original_content or b""))
        assert found
        self.ids.append(found.group(1))
        if len(self.ids) == self.number:
            os.kill(self.victim, signal.SIGKILL)
        return "250 OK"


def started(urls: Urls, port: int) -> subprocess.Popen[bytes]:
    environ = os.environ | {
        "DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "EMAIL_MODE": "smtp", "SMTP_HOST": HOST,
        "SMTP_PORT": str(port), "SMTP_TLS": "none", "EMAIL_FROM": "office@doorstep.test", "LOG_LEVEL": "warning",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run", "email-delivery"]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)


def states(app: Flask) -> Counter[str]:
    with app.app_context(), tenancy.system_scope("a test looks"), transaction():
        return Counter(db.session.execute(select(OutgoingEmail.state)).scalars())


@pytest.mark.slow
def test_killed_in_the_middle_one_mail_is_repeated_and_bears_the_same_id(
    app: Flask, urls: Urls, alder: Company
) -> None:
    given = {"purpose": "scheduled", "subject": "s", "text": "t", "html": "<p>h</p>"}
    with app.app_context(), tenancy.org_scope(alder.id), transaction():
        for number in range(COUNT):
            save(OutgoingEmail(dedupe_key=str(number), to_address=f"client{number}@client.test", **given))

    killer = Killer(number=5)

    def protocol(loop: asyncio.AbstractEventLoop) -> SMTP:
        return SMTP(killer, loop=loop, hostname="mail.test")

    server = Server(protocol, None)
    try:
        first = started(urls, server.port)
        killer.victim = first.pid
        assert first.wait(60) == -signal.SIGKILL
        assert states(app) == {"sent": 4, "sending": 1, "due": 7}

        assert started(urls, server.port).wait(60) == 0
        assert states(app) == {"sent": 11, "sending": 1}  # leased to the dead until the lease runs out

        with app.app_context(), tenancy.system_scope("a test lets time pass"), transaction():
            sooner = text("update outgoing_emails set lease_until = lease_until - :lease where state = 'sending'")
            db.session.execute(sooner, {"lease": delivery.LEASE})
        assert started(urls, server.port).wait(60) == 0
        assert states(app) == {"sent": COUNT}
    finally:
        server.close()
    assert sorted(Counter(killer.ids).values()) == [*[1] * (COUNT - 1), 2]
