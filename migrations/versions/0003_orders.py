"""Orders with assignments, checklist, time, photos, timeline, feedback."""

from alembic import op

from doorstep.core import ddl

revision = "0003"
down_revision = "0002"

GLOBAL = ()
TENANT = ("orders", "assignments", "checklist_items", "time_entries", "photos", "order_events", "feedback")

TABLES = """
create table orders (
    number INTEGER not null,
    client_id UUID not null,
    service_id UUID not null,
    status TEXT not null,
    scheduled TSTZRANGE,
    starts_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (lower(scheduled)) STORED,
    wished_at TIMESTAMP WITH TIME ZONE,
    wish_note TEXT not null,
    duration_minutes INTEGER not null,
    buffer_minutes INTEGER not null,
    extras JSONB not null,
    address TEXT not null,
    city TEXT not null,
    postal_code TEXT not null,
    access_notes TEXT not null,
    details TEXT not null,
    price_low_cents INTEGER,
    price_high_cents INTEGER,
    price_cents INTEGER,
    currency TEXT not null,
    quote_note TEXT not null,
    reason TEXT not null,
    source TEXT not null,
    finished_at TIMESTAMP WITH TIME ZONE,
    version INTEGER not null,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_orders PRIMARY KEY (org_id, id),
    CONSTRAINT fk_orders_org_id_client_id FOREIGN KEY(org_id, client_id) REFERENCES clients (org_id, id),
    CONSTRAINT fk_orders_org_id_service_id FOREIGN KEY(org_id, service_id) REFERENCES services (org_id, id),
    CONSTRAINT uq_orders_org_id_number UNIQUE (org_id, number),
    CONSTRAINT ck_orders_status_known
        CHECK (status in ('requested', 'quoted', 'scheduled', 'on_the_way', 'in_progress',
            'completed', 'declined', 'cancelled')),
    CONSTRAINT ck_orders_source_known CHECK (source in ('public', 'office', 'api', 'demo')),
    CONSTRAINT ck_orders_visit_known
        CHECK (status not in ('scheduled', 'on_the_way', 'in_progress') or scheduled is not null),
    CONSTRAINT ck_orders_visit_not_empty CHECK (scheduled is null or not isempty(scheduled)),
    CONSTRAINT fk_orders_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table assignments (
    order_id UUID not null,
    worker_id UUID not null,
    during TSTZRANGE not null,
    starts_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (lower(during)) STORED not null,
    active BOOLEAN not null,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_assignments PRIMARY KEY (org_id, id),
    CONSTRAINT fk_assignments_org_id_order_id FOREIGN KEY(org_id, order_id) REFERENCES orders (org_id, id),
    CONSTRAINT fk_assignments_org_id_worker_id FOREIGN KEY(org_id, worker_id) REFERENCES workers (org_id, id),
    CONSTRAINT no_double_booking
        EXCLUDE USING gist (uuidrange(worker_id, worker_id, '[]') WITH &&, during WITH &&) WHERE (active),
    CONSTRAINT fk_assignments_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table checklist_items (
    order_id UUID not null,
    position INTEGER not null,
    label TEXT not null,
    phase TEXT,
    photo_required BOOLEAN not null,
    required BOOLEAN not null,
    done_at TIMESTAMP WITH TIME ZONE,
    done_by TEXT,
    org_id UUID not null,
    id UUID not null,
    CONSTRAINT pk_checklist_items PRIMARY KEY (org_id, id),
    CONSTRAINT fk_checklist_items_org_id_order_id
        FOREIGN KEY(org_id, order_id) REFERENCES orders (org_id, id),
    CONSTRAINT fk_checklist_items_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table time_entries (
    order_id UUID not null,
    worker_id UUID not null,
    started_at TIMESTAMP WITH TIME ZONE not null,
    ended_at TIMESTAMP WITH TIME ZONE,
    reason TEXT not null,
    org_id UUID not null,
    id UUID not null,
    CONSTRAINT pk_time_entries PRIMARY KEY (org_id, id),
    CONSTRAINT fk_time_entries_org_id_order_id FOREIGN KEY(org_id, order_id) REFERENCES orders (org_id, id),
    CONSTRAINT fk_time_entries_org_id_worker_id
        FOREIGN KEY(org_id, worker_id) REFERENCES workers (org_id, id),
    CONSTRAINT ck_time_entries_ordered CHECK (ended_at is null or ended_at >= started_at),
    CONSTRAINT fk_time_entries_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table photos (
    order_id UUID not null,
    phase TEXT not null,
    checklist_item_id UUID,
    state TEXT not null,
    storage_backend TEXT not null,
    storage_key TEXT not null,
    sizes JSONB not null,
    sha256 BYTEA not null,
    idempotency_key TEXT,
    taken_at TIMESTAMP WITH TIME ZONE,
    uploaded_by TEXT not null,
    uploaded_by_kind TEXT not null,
    visible_to_client BOOLEAN not null,
    review TEXT,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_photos PRIMARY KEY (org_id, id),
    CONSTRAINT fk_photos_org_id_order_id FOREIGN KEY(org_id, order_id) REFERENCES orders (org_id, id),
    CONSTRAINT fk_photos_org_id_checklist_item_id
        FOREIGN KEY(org_id, checklist_item_id) REFERENCES checklist_items (org_id, id),
    CONSTRAINT ck_photos_phase_known CHECK (phase in ('before', 'after', 'other')),
    CONSTRAINT ck_photos_state_known CHECK (state in ('uploading', 'stored', 'deleting')),
    CONSTRAINT fk_photos_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table order_events (
    order_id UUID not null,
    kind TEXT not null,
    actor_kind TEXT not null,
    actor_id UUID,
    actor_name TEXT not null,
    at TIMESTAMP WITH TIME ZONE not null,
    data JSONB not null,
    org_id UUID not null,
    id UUID not null,
    CONSTRAINT pk_order_events PRIMARY KEY (org_id, id),
    CONSTRAINT fk_order_events_org_id_order_id FOREIGN KEY(org_id, order_id) REFERENCES orders (org_id, id),
    CONSTRAINT fk_order_events_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table feedback (
    order_id UUID not null,
    score INTEGER not null,
    comment TEXT not null,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_feedback PRIMARY KEY (org_id, id),
    CONSTRAINT fk_feedback_org_id_order_id FOREIGN KEY(org_id, order_id) REFERENCES orders (org_id, id),
    CONSTRAINT uq_feedback_org_id_order_id UNIQUE (org_id, order_id),
    CONSTRAINT ck_feedback_stars CHECK (score between 1 and 5),
    CONSTRAINT fk_feedback_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);
"""

