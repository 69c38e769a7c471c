"""Organizations, users, memberships, workers, sign-in."""

from alembic import op

from doorstep.core import ddl

revision = "0001"
down_revision = None

GLOBAL = ("organizations", "users", "login_sessions", "api_tokens", "user_links", "sign_in_tries")
TENANT = ("memberships", "invitations", "workers", "time_off", "counters", "idempotency_keys")

TABLES = """
create table organizations (
    slug TEXT not null,
    name TEXT not null,
    timezone TEXT not null,
    currency TEXT not null,
    locale TEXT not null,
    settings JSONB not null,
    active BOOLEAN not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_organizations PRIMARY KEY (id),
    CONSTRAINT uq_organizations_slug UNIQUE (slug)
);

create table users (
    email TEXT not null,
    name TEXT not null,
    password_hash TEXT,
    is_operator BOOLEAN not null,
    password_changed_at TIMESTAMP WITH TIME ZONE,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_users PRIMARY KEY (id)
);

create table memberships (
    user_id UUID not null,
    role TEXT not null,
    active BOOLEAN not null,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_memberships PRIMARY KEY (org_id, id),
    CONSTRAINT uq_memberships_org_id_user_id UNIQUE (org_id, user_id),
    CONSTRAINT ck_memberships_role_known
        CHECK (role in ('owner', 'admin', 'dispatcher', 'finance', 'viewer', 'worker')),
    CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id),
    CONSTRAINT fk_memberships_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table workers (
    user_id UUID,
    name TEXT not null,
    phone TEXT not null,
    colour TEXT not null,
    skills JSONB not null,
    weekly_hours JSONB not null,
    active BOOLEAN not null,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_workers PRIMARY KEY (org_id, id),
    CONSTRAINT fk_workers_user_id FOREIGN KEY(user_id) REFERENCES users (id),
    CONSTRAINT fk_workers_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table invitations (
    email TEXT not null,
    name TEXT not null,
    role TEXT not null,
    sha256 BYTEA not null,
    invited_by UUID,
    worker_id UUID,
    expires_at TIMESTAMP WITH TIME ZONE not null,
    accepted_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_invitations PRIMARY KEY (org_id, id),
    CONSTRAINT ck_invitations_role_known
        CHECK (role in ('owner', 'admin', 'dispatcher', 'finance', 'viewer', 'worker')),
    CONSTRAINT fk_invitations_org_id_worker_id FOREIGN KEY(org_id, worker_id) REFERENCES workers (org_id, id),
    CONSTRAINT fk_invitations_invited_by FOREIGN KEY(invited_by) REFERENCES users (id),
    CONSTRAINT fk_invitations_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table time_off (
    worker_id UUID not null,
    during TSTZRANGE not null,
    reason TEXT not null,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_time_off PRIMARY KEY (org_id, id),
    CONSTRAINT fk_time_off_org_id_worker_id FOREIGN KEY(org_id, worker_id) REFERENCES workers (org_id, id),
    CONSTRAINT fk_time_off_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table counters (
    name TEXT not null,
    value INTEGER not null,
    org_id UUID not null,
    id UUID not null,
    CONSTRAINT pk_counters PRIMARY KEY (org_id, id),
    CONSTRAINT uq_counters_org_id_name UNIQUE (org_id, name),
    CONSTRAINT fk_counters_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table idempotency_keys (
    actor TEXT not null,
    key TEXT not null,
    request_sha256 BYTEA not null,
    status INTEGER,
    mimetype TEXT,
    response BYTEA,
    expires_at TIMESTAMP WITH TIME ZONE not null,
    org_id UUID not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (org_id, id),
    CONSTRAINT uq_idempotency_keys_org_id_actor_key UNIQUE (org_id, actor, key),
    CONSTRAINT fk_idempotency_keys_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table login_sessions (
    sha256 BYTEA not null,
    previous_sha256 BYTEA,
    rotated_at TIMESTAMP WITH TIME ZONE,
    kind TEXT not null,
    user_id UUID not null,
    org_id UUID,
    last_seen_at TIMESTAMP WITH TIME ZONE not null,
    expires_at TIMESTAMP WITH TIME ZONE not null,
    idle_minutes INTEGER not null,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_reason TEXT,
    ip TEXT not null,
    user_agent TEXT not null,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_login_sessions PRIMARY KEY (id),
    CONSTRAINT ck_login_sessions_kind_known CHECK (kind in ('browser', 'bearer', 'link')),
    CONSTRAINT uq_login_sessions_sha256 UNIQUE (sha256),
    CONSTRAINT fk_login_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id),
    CONSTRAINT fk_login_sessions_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table api_tokens (
    sha256 BYTEA not null,
    prefix TEXT not null,
    org_id UUID,
    name TEXT not null,
    scopes JSONB not null,
    created_by UUID,
    expires_at TIMESTAMP WITH TIME ZONE,
    last_used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_api_tokens PRIMARY KEY (id),
    CONSTRAINT uq_api_tokens_sha256 UNIQUE (sha256),
    CONSTRAINT fk_api_tokens_org_id FOREIGN KEY(org_id) REFERENCES organizations (id),
    CONSTRAINT fk_api_tokens_created_by FOREIGN KEY(created_by) REFERENCES users (id)
);

create table user_links (
    sha256 BYTEA not null,
    purpose TEXT not null,
    user_id UUID not null,
    org_id UUID,
    expires_at TIMESTAMP WITH TIME ZONE not null,
    used_at TIMESTAMP WITH TIME ZONE,
    id UUID not null,
    created_at TIMESTAMP WITH TIME ZONE not null,
    CONSTRAINT pk_user_links PRIMARY KEY (id),
    CONSTRAINT ck_user_links_purpose_known CHECK (purpose in ('password_reset', 'worker_sign_in')),
    CONSTRAINT uq_user_links_sha256 UNIQUE (sha256),
    CONSTRAINT fk_user_links_user_id FOREIGN KEY(user_id) REFERENCES users (id),
    CONSTRAINT fk_user_links_org_id FOREIGN KEY(org_id) REFERENCES organizations (id)
);

create table sign_in_tries (
    address BYTEA not null,
    failures INTEGER not null,
    last_at TIMESTAMP WITH TIME ZONE not null,
    locked_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sign_in_tries PRIMARY KEY (address)
);
"""

