"""Inviting: to whom the mail goes, what it says, what replaces what."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from doorstep.accounts import invitations
from doorstep.accounts.models import Invitation, User, Worker
from doorstep.core import clock, ids, tenancy
from doorstep.core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from doorstep.notifications.models import OutgoingEmail
from tests.accounts.acting import acting
from tests.cast import Company

NEWCOMER = "nina@newcomer.test"


def invited(company: Company, email: str = NEWCOMER, role: str = "viewer", **more: object) -> Invitation:
    with tenancy.org_scope(company.id), transaction():
        return invitations.invite(acting(company.owner, company), email=email, role=role, **more)


def mails(company: Company) -> list[OutgoingEmail]:
    with tenancy.org_scope(company.id):
        wanted = select(OutgoingEmail).where(OutgoingEmail.purpose == "invitation")
        return list(db.session.execute(wanted.order_by(OutgoingEmail.created_at)).scalars())


def test_the_invitation_is_mailed_to_the_invited_person(context: Flask, alder: Company) -> None:
    row = invited(alder, "  Nina@Newcomer.TEST ", name=" Nina  New ")
    assert (row.email, row.name) == (NEWCOMER, "Nina New")
    (mail,) = mails(alder)
    assert (mail.to_address, mail.to_name) == (NEWCOMER, "Nina New")
    assert "Olive Owner" in mail.text
    assert "Alder Cleaning" in mail.text
    assert "/auth/invitation/" in mail.text
    assert "/auth/invitation/" in mail.html


def test_the_secret_is_in_the_mail_and_its_hash_in_the_row(context: Flask, alder: Company) -> None:
    row = invited(alder)
    (mail,) = mails(alder)
    secret = mail.text.partition("/auth/invitation/")[2].split()[0]
    assert ids.digest(secret) == row.sha256
    assert ids.org_of_secret(secret) == alder.id


@pytest.mark.parametrize(
    "email",
    ["", "nina", "nina@", "@newcomer.test", "a b@c.test", "nina@newcomer", "x" * 300 + "@a.test",
     "nina@newcomer.test\nBcc: all@a.test"],
)  # fmt: skip
def test_an_address_that_gets_no_mail_is_refused(context: Flask, alder: Company, email: str) -> None:
    with pytest.raises(Invalid) as caught:
        invited(alder, email)
    assert caught.value.errors[0].field == "email"
    assert mails(alder) == []


def test_a_member_is_not_invited_but_a_stranger_of_the_same_company_is_unknown(
    context: Flask, alder: Company, birch: Company
) -> None:
    with pytest.raises(Conflict):
        invited(alder, alder.worker.email)
    assert invited(alder, birch.worker.email).email == birch.worker.email


def test_only_the_newest_invitation_to_an_address_is_open(context: Flask, alder: Company) -> None:
    invited(alder, role="viewer")
    newest = invited(alder, role="finance")
    with tenancy.org_scope(alder.id):
        found, _ = invitations.rows()
    assert [row.id for row in found] == [newest.id]


def test_open_invitations_are_listed_until_they_are_over(context: Flask, alder: Company, birch: Company) -> None:
    for number in range(3):
        invited(alder, f"nina{number}@newcomer.test")
    invited(birch)
    with tenancy.org_scope(alder.id):
        first, cursor = invitations.rows(2)
        rest, end = invitations.rows(2, cursor)
    assert [row.email for row in (*first, *rest)] == [f"nina{n}@newcomer.test" for n in (2, 1, 0)]
    assert end is None
    with clock.held_at(clock.minutes_from_now(60 * 24 * 31)), tenancy.org_scope(alder.id):
        assert invitations.rows() == ([], None)


def test_an_invitation_can_be_taken_back_also_twice(context: Flask, alder: Company) -> None:
    row = invited(alder)
    for _ in range(2):
        with tenancy.org_scope(alder.id), transaction():
            invitations.revoke(acting(alder.owner, alder), row.id)
    with tenancy.org_scope(alder.id):
        assert invitations.rows() == ([], None)


def test_an_accepted_invitation_cannot_be_taken_back(context: Flask, alder: Company) -> None:
    row = invited(alder)
    with tenancy.org_scope(alder.id), transaction():
        again = tenancy.get(Invitation, row.id)
        invitations.spend(again, save(User(email=NEWCOMER, name="Nina", password_hash=None)))
    with tenancy.org_scope(alder.id), pytest.raises(Conflict):
        invitations.revoke(acting(alder.owner, alder), row.id)


def test_another_companys_invitation_is_not_there(context: Flask, alder: Company, birch: Company) -> None:
    row = invited(birch)
    with tenancy.org_scope(alder.id), pytest.raises(NotFound):
        invitations.revoke(acting(alder.owner, alder), row.id)
    (mail,) = mails(birch)
    secret = mail.text.partition("/auth/invitation/")[2].split()[0]
    with tenancy.org_scope(alder.id), pytest.raises(Gone):
        invitations.find_open(secret)


def test_a_worker_who_is_somebody_else_already_is_not_given_away(
    context: Flask, alder: Company, birch: Company
) -> None:
    row = invited(alder, birch.viewer.email, "worker", worker_id=alder.worker.worker_id)
    with tenancy.org_scope(alder.id), transaction():
        invitations.spend(tenancy.get(Invitation, row.id), db.session.get(User, birch.viewer.id))
    with tenancy.org_scope(alder.id):
        assert tenancy.get(Worker, alder.worker.worker_id).user_id == alder.worker.id


def test_a_worker_s_open_invitation_is_known_until_it_is_over(context: Flask, alder: Company) -> None:
    ana, ben = alder.worker.worker_id, alder.other_worker.worker_id
    invited(alder, "somebody@else.test", role="worker", worker_id=ana)
    row = invited(alder, role="worker", worker_id=ana)
    with tenancy.org_scope(alder.id):
        assert {worker_id: one.email for worker_id, one in invitations.open_to([ana, ben]).items()} == {ana: NEWCOMER}
        with clock.held_at(row.expires_at):
            assert invitations.open_to([ana, ben]) == {}


def test_a_dispatcher_invites_nobody(context: Flask, alder: Company) -> None:
    with tenancy.org_scope(alder.id), pytest.raises(Forbidden):
        invitations.invite(acting(alder.dispatcher, alder), email=NEWCOMER, role="worker")
