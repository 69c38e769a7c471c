"""Client links and the outgoing email queue."""

from alembic import op

from doorstep.core import ddl

revision = "0004"
down_revision = "0003"

GLOBAL = ()
TENANT = ("client_links", "outgoing_emails")

TABLES = """
create table client_links (
    client_id UUID not null,
    order_id UUID,
    sha256 BYTEA not null,
    expires_at TIMESTAMP WITH TIME ZONE not null,
    used_at TIMESTAMP WITH TIME ZONE,
    session_expires_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_client_links PRIMARY KEY (org_id, id),
    CONSTRAINT fk_client_links_org_id_client_id
        FOREIGN KEY(org_id, client_id) REFERENCES clients (org_id, id),
    CONSTRAINT fk_client_links_org_id_order_id FOREIGN KEY(org_id, order_id) REFERENCES orders (org_id, id),
    CONSTRAINT fk_client_links_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table outgoing_emails (
    purpose TEXT not null,
    dedupe_key TEXT not null,
    to_address TEXT not null,
    to_name TEXT not null,
    reply_to TEXT not null,
    from_name TEXT not null,
    subject TEXT not null,
    text TEXT not null,
    html TEXT not null,
    cause TEXT not null,
    client_id UUID,
    order_id UUID,
    state TEXT not null,
    attempts INTEGER not null,
    next_at TIMESTAMP WITH TIME ZONE not null,
    lease_until TIMESTAMP WITH TIME ZONE,
    leased_by UUID,
    last_error TEXT,
    finished_at TIMESTAMP WITH TIME ZONE,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_outgoing_emails PRIMARY KEY (org_id, id),
    CONSTRAINT uq_outgoing_emails_org_id_dedupe_key UNIQUE (org_id, dedupe_key),
    CONSTRAINT fk_outgoing_emails_org_id_client_id
        FOREIGN KEY(org_id, client_id) REFERENCES clients (org_id, id),
    CONSTRAINT fk_outgoing_emails_org_id_order_id
        FOREIGN KEY(org_id, order_id) REFERENCES orders (org_id, id),
    CONSTRAINT ck_outgoing_emails_state_known
        CHECK (state in ('due', 'sending', 'sent', 'dead', 'cancelled')),
    CONSTRAINT fk_outgoing_emails_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);
"""

INDEXES = """
create index ix_client_links_client_id ON client_links (org_id, client_id);
create unique index ix_client_links_sha256 ON client_links (org_id, sha256);
create index ix_outgoing_emails_created_at ON outgoing_emails (org_id, created_at, id);
create index ix_outgoing_emails_order_id ON outgoing_emails (org_id, order_id);
create index ix_outgoing_emails_waiting ON outgoing_emails (next_at, id) WHERE state in ('due', 'sending');
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(INDEXES)
    for table in TENANT:
        for statement in ddl.protect(table):
            op.execute(statement)
    for table in (*GLOBAL, *TENANT):
        op.execute(ddl.grant(table))


def downgrade() -> None:
    for table in ("outgoing_emails", "client_links"):
        op.execute(f"drop table {table}")
