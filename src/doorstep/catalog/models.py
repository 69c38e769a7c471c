"""Services: what a client can order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from doorstep.core.db import Base, OrgRow, Stamped, only

PRICE_UNITS = ("visit", "hour", "quote")


class Service(OrgRow, Stamped, Base):
    """One thing to be ordered. Price in minor units per `price_unit`; `quote` means that the office names the price.

    `extras` are `{"key", "label", "price_cents", "minutes"}`; `checklist` are
    `{"label", "phase": "before" | "after" | null, "photo_required": bool}`.
    """

    __tablename__ = "services"
    __table_args__ = (
        only("price_unit", PRICE_UNITS),
        CheckConstraint(
            "price_cents >= 0 and duration_minutes between 5 and 1440 and buffer_minutes between 0 and 480", name="sane"
        ),
    )

    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    icon: Mapped[str] = mapped_column(default="house")
    skill: Mapped[str] = mapped_column(default="")
    price_cents: Mapped[int]
    price_unit: Mapped[str] = mapped_column(default="visit")
    duration_minutes: Mapped[int]
    buffer_minutes: Mapped[int] = mapped_column(default=0)
    extras: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    public: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
