"""Takes a company of the demo away: its photos from the store, then all its rows. Only what bears the demo's mark."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Table, delete, select

from doorstep.accounts.models import Organization
from doorstep.core import tenancy
from doorstep.core.extensions import db
from doorstep.core.transaction import transaction
from doorstep.orders import photo_objects
from doorstep.orders.models import Photo

ORG_COLUMN: Final = "org_id"


def clear(org_id: UUID) -> None:
    """Removes the organization. Broken off anywhere, it can be done again."""
    with tenancy.org_scope(org_id):
        for photo in db.session.execute(select(Photo)).scalars().all():
            photo_objects.delete(photo)
        db.session.rollback()
        with transaction():
            for table in reversed(db.metadata.sorted_tables):
                _clear(table, org_id)
            db.session.execute(delete(Organization).where(Organization.id == org_id))


def _clear(table: Table, org_id: UUID) -> None:
    if ORG_COLUMN in table.columns:
        db.session.execute(delete(table).where(table.columns[ORG_COLUMN] == org_id))
