"""The office's page of the team: who belongs, as what; inviting, other roles, letting go."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from doorstep.accounts.models import Invitation, Membership, User, Worker
from doorstep.admin.team_forms import CAN, in_words
from doorstep.core import clock, tenancy
from doorstep.core.actor import PERMISSIONS, ROLE_PERMISSIONS, ROLES
from doorstep.core.extensions import db
from doorstep.core.transaction import save, transaction
from tests import statements
from tests.admin.office_stage import faults, post, said, words
from tests.auth.doors import letters, newest_link
from tests.cast import Company, Person, known_id
from tests.conftest import Browse

TEAM = "/office/team"


@pytest.fixture
def desk(browse: Browse, alder: Company) -> FlaskClient:
    """The owner's browser."""
    return browse(alder.owner)


@pytest.fixture
def admin(app: Flask, browse: Browse, alder: Company) -> FlaskClient:
    """The browser of a member who was made an admin."""
    give(app, alder, alder.viewer, "admin")
    return browse(alder.viewer)


def one(person: Person) -> str:
    return f"{TEAM}/{known_id(f'{person.key}.member')}"


def give(app: Flask, company: Company, person: Person, role: str) -> None:
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        tenancy.get(Membership, known_id(f"{person.key}.member")).role = role


def membership(app: Flask, company: Company, person: Person) -> tuple[str, bool]:
    """Returns the person's role and whether they belong."""
    with app.app_context(), tenancy.org_scope(company.id):
        row = tenancy.get(Membership, known_id(f"{person.key}.member"))
        return row.role, row.active


def row_of(page: TestResponse, words_in_it: str) -> Tag:
    """Returns the row of a table that holds the words."""
    found = [row for row in BeautifulSoup(page.text, "html5lib").select("main tbody tr") if words_in_it in row.text]
    assert len(found) == 1
    return found[0]


def buttons(row: Tag) -> list[str]:
    return [button.get_text(strip=True) for button in row.select("button")]


def invited(app: Flask, company: Company) -> list[Invitation]:
    """Returns the company's invitations that are neither used nor taken back, oldest first."""
    with app.app_context(), tenancy.org_scope(company.id):
        still = select(Invitation).where(Invitation.revoked_at.is_(None), Invitation.accepted_at.is_(None))
        return list(db.session.execute(still.order_by(Invitation.created_at)).scalars())