INDEXES = """
create unique index uq_users_email ON users (lower(email));
create index ix_memberships_user_id ON memberships (user_id);
create unique index ix_invitations_sha256 ON invitations (org_id, sha256);
create index ix_invitations_worker_id ON invitations (org_id, worker_id);
create unique index ix_workers_user_id ON workers (org_id, user_id) WHERE user_id is not null;
create index ix_time_off_worker_id ON time_off (org_id, worker_id);
create index ix_idempotency_keys_expires_at ON idempotency_keys (expires_at);
create index ix_login_sessions_user_id ON login_sessions (user_id);
create index ix_login_sessions_previous ON login_sessions (previous_sha256) WHERE previous_sha256 is not null;
create index ix_api_tokens_org_id ON api_tokens (org_id);
create index ix_user_links_user_id ON user_links (user_id);
create index ix_sign_in_tries_last_at ON sign_in_tries (last_at);
"""


# Every request asks this, before it is known whose it is: who holds the session with this hash, in which
# organization and role. It runs as the owner, because the membership lies behind the third wall; it gives
# nothing to whoever does not hold the secret. A session opened by a link that the office handed over is a worker's
# or nobody's.
WHO_IS = """
create function who_is(secret_sha256 bytea, at timestamptz)
returns table (
    session_id uuid, by_link boolean, last_seen_at timestamptz, idle_minutes integer,
    user_id uuid, user_name text, email text, is_operator boolean, role text, worker_id uuid,
    id uuid, slug text, name text, timezone text, currency text, locale text, settings jsonb
)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
    select s.id, s.kind = 'link', s.last_seen_at, s.idle_minutes, u.id, u.name, u.email, u.is_operator, m.role, w.id,
           o.id, o.slug, o.name, o.timezone, o.currency, o.locale, o.settings
      from login_sessions s
      join users u on u.id = s.user_id
      left join organizations o on o.id = s.org_id and o.active
      left join memberships m on m.org_id = o.id and m.user_id = s.user_id and m.active
      left join workers w on w.org_id = m.org_id and w.user_id = m.user_id and w.active
     where s.sha256 = secret_sha256 and s.revoked_at is null and s.expires_at > at
       and (s.kind <> 'link' or m.role = 'worker')
$$;
revoke all on function who_is(bytea, timestamptz) from public;
grant execute on function who_is(bytea, timestamptz) to app
"""


def upgrade() -> None:
    op.execute(ddl.APP_ORG)
    op.execute(ddl.APP_MAY_SEE_VERSION)
    op.execute(TABLES)
    op.execute(INDEXES)
    op.execute(WHO_IS)
    for table in TENANT:
        for statement in ddl.protect(table):
            op.execute(statement)
    for table in (*GLOBAL, *TENANT):
        op.execute(ddl.grant(table))


def downgrade() -> None:
    op.execute("drop function who_is(bytea, timestamptz)")
    for table in (
        "sign_in_tries",
        "user_links",
        "api_tokens",
        "login_sessions",
        "idempotency_keys",
        "counters",
        "time_off",
        "invitations",
        "workers",
        "memberships",
        "users",
        "organizations",
    ):
        op.execute(f"drop table {table}")
    op.execute("drop function app_org()")
