"""The database's shape: the base of all models, the columns of every tenant row, makers of constraints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, ForeignKeyConstraint, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from doorstep.core import clock, ids

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables. Text instead of varchar, times with zone, JSON as jsonb."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
        list[str]: JSONB(),
    }


class GlobalRow:
    """A row that belongs to the installation, not to one organization."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)


class OrgRow:
    """A row that belongs to one organization. The key starts with it, so that no other key can point
    across, and `org_id` is filled from the scope at hand (see `core/tenancy`)."""

    org_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new)


class Stamped:
    """When the row was made."""

    created_at: Mapped[datetime] = mapped_column(default=clock.now)


def to_org_row(column: str, table: str, **options: Any) -> ForeignKeyConstraint:
    """Returns the composite foreign key of `column` to a row of the same organization."""
    return ForeignKeyConstraint(["org_id", column], [f"{table}.org_id", f"{table}.id"], **options)


def only(column: str, words: Sequence[str]) -> CheckConstraint:
    """Returns the CHECK that makes a text column an enumeration."""
    return CheckConstraint(f"{column} in ({', '.join(repr(w) for w in words)})", name=f"{column}_known")
