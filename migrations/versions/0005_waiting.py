"""Since when an order waits for the office."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("alter table orders add column waiting_since timestamp with time zone")
    op.execute("update orders set waiting_since = created_at where status = 'requested'")
    op.execute("create index ix_orders_waiting on orders (org_id, waiting_since, id) where waiting_since is not null")


def downgrade() -> None:
    op.execute("drop index ix_orders_waiting")
    op.execute("alter table orders drop column waiting_since")
