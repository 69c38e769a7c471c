"""An order and what hangs on it: assignments, checklist, time, photos, timeline, feedback."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from doorstep.core.db import Base, OrgRow, Stamped, only, to_org_row
from doorstep.orders.status import STATUSES

LONGEST_VISIT_MINUTES = 24 * 60
SOURCES = ("public", "office", "api", "demo")
PHASES = ("before", "after", "other")
PHOTO_STATES = ("uploading", "stored", "deleting")


class Order(OrgRow, Stamped, Base):
    """One piece of work at one place. `scheduled` is the visit window; `version` guards against overwriting.

    `price_low_cents` to `price_high_cents` is what the client was shown; `price_cents` is what was agreed.
    `waiting_since` is since when the office has to see to it: a request, a client's wish, a visit that broke off.
    `starts_at` repeats the window's start for the indexes: comparisons of ranges are not leakproof, so
    PostgreSQL would not use an index of theirs below the row security policy.
    """

    __tablename__ = "orders"
    __table_args__ = (
        to_org_row("client_id", "clients"),
        to_org_row("service_id", "services"),
        UniqueConstraint("org_id", "number"),
        only("status", STATUSES),
        only("source", SOURCES),
        CheckConstraint(
            "status not in ('scheduled', 'on_the_way', 'in_progress') or scheduled is not null",
            name="visit_known",
        ),
        CheckConstraint("scheduled is null or not isempty(scheduled)", name="visit_not_empty"),
        Index("ix_orders_created", "org_id", "created_at", "id"),
        Index("ix_orders_status", "org_id", "status", "created_at", "id"),
        Index("ix_orders_visit", "org_id", "starts_at", "id"),
        Index("ix_orders_coming", "starts_at", "id", postgresql_where=text("status = 'scheduled'")),
        Index("ix_orders_finished", "finished_at", "id", postgresql_where=text("status = 'completed'")),
        Index("ix_orders_client_id", "org_id", "client_id", "created_at"),
        Index("ix_orders_waiting", "org_id", "waiting_since", "id", postgresql_where=text("waiting_since is not null")),
    )

    number: Mapped[int]
    client_id: Mapped[UUID]
    service_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(default="requested")
    scheduled: Mapped[Range[datetime] | None] = mapped_column(TSTZRANGE)
    starts_at: Mapped[datetime | None] = mapped_column(Computed("lower(scheduled)", persisted=True))
    wished_at: Mapped[datetime | None]
    wish_note: Mapped[str] = mapped_column(default="")
    duration_minutes: Mapped[int]
    buffer_minutes: Mapped[int] = mapped_column(default=0)
    extras: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    address: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    access_notes: Mapped[str] = mapped_column(default="")
    details: Mapped[str] = mapped_column(default="")
    price_low_cents: Mapped[int | None]
    price_high_cents: Mapped[int | None]
    price_cents: Mapped[int | None]
    currency: Mapped[str]
    quote_note: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="office")
    finished_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Assignment(OrgRow, Stamped, Base):
    """A worker on an order. `during` is the visit with its buffer; the database refuses overlapping active ones."""

    __tablename__ = "assignments"
    __table_args__ = (
        to_org_row("order_id", "orders"),
        to_org_row("worker_id", "workers"),
        ExcludeConstraint(
            (text("uuidrange(worker_id, worker_id, '[]')"), "&&"),
            ("during", "&&"),
            where=text("active"),
            using="gist",
            name="no_double_booking",
        ),
        Index("ix_assignments_order_id", "org_id", "order_id"),
        Index("ix_assignments_worker", "org_id", "worker_id", "starts_at"),
        Index("ix_assignments_starts_at", "org_id", "starts_at"),
    )

    order_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    starts_at: Mapped[datetime] = mapped_column(Computed("lower(during)", persisted=True))
    active: Mapped[bool] = mapped_column(default=True)


class ChecklistItem(OrgRow, Base):
    """One step to be ticked, or a photo to be taken, before the order can be finished."""

    __tablename__ = "checklist_items"
    __table_args__ = (
        to_org_row("order_id", "orders"),
        Index("ix_checklist_items_order_id", "org_id", "order_id", "position"),
    )

    order_id: Mapped[UUID]
    position: Mapped[int]
    label: Mapped[str]
    phase: Mapped[str | None]
    photo_required: Mapped[bool] = mapped_column(default=False)
    required: Mapped[bool] = mapped_column(default=True)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]


class TimeEntry(OrgRow, Base):
    """A stretch of work; open while `ended_at` is empty. One open entry per order and worker."""

    __tablename__ = "time_entries"
    __table_args__ = (
        to_org_row("order_id", "orders"),
        to_org_row("worker_id", "workers"),
        Index(
            "uq_time_entries_open",
            "org_id",
            "order_id",
            "worker_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        CheckConstraint("ended_at is null or ended_at >= started_at", name="ordered"),
    )

    order_id: Mapped[UUID]
    worker_id: Mapped[UUID]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")


class Photo(OrgRow, Stamped, Base):
    """One photo of an order. `uploading` until its bytes are safe; `sizes` lists what is stored:
    `{"thumb": {"key", "mime", "bytes", "width", "height"}, "large": ..., "original": ...}`."""

    __tablename__ = "photos"
    __table_args__ = (
        to_org_row("order_id", "orders"),
        to_org_row("checklist_item_id", "checklist_items"),
        Index(
            "uq_photos_idempotency_key",
            "org_id",
            "idempotency_key",
            unique=True,
            postgresql_where=text("idempotency_key is not null"),
        ),
        Index("ix_photos_order_id", "org_id", "order_id", "created_at"),
        Index("ix_photos_unfinished", "created_at", postgresql_where=text("state <> 'stored'")),
        only("phase", PHASES),
        only("state", PHOTO_STATES),
    )

    order_id: Mapped[UUID]
    phase: Mapped[str]
    checklist_item_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default="uploading")
    storage_backend: Mapped[str]
    storage_key: Mapped[str]
    sizes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    idempotency_key: Mapped[str | None]
    taken_at: Mapped[datetime | None]
    uploaded_by: Mapped[str]
    uploaded_by_kind: Mapped[str]
    visible_to_client: Mapped[bool] = mapped_column(default=True)
    review: Mapped[str | None]


class OrderEvent(OrgRow, Base):
    """One line of the order's timeline: what happened, by whom, when."""

    __tablename__ = "order_events"
    __table_args__ = (
        to_org_row("order_id", "orders"),
        Index("ix_order_events_order_id", "org_id", "order_id", "at", "id"),
    )

    order_id: Mapped[UUID]
    kind: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Feedback(OrgRow, Stamped, Base):
    """What the client thought: 1 to 5 stars and words."""

    __tablename__ = "feedback"
    __table_args__ = (
        to_org_row("order_id", "orders"),
        UniqueConstraint("org_id", "order_id"),
        CheckConstraint("score between 1 and 5", name="stars"),
    )

    order_id: Mapped[UUID]
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(default="")