INDEXES = """
create index ix_orders_client_id ON orders (org_id, client_id, created_at);
create index ix_orders_created ON orders (org_id, created_at, id);
create index ix_orders_status ON orders (org_id, status, created_at, id);
create index ix_orders_visit ON orders (org_id, starts_at, id);
create index ix_assignments_order_id ON assignments (org_id, order_id);
create index ix_assignments_starts_at ON assignments (org_id, starts_at);
create index ix_assignments_worker ON assignments (org_id, worker_id, starts_at);
create index ix_checklist_items_order_id ON checklist_items (org_id, order_id, position);
create unique index uq_time_entries_open ON time_entries (org_id, order_id, worker_id) WHERE ended_at is null;
create index ix_photos_order_id ON photos (org_id, order_id, created_at);
create index ix_photos_unfinished ON photos (created_at) WHERE state <> 'stored';
create unique index uq_photos_idempotency_key ON photos (org_id, idempotency_key)
    WHERE idempotency_key is not null;
create index ix_order_events_order_id ON order_events (org_id, order_id, at, id);
"""


def upgrade() -> None:
    op.execute("create type uuidrange as range (subtype = uuid)")
    op.execute(TABLES)
    op.execute(INDEXES)
    for table in TENANT:
        for statement in ddl.protect(table):
            op.execute(statement)
    for table in (*GLOBAL, *TENANT):
        op.execute(ddl.grant(table))


def downgrade() -> None:
    for table in ("feedback", "order_events", "photos", "time_entries", "checklist_items", "assignments", "orders"):
        op.execute(f"drop table {table}")
    op.execute("drop type uuidrange")
