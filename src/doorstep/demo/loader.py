"""Loads the demo companies, puts them back as new, and says where to look.

A company bears a mark among its settings: `loading` until the last photo is stored, then `loaded`. Loading that was
broken off is begun anew, and a real company that happens to have the same slug is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import func, select

from doorstep.accounts.models import Organization
from doorstep.clients import links
from doorstep.clients.models import Client
from doorstep.core import clock, current, tenancy
from doorstep.core.errors import Conflict
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.demo import clearing, companies, plan, stage, stories
from doorstep.demo.companies import Company
from doorstep.demo.plan import Planned
from doorstep.demo.stage import Album, Stage
from doorstep.orders.models import Order, Photo

Tell = Callable[[str], None]

MARK: Final = "demo"
LOADING, LOADED = "loading", "loaded"
LOCK_KEY: Final = 0x6472_7375  # any number, as long as it is ours alone
HANDS: Final = 2  # as many as photos are developed at once
STALE_AFTER: Final = timedelta(hours=20)


def load_if_missing(tell: Tell = lambda text: None) -> bool:
    """Returns whether a company was loaded now; `tell` hears of each. A real company with the slug is left alone.

    Raises Conflict in production, where everybody would know the sign-ins.
    """
    _check_not_prod()
    with _alone():
        return sum([_load_if_missing(company, tell) for company in companies.COMPANIES]) > 0


def reset(tell: Tell = lambda text: None) -> None:
    """Puts the demo companies back as new; other companies are not touched.

    Raises Conflict in production, and when a company that is not the demo's has the slug of one.
    """
    _check_not_prod()
    with _alone():
        known = [(company, _standing(company)) for company in companies.COMPANIES]
        for company, org in known:
            if org is not None and org.mark is None:
                raise Conflict(f"{org.name} has the slug {company.slug} and is not of the demo: nothing was changed.")
        for company, org in known:
            if org is not None:
                clearing.clear(org.id)
            _load(company, tell)


def welcome_lines(base_url: str) -> list[str]:
    """Returns where to look and how to sign in, with a fresh link of a client whose work is finished."""
    alder = _standing(companies.ALDER)
    link = _client_link(alder.id) if alder and alder.mark else None
    stale = alder is not None and alder.created_at < clock.now() - STALE_AFTER
    hint = ["", "The demo's today is over: .venv/bin/flask --app wsgi demo reset makes it new."] if stale else []
    return [
        f"Company page    {base_url}/b/alder   (and {base_url}/b/birch)",
        f"Sign in         {base_url}/auth/sign-in",
        "                owner@ dispatch@ finance@ viewer@ ana@ alder.test, or birch.test",
        f"                password {companies.PASSWORD}",
        f"Operator        {companies.OPERATOR[0]}, the same password",
        *([f"A client's link {link}"] if link else []),
        f"Mails           {base_url}/dev/mailbox",
        *hint,
    ]


def _check_not_prod() -> None:
    if current.settings().is_prod:
        raise Conflict("The demo is for development; its passwords are known to everybody.")


@contextmanager
def _alone() -> Iterator[None]:
    """Waits until nobody else loads or resets: two who start at once would undo each other's work."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.scalar(select(func.pg_try_advisory_lock(LOCK_KEY))):
            clock.wait(0.2)
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(LOCK_KEY)))


class _Standing(NamedTuple):
    """What is known of the organization that has a company's slug; `mark` is None when it is not the demo's."""

    id: UUID
    name: str
    mark: str | None
    created_at: datetime


def _standing(company: Company) -> _Standing | None:
    columns = (Organization.id, Organization.name, Organization.settings, Organization.created_at)
    row = db.session.execute(select(*columns).where(Organization.slug == company.slug)).one_or_none()
    db.session.rollback()
    return _Standing(row.id, row.name, row.settings.get(MARK), row.created_at) if row else None


def _load_if_missing(company: Company, tell: Tell) -> bool:
    org = _standing(company)
    if org is not None and org.mark != LOADING:
        return False
    if org is not None:
        clearing.clear(org.id)
    _load(company, tell)
    return True


def _load(company: Company, tell: Tell) -> None:
    now = clock.now()
    orders = plan.planned(company, now)
    tell(f"{company.name}: {len(orders)} orders of four weeks, with photos")
    with transaction():
        stage.person(*companies.OPERATOR, is_operator=True)
    org_id = stage.found(company, {MARK: LOADING})
    with tenancy.org_scope(org_id):
        built = stage.build(company, org_id, now, Album())
        with transaction():
            asked = [(one, stories.ask(built, one)) for one in orders]
    _play_all(built, asked)
    with transaction():
        org = db.session.execute(select(Organization).where(Organization.id == org_id)).scalar_one()
        org.settings = {**org.settings, MARK: LOADED}


def _play_all(built: Stage, asked: list[tuple[Planned, UUID]]) -> None:
    """Orders do not wait for each other, and photos take time: so several are played at once."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def play(one: Planned, order_id: UUID) -> None:
        with app.app_context(), tenancy.org_scope(built.org.id):
            stories.play(built, one, order_id)

    hands = ThreadPoolExecutor(HANDS)
    try:
        for done in [hands.submit(play, *each) for each in asked]:
            done.result()
    finally:
        hands.shutdown(cancel_futures=True)


def _client_link(org_id: UUID) -> str | None:
    """Returns a link to the finished order that has photos and was visited last, if there is one still."""
    latest = (
        select(Order.id, Order.client_id)
        .join(Photo, (Photo.org_id == Order.org_id) & (Photo.order_id == Order.id))
        .where(Order.status == "completed", Photo.state == "stored", Photo.visible_to_client)
        .order_by(Order.starts_at.desc())
        .limit(1)
    )
    with tenancy.org_scope(org_id), transaction():
        found = db.session.execute(latest).first()
        return links.fresh_url(tenancy.get(Client, found.client_id), found.id) if found else None