class TestPage:
    def test_it_shows_everybody_with_role_and_access(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        post(desk, f"{one(alder.finance)}/deactivate")
        page = desk.get(TEAM)
        chosen = row_of(page, alder.dispatcher.email).select_one("option[selected]")
        assert chosen is not None
        assert chosen.text == "Dispatcher"
        assert "Inactive" not in row_of(page, alder.dispatcher.email).text
        assert "Inactive" in row_of(page, alder.finance.email).text
        assert len(BeautifulSoup(page.text, "html5lib").select("main tbody tr")) == len(alder.people)

    @pytest.mark.parametrize("role", ROLES)
    def test_it_says_what_each_role_may_do(self, desk: FlaskClient, role: str) -> None:
        assert in_words(role) in words(desk.get(TEAM))

    def test_the_words_about_roles_follow_their_permissions(self) -> None:
        given = {permission for held in ROLE_PERMISSIONS.values() for permission in held}
        assert set(CAN) == given <= set(PERMISSIONS)
        assert len({in_words(role) for role in ROLES}) == len(ROLES)

    def test_nobody_is_offered_what_would_be_refused(
        self, desk: FlaskClient, admin: FlaskClient, alder: Company
    ) -> None:
        assert buttons(row_of(desk.get(TEAM), alder.owner.email)) == ["Change", "Send password link"]
        seen = admin.get(TEAM)
        assert buttons(row_of(seen, alder.owner.email)) == []
        assert "owner" not in [str(option["value"]) for option in BeautifulSoup(seen.text, "html5lib").select("option")]

    def test_a_large_team_takes_no_more_statements_than_a_small_one(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        def count() -> int:
            with app.app_context(), statements.overheard(db.engine) as heard:
                assert desk.get(TEAM).status_code == 200
            return len(heard)

        desk.get(TEAM)
        small = count()
        crowd(app, alder, 30)
        assert count() == small

    def test_who_is_on_the_second_page_stays_there(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        crowd(app, alder, 100)
        (more,) = BeautifulSoup(desk.get(TEAM).text, "html5lib").select("a[rel=next]")
        row = row_of(desk.get(str(more["href"])), "Zed 099")
        button = row.select_one("form[action*=deactivate]")
        assert button is not None
        answer = post(desk, str(button["action"]))
        assert answer.location == more["href"]
        assert "Inactive" in row_of(desk.get(answer.location), "Zed 099").text

    @pytest.mark.parametrize("key", ["dispatcher", "finance", "viewer", "worker"])
    def test_who_does_not_manage_does_not_see_it(self, browse: Browse, alder: Company, key: str) -> None:
        browser = browse(getattr(alder, key))
        assert browser.get(TEAM).status_code == 403
        assert f'href="{TEAM}"' not in browser.get("/office/clients").text


def crowd(app: Flask, company: Company, count: int) -> None:
    """Makes many further members."""
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        for number in range(count):
            user = save(User(email=f"zed{number}@alder.test", name=f"Zed {number:03}", password_hash=None))
            save(Membership(user_id=user.id, role="viewer"))


class TestInvite:
    def test_the_mail_goes_out_and_the_page_lists_who_is_waited_for(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        answer = post(desk, f"{TEAM}/invite", email=" Nina@Newcomer.test ", name="Nina", role="dispatcher")
        assert "nina@newcomer.test" in said(desk, answer).lower()
        assert "Dispatcher" in row_of(desk.get(TEAM), "nina@newcomer.test").text
        (letter,) = letters(app, "nina@newcomer.test", "invitation")
        assert "Olive Owner" in letter.text

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"email": ""}, "email"),
            ({"email": "nina"}, "email"),
            ({"email": "x" * 250 + "@a.test"}, "email"),
            ({"name": "x" * 121}, "name"),
            ({"role": ""}, "role"),
            ({"role": "root"}, "role"),
        ],
    )
    def test_a_mistake_is_told_at_its_field_and_the_rest_stays_typed(
        self, app: Flask, desk: FlaskClient, alder: Company, wrong: dict[str, str], field: str
    ) -> None:
        typed = {"email": "nina@newcomer.test", "name": "Nina", "role": "viewer", **wrong}
        answer = post(desk, f"{TEAM}/invite", **typed)
        assert answer.status_code == 422
        assert list(faults(answer)) == [field]
        form = BeautifulSoup(answer.text, "html5lib").select_one("#invite")
        assert form is not None
        for name in {"email", "name"} - {field}:
            assert form.select_one(f"[name={name}]")["value"] == typed[name]  # type: ignore[index]
        assert invited(app, alder) == []

    def test_a_member_is_not_invited(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        answer = post(desk, f"{TEAM}/invite", email=alder.worker.email, role="viewer")
        assert answer.status_code == 409
        assert "member already" in faults(answer)["email"]
        assert invited(app, alder) == []

    def test_an_admin_makes_no_owner(self, app: Flask, admin: FlaskClient, alder: Company) -> None:
        answer = post(admin, f"{TEAM}/invite", email="nina@newcomer.test", role="owner")
        assert answer.status_code == 403
        assert "Only an owner" in faults(answer)["role"]
        assert invited(app, alder) == []

    def test_sent_again_the_former_link_is_dead_and_the_worker_is_the_same(
        self, app: Flask, desk: FlaskClient, stranger: FlaskClient, alder: Company
    ) -> None:
        body = {"name": "Nina", "email": "nina@newcomer.test"}
        desk.post("/v1/workers", json=body, headers=alder.owner.bearer)
        (former,), first = invited(app, alder), newest_link(app, "nina@newcomer.test", "invitation")
        assert "sent again" in said(desk, post(desk, f"{TEAM}/invitations/{former.id}/again"))
        (fresh,) = invited(app, alder)
        assert (fresh.worker_id, fresh.role) == (former.worker_id, "worker")
        assert stranger.get(first).status_code == 410
        assert stranger.get(newest_link(app, "nina@newcomer.test", "invitation")).status_code == 200

    def test_taken_back_it_is_neither_listed_nor_good(
        self, app: Flask, desk: FlaskClient, stranger: FlaskClient, alder: Company
    ) -> None:
        post(desk, f"{TEAM}/invite", email="nina@newcomer.test", role="viewer")
        (row,) = invited(app, alder)
        assert "taken back" in said(desk, post(desk, f"{TEAM}/invitations/{row.id}/revoke"))
        assert "Nobody is invited" in words(desk.get(TEAM))
        assert stranger.get(newest_link(app, "nina@newcomer.test", "invitation")).status_code == 410
        again = post(desk, f"{TEAM}/invitations/{row.id}/again")
        assert again.status_code == 409
        assert "used or taken back meanwhile" in words(again)
        assert invited(app, alder) == []


class TestRole:
    def test_another_role_holds_from_the_next_request_on(
        self, app: Flask, desk: FlaskClient, browse: Browse, alder: Company
    ) -> None:
        viewer = browse(alder.viewer)
        assert viewer.get("/office/clients/new").status_code == 403
        assert "is dispatcher now" in said(desk, post(desk, f"{one(alder.viewer)}/role", role="dispatcher"))
        assert viewer.get("/office/clients/new").status_code == 200

    def test_the_last_owner_stays_and_the_sentence_stands_at_the_choice(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        answer = post(desk, f"{one(alder.owner)}/role", role="admin")
        assert answer.status_code == 409
        row = row_of(answer, alder.owner.email)
        assert "Every organization needs an owner" in row.text
        chosen = row.select_one("option[selected]")
        assert chosen is not None
        assert chosen["value"] == "admin"
        assert membership(app, alder, alder.owner) == ("owner", True)

    def test_with_a_second_owner_the_first_may_become_something_else(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        give(app, alder, alder.finance, "owner")
        assert post(desk, f"{one(alder.owner)}/role", role="admin").status_code == 303
        assert membership(app, alder, alder.owner) == ("admin", True)

    @pytest.mark.parametrize("role", ["", "root"])
    def test_an_unknown_role_is_refused(self, app: Flask, desk: FlaskClient, alder: Company, role: str) -> None:
        answer = post(desk, f"{one(alder.viewer)}/role", role=role)
        assert answer.status_code == 422
        assert "Choose" in row_of(answer, alder.viewer.email).text
        assert membership(app, alder, alder.viewer) == ("viewer", True)

    def test_an_admin_neither_makes_nor_changes_an_owner(self, app: Flask, admin: FlaskClient, alder: Company) -> None:
        for person, role in ((alder.finance, "owner"), (alder.viewer, "owner"), (alder.owner, "viewer")):
            before = membership(app, alder, person)
            answer = post(admin, f"{one(person)}/role", role=role)
            assert answer.status_code == 403
            assert "Only an owner" in words(answer)
            assert membership(app, alder, person) == before


class TestAccess:
    def test_deactivated_they_are_out_at_once_and_reactivated_they_sign_in_anew(
        self, app: Flask, desk: FlaskClient, browse: Browse, alder: Company
    ) -> None:
        viewer = browse(alder.viewer)
        assert "no access any more" in said(desk, post(desk, f"{one(alder.viewer)}/deactivate"))
        assert viewer.get("/office/clients").status_code == 302
        assert buttons(row_of(desk.get(TEAM), alder.viewer.email)) == ["Reactivate"]
        assert "has access again" in said(desk, post(desk, f"{one(alder.viewer)}/reactivate"))
        assert membership(app, alder, alder.viewer) == ("viewer", True)
        assert viewer.get("/office/clients").status_code == 302

    def test_a_worker_let_go_gets_no_orders_any_more(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        assert post(desk, f"{one(alder.worker)}/deactivate").status_code == 303
        with app.app_context(), tenancy.org_scope(alder.id):
            assert tenancy.get(Worker, alder.worker.worker_id).active is False

    def test_nobody_lets_themselves_go(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        answer = post(desk, f"{one(alder.owner)}/deactivate")
        assert answer.status_code == 409
        assert "cannot let yourself go" in row_of(answer, alder.owner.email).text
        assert membership(app, alder, alder.owner) == ("owner", True)

    def test_an_admin_does_not_reach_an_owner(self, app: Flask, admin: FlaskClient, alder: Company) -> None:
        for act in ("deactivate", "reactivate", "reset"):
            answer = post(admin, f"{one(alder.owner)}/{act}")
            assert answer.status_code == 403
            assert "Only an owner can change an owner" in row_of(answer, alder.owner.email).text
        assert letters(app, alder.owner.email, "password_reset") == []
        assert membership(app, alder, alder.owner) == ("owner", True)


class TestReset:
    def test_only_the_person_gets_the_link_and_once_in_two_minutes(
        self, app: Flask, desk: FlaskClient, alder: Company
    ) -> None:
        answer = post(desk, f"{one(alder.viewer)}/reset")
        assert "on its way to Vi Looker" in said(desk, answer)
        assert "a moment ago" in said(desk, post(desk, f"{one(alder.viewer)}/reset"))
        (letter,) = letters(app, alder.viewer.email, "password_reset")
        secret = newest_link(app, alder.viewer.email, "password_reset").rsplit("/", 1)[-1]
        assert secret in letter.text
        assert secret not in desk.get(TEAM).text
        with clock.held_at(clock.minutes_from_now(3)):
            assert "on its way" in said(desk, post(desk, f"{one(alder.viewer)}/reset"))

    def test_who_has_no_access_gets_no_link(self, app: Flask, desk: FlaskClient, alder: Company) -> None:
        post(desk, f"{one(alder.viewer)}/deactivate")
        answer = post(desk, f"{one(alder.viewer)}/reset")
        assert answer.status_code == 409
        assert "Reactivate them first" in row_of(answer, alder.viewer.email).text
        assert letters(app, alder.viewer.email, "password_reset") == []


ACTS = ("role", "deactivate", "reactivate", "reset")


@pytest.mark.parametrize("act", ACTS)
def test_another_companys_member_is_not_there(
    app: Flask, desk: FlaskClient, alder: Company, birch: Company, act: str
) -> None:
    assert post(desk, f"{one(birch.viewer)}/{act}", role="admin").status_code == 404
    assert membership(app, birch, birch.viewer) == ("viewer", True)
    assert letters(app, birch.viewer.email, "password_reset") == []


def test_another_companys_invitation_is_not_there(
    app: Flask, browse: Browse, desk: FlaskClient, birch: Company
) -> None:
    post(browse(birch.owner), f"{TEAM}/invite", email="nina@newcomer.test", role="viewer")
    (row,) = invited(app, birch)
    for act in ("again", "revoke"):
        assert post(desk, f"{TEAM}/invitations/{row.id}/{act}").status_code == 404
    assert [found.id for found in invited(app, birch)] == [row.id]


@pytest.mark.parametrize("key", ["dispatcher", "viewer"])
@pytest.mark.parametrize("act", ACTS)
def test_who_does_not_manage_changes_nobody(app: Flask, browse: Browse, alder: Company, key: str, act: str) -> None:
    browser = browse(getattr(alder, key))
    assert post(browser, f"{one(alder.finance)}/{act}", role="viewer").status_code == 403
    assert post(browser, f"{TEAM}/invite", email="nina@newcomer.test", role="viewer").status_code == 403
    assert membership(app, alder, alder.finance) == ("finance", True)
    assert invited(app, alder) == []
