"""What sending mails needs: when they are too late, the vendor's id, who is not to be written to, circuits."""

from alembic import op

from doorstep.core import ddl

revision = "0007"
down_revision = "0006"

STATES = "('ok', 'bounced', 'complained')"

COLUMNS = f"""
alter table outgoing_emails
    add column stale_at timestamp with time zone,
    add column vendor_id text not null default '',
    add column unsubscribe_url text not null default '';
alter table outgoing_emails alter column vendor_id drop default, alter column unsubscribe_url drop default;
alter table clients
    add column email_state text not null default 'ok',
    add column email_reason text not null default '',
    add column unsubscribed jsonb not null default '[]',
    add constraint ck_clients_email_state_known check (email_state in {STATES});
alter table clients
    alter column email_state drop default,
    alter column email_reason drop default,
    alter column unsubscribed drop default;
"""

CIRCUITS = """
create table circuits (
    name TEXT not null,
    failures INTEGER not null,
    opens INTEGER not null,
    opened_at TIMESTAMP WITH TIME ZONE,
    open_until TIMESTAMP WITH TIME ZONE,
    last_error TEXT not null,
    CONSTRAINT pk_circuits PRIMARY KEY (name)
)
"""


INDEXES = """
create index ix_orders_coming on orders (starts_at, id) where status = 'scheduled';
create index ix_outgoing_emails_client_id on outgoing_emails (org_id, client_id, created_at);
create index ix_orders_finished on orders (finished_at, id) where status = 'completed';
"""


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(INDEXES)
    op.execute(CIRCUITS)
    op.execute(ddl.grant("circuits"))


def downgrade() -> None:
    op.execute("drop table circuits")
    op.execute("drop index ix_orders_coming, ix_orders_finished, ix_outgoing_emails_client_id")
    op.execute("alter table clients drop column email_state, drop column email_reason, drop column unsubscribed")
    op.execute("alter table outgoing_emails drop column stale_at, drop column vendor_id, drop column unsubscribe_url")
