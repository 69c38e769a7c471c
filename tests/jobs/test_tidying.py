"""The clean-up: takes what is over and nothing else; what fails does not hold up the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from doorstep.auth.models import LoginSession, UserLink
from doorstep.backends import registry
from doorstep.backends.storage.interface import StorageError
from doorstep.clients.models import ClientLink
from doorstep.core import clock, ids, tenancy
from doorstep.core.extensions import db
from doorstep.core.http.idempotency import IdempotencyKey
from doorstep.core.transaction import save, transaction
from doorstep.core.work import Work
from doorstep.jobs import tidying
from doorstep.jobs.models import JobRun
from doorstep.orders.models import Photo
from tests.cast import ALDER, BIRCH, Company
from tests.pictures import small_jpeg

AGO = timedelta(days=400)


def work(*, dry: bool = False) -> Work:
    return Work(clock.monotonic() + 60, dry=dry)


def photo_of(company: Company, state: str, age: timedelta) -> UUID:
    """Returns the id of a photo with an object in the store."""
    with tenancy.org_scope(company.id), transaction():
        photo_id = ids.new()
        key = f"orders/{company.id}/{photo_id}/large.jpg"
        registry.storage().put(key, small_jpeg(), "image/jpeg")
        sizes = {"large": {"key": key, "mime": "image/jpeg", "bytes": 1, "width": 1, "height": 1}}
        save(Photo(
            id=photo_id, order_id=company.order_id, phase="before", state=state, storage_backend="local", sizes=sizes,
            storage_key=key, sha256=b"x", uploaded_by="Ana", uploaded_by_kind="member", created_at=clock.now() - age,
        ))  # fmt: skip
    return photo_id


def photos() -> set[UUID]:
    with tenancy.system_scope("a test looks"):
        return set(db.session.execute(select(Photo.id)).scalars())


def put_old_things(company: Company) -> None:
    """One of each kind that is over."""
    with transaction():
        db.session.execute(
            update(LoginSession).where(LoginSession.user_id == company.viewer.id).values(expires_at=clock.now() - AGO)
        )
        save(UserLink(sha256=b"old", purpose="password_reset", user_id=company.viewer.id, expires_at=clock.now() - AGO))
        save(
            JobRun(
                job="old",
                due=clock.now() - AGO,
                trigger="schedule",
                leader="x",
                state="failed",
                started_at=clock.now() - AGO,
            )
        )
    with tenancy.org_scope(company.id), transaction():
        save(ClientLink(client_id=company.client_id, sha256=b"old", expires_at=clock.now() - AGO))
        save(IdempotencyKey(actor="x", key="k", request_sha256=b"x", expires_at=clock.now() - timedelta(minutes=1)))


def test_it_takes_one_of_each_kind_from_every_company_and_the_second_time_nothing(context: Flask) -> None:
    put_old_things(ALDER)
    put_old_things_again = tidying.cleanup(work())
    assert put_old_things_again == {
        "sessions": 1, "sign_in_links": 1, "client_links": 1, "idempotency_keys": 1, "broken_uploads": 0, "job_runs": 1,
    }  # fmt: skip
    assert set(tidying.cleanup(work()).values()) == {0}


def test_what_is_not_over_stays(context: Flask) -> None:
    with tenancy.system_scope("a test looks"):
        before = db.session.query(LoginSession).count()
    with tenancy.org_scope(ALDER.id), transaction():
        save(ClientLink(client_id=ALDER.client_id, sha256=b"x", expires_at=clock.now() - timedelta(days=1)))
        save(ClientLink(
            client_id=ALDER.client_id, sha256=b"y", expires_at=clock.now() - AGO, used_at=clock.now() - AGO,
            session_expires_at=clock.now() + timedelta(days=1),
        ))  # fmt: skip
    assert set(tidying.cleanup(work()).values()) == {0}
    with tenancy.system_scope("a test looks"):
        assert db.session.query(LoginSession).count() == before
        assert db.session.query(ClientLink).count() == 2


def test_a_dry_run_counts_and_takes_nothing(context: Flask) -> None:
    put_old_things(ALDER)
    broken = photo_of(ALDER, "uploading", timedelta(hours=2))
    counts = tidying.cleanup(work(dry=True))
    assert counts["sessions"] == counts["broken_uploads"] == 1
    assert broken in photos()
    assert tidying.cleanup(work())["sessions"] == 1


def test_uploads_that_broke_off_go_with_their_objects_and_young_ones_stay(context: Flask) -> None:
    old, removed = photo_of(ALDER, "uploading", timedelta(hours=2)), photo_of(BIRCH, "deleting", timedelta(hours=2))
    young, stored = photo_of(ALDER, "uploading", timedelta(minutes=5)), photo_of(ALDER, "stored", AGO)
    assert tidying.cleanup(work())["broken_uploads"] == 2
    assert {young, stored} <= photos()
    assert not {old, removed} & photos()
    with pytest.raises(StorageError):
        registry.storage().open(f"orders/{ALDER.id}/{old}/large.jpg")
    registry.storage().open(f"orders/{ALDER.id}/{stored}/large.jpg").close()


def test_what_the_store_keeps_back_is_tried_again(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = photo_of(ALDER, "uploading", timedelta(hours=2))

    def refuses(key: str) -> bool:
        raise StorageError("the store is away", permanent=False)

    with monkeypatch.context() as patch:
        patch.setattr(registry.storage(), "delete", refuses)
        assert tidying.cleanup(work())["broken_uploads"] == 0
    assert broken in photos()
    assert tidying.cleanup(work())["broken_uploads"] == 1


def test_one_kind_that_fails_does_not_hold_up_the_others(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    put_old_things(ALDER)

    def fails(_: Work) -> int:
        raise OSError("no")

    monkeypatch.setattr(tidying, "SWEEPS", {"broken": fails, **tidying.SWEEPS})
    with pytest.raises(RuntimeError, match="could not tidy up broken"):
        tidying.cleanup(work())
    assert set(_rest().values()) == {0}


def _rest() -> dict[str, Any]:
    return {name: sweep(work()) for name, sweep in tidying.SWEEPS.items() if name != "broken"}


def test_a_great_many_go_in_batches(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("doorstep.core.work.BATCH", 3)
    with transaction():
        for number in range(8):
            due = clock.now() - AGO + timedelta(seconds=number)
            save(JobRun(job="old", due=due, trigger="schedule", leader="x", state="succeeded", started_at=due))
    assert tidying.old_runs(work()) == 8


def test_when_time_is_over_the_rest_waits_for_the_next_run(context: Flask) -> None:
    put_old_things(ALDER)
    assert tidying.cleanup(Work(clock.monotonic() - 1)) == {}
    assert tidying.cleanup(work())["sessions"] == 1


def test_runs_that_found_nothing_to_do_are_old_after_a_day(context: Flask) -> None:
    past = clock.now() - timedelta(hours=30)
    with transaction():
        for number, (state, result) in enumerate((("succeeded", {}), ("succeeded", {"sent": 1}), ("failed", None))):
            at = past + timedelta(seconds=number)
            save(JobRun(job="often", due=at, trigger="schedule", leader="x", state=state, result=result, started_at=at))
    assert tidying.old_runs(work()) == 1
    assert tidying.old_runs(work()) == 0
