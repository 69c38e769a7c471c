"""Services and clients."""

from alembic import op

from doorstep.core import ddl

revision = "0002"
down_revision = "0001"

GLOBAL = ()
TENANT = ("services", "clients")

TABLES = """
create table services (
    name TEXT not null,
    description TEXT not null,
    icon TEXT not null,
    skill TEXT not null,
    price_cents INTEGER not null,
    price_unit TEXT not null,
    duration_minutes INTEGER not null,
    buffer_minutes INTEGER not null,
    extras JSONB not null,
    checklist JSONB not null,
    position INTEGER not null,
    public BOOLEAN not null,
    active BOOLEAN not null,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_services PRIMARY KEY (org_id, id),
    CONSTRAINT ck_services_price_unit_known CHECK (price_unit in ('visit', 'hour', 'quote')),
    CONSTRAINT ck_services_sane
        CHECK (price_cents >= 0 and duration_minutes between 5 and 1440 and buffer_minutes between 0 and 480),
    CONSTRAINT fk_services_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table clients (
    name TEXT not null,
    email TEXT,
    phone TEXT not null,
    address TEXT not null,
    city TEXT not null,
    postal_code TEXT not null,
    access_notes TEXT not null,
    notes TEXT not null,
    locale TEXT not null,
    active BOOLEAN not null,
    version INTEGER not null,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_clients PRIMARY KEY (org_id, id),
    CONSTRAINT fk_clients_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);
"""

INDEXES = """
create index ix_clients_name ON clients (org_id, name, id);
create unique index uq_clients_email ON clients (org_id, lower(email)) WHERE email is not null;
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
    for table in ("clients", "services"):
        op.execute(f"drop table {table}")
