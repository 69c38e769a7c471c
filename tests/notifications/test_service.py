"""The outgoing queue: once per key, safe headers, walls between organizations."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.notifications.messages import Message
from doorstep.notifications.models import OutgoingEmail
from doorstep.notifications.service import is_queued, queue_email
from tests.cast import Company

MESSAGE = Message(
    "scheduled", "Your visit\r\nBcc: all@example.com", "text", "<p>html</p>", "Alder\nCleaning", "a@alder.test"
)


def queue(key: str = "key", **more: object) -> bool:
    given = {"to": "margaret@client.test", "to_name": "Margaret", "dedupe_key": key, "cause": "a test", **more}
    with transaction():
        return queue_email(MESSAGE, **given)  # type: ignore[arg-type]


def rows() -> list[OutgoingEmail]:
    return list(db.session.execute(select(OutgoingEmail)).scalars())


def test_a_mail_is_queued_once_per_key(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        assert queue() is True
        assert queue(to="other@client.test") is False
        assert queue("another key") is True
        assert [mail.to_address for mail in rows()] == ["margaret@client.test"] * 2


def test_a_queued_mail_is_due_at_once_and_says_why_it_exists(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        queue(client_id=alder.client_id, order_id=alder.order_id)
        (mail,) = rows()
        assert (mail.state, mail.attempts, mail.cause) == ("due", 0, "a test")
        assert (mail.text, mail.html) == ("text", "<p>html</p>")
        assert (mail.client_id, mail.order_id) == (alder.client_id, alder.order_id)


def test_no_header_has_a_line_break(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        queue(to="x@y.test\r\nCc: z@y.test", to_name="Eve\nBcc: z@y.test")
        (mail,) = rows()
        headers = (mail.to_address, mail.to_name, mail.subject, mail.from_name, mail.reply_to)
        assert all(header.isprintable() for header in headers)


def test_a_long_address_is_kept_whole_for_a_shorter_one_is_somebody_else_s(context: Flask, alder: Company) -> None:
    long = f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.test"
    with tenancy.org_scope(alder.id):
        queue(to=long)
        assert [mail.to_address for mail in rows()] == [long]


def test_the_same_key_of_two_organizations_are_two_mails(context: Flask, alder: Company, birch: Company) -> None:
    for company in (alder, birch):
        with tenancy.org_scope(company.id):
            assert is_queued("key") is False
            assert queue() is True
            assert is_queued("key") is True
            assert len(rows()) == 1


def test_a_mail_undone_with_its_cause_was_never_queued(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id):
        queue_email(MESSAGE, to="m@c.test", to_name="M", dedupe_key="undone", cause="a test")
        db.session.rollback()
        assert rows() == []
