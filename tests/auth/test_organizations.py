"""People who belong to several organizations."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from doorstep.accounts.models import Membership, Organization
from doorstep.auth import places
from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from tests.auth.doors import join, sign_in, submit
from tests.cast import Company, Person, known_id

Browse = Callable[[Person | None], FlaskClient]
CHOOSE = "/auth/organizations"


def org_of(browser: FlaskClient) -> tuple[str | None, str | None]:
    me = browser.get("/v1/auth/me").json
    return (me["org"]["slug"] if me["org"] else None, me["role"])


def test_who_belongs_to_several_is_asked_where_to(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    join(app, alder.owner, birch, "viewer")
    answer = sign_in(stranger, alder.owner.email)
    assert (answer.status_code, answer.location) == (303, CHOOSE)
    page = stranger.get(CHOOSE)
    assert "Alder Cleaning" in page.text
    assert "Birch Pest Control" in page.text
    assert org_of(stranger) == (None, None)
    assert stranger.get("/v1/workers").status_code == 403


def test_the_choice_leads_into_the_organization_with_the_role_there(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    join(app, alder.owner, birch, "worker")
    sign_in(stranger, alder.owner.email)
    answer = submit(stranger, CHOOSE, org=str(birch.id))
    assert (answer.status_code, answer.location) == (303, "/worker")
    assert org_of(stranger) == ("birch", "worker")


def test_after_choosing_one_is_where_one_wanted_to_go(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    join(app, alder.owner, birch, "viewer")
    answer = sign_in(stranger, alder.owner.email, next="/office/orders?state=open&page=2")
    assert answer.location == "/auth/organizations?next=%2Foffice%2Forders%3Fstate%3Dopen%26page%3D2"
    page = stranger.get(answer.location)
    assert 'name="next" value="/office/orders?state=open&amp;page=2"' in page.text
    answer = submit(stranger, CHOOSE, org=str(alder.id), next="/office/orders?state=open&page=2")
    assert answer.location == "/office/orders?state=open&page=2"


def test_the_choice_never_leads_to_another_site(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    join(app, alder.owner, birch, "viewer")
    sign_in(stranger, alder.owner.email)
    assert submit(stranger, CHOOSE, org=str(alder.id), next="//evil.test").location == "/office"


def test_one_can_go_to_the_other_organization_later(
    app: Flask, browse: Browse, api: FlaskClient, alder: Company, birch: Company
) -> None:
    join(app, alder.owner, birch, "viewer")
    browser = browse(alder.owner)
    assert org_of(browser) == ("alder", "owner")
    assert submit(browser, CHOOSE, org=str(birch.id)).location == "/office"
    assert org_of(browser) == ("birch", "viewer")
    assert api.get("/v1/auth/me", headers=alder.owner.bearer).status_code == 401


def test_a_strangers_organization_cannot_be_chosen(browse: Browse, alder: Company, birch: Company) -> None:
    browser = browse(alder.owner)
    for org in (str(birch.id), str(known_id("nothing")), "birch", ""):
        assert submit(browser, CHOOSE, "/auth/sessions", org=org).status_code == 404
    assert org_of(browser) == ("alder", "owner")


def test_who_belongs_to_one_is_not_asked(browse: Browse, alder: Company) -> None:
    answer = browse(alder.worker).get(CHOOSE)
    assert (answer.status_code, answer.location) == (303, "/worker")


def test_who_belongs_to_none_sees_their_devices(browse: Browse, operator: Person) -> None:
    answer = browse(operator).get(CHOOSE)
    assert (answer.status_code, answer.location) == (303, "/auth/sessions")
    assert browse(operator).get("/auth/sessions").status_code == 200


def test_places_leave_out_where_one_was_let_go_and_what_is_closed(
    context: Flask, alder: Company, birch: Company
) -> None:
    join(context, alder.owner, birch, "viewer")
    assert [place.org.slug for place in places.of(alder.owner.id)] == ["alder", "birch"]
    with tenancy.org_scope(birch.id), transaction():
        row = db.session.query(Membership).filter_by(user_id=alder.owner.id).one()
        row.active = False
    assert [place.org.slug for place in places.of(alder.owner.id)] == ["alder"]
    with transaction():
        db.session.get(Organization, alder.id).active = False
    assert places.of(alder.owner.id) == []


def test_looking_up_places_leaves_the_walls_standing(context: Flask, alder: Company) -> None:
    places.of(alder.owner.id)
    assert db.session.query(Membership).all() == []


def test_a_session_ended_while_choosing_asks_to_sign_in_again(stranger: FlaskClient) -> None:
    answer = stranger.get(CHOOSE)
    assert (answer.status_code, answer.location) == (302, "/auth/sign-in?next=/auth/organizations")


def test_the_way_to_the_other_organization_is_shown_to_who_has_one(
    app: Flask, browse: Browse, alder: Company, birch: Company
) -> None:
    assert "Change company" not in browse(alder.owner).get("/auth/sessions").text
    join(app, alder.owner, birch, "viewer")
    assert "Change company" in browse(alder.owner).get("/auth/sessions").text
