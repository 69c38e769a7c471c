"""SETTINGS: every setting's name, how it is read, its default and what it means.

Attribute names are the variables' names in lower case. `docs/settings.md` is generated from this table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from doorstep.core.readers import (
    Reader,
    flag,
    folder,
    hosts,
    identifier,
    listed,
    mail_address,
    one_of,
    origins,
    postgres_url,
    public_key,
    web_url,
    whole,
)


def setting(read: Reader, default: Any, about: str, *, group: str, secret: int = 0, required: bool = False) -> Any:
    """Returns a dataclass field. `secret` is the fewest characters a secret may have; `required`
    settings must be given in production."""
    meta = {"read": read, "about": about, "group": group, "secret": secret, "required": required}
    return field(default=default, metadata=meta)


@dataclass(frozen=True, slots=True)
class BasicPair:
    """A name and password of legacy Basic Auth, by the role that the settings call it by."""

    role: str
    username: str
    password: str = field(repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether both were given."""
        return bool(self.username and self.password)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one running application. Attribute names are the variables' names in lower case."""

    instance: Path = field(default=Path("instance"))

    app_env: str = setting(one_of("dev", "prod"), "dev", "`dev` for a laptop, `prod` for the real thing", group="app")
    public_base_url: str = setting(
        web_url,
        "http://127.0.0.1:8000",
        "where people reach this installation; links in mails start with it",
        group="app",
        required=True,
    )
    cors_origins: tuple[str, ...] = setting(origins, (), "origins that may call the API from a browser", group="app")
    strict_cors: bool = setting(flag, True, "refuse other origins instead of leaving out the headers", group="app")
    log_level: str = setting(
        one_of("debug", "info", "warning", "error"),
        "info",
        "least important log line that is written",
        group="app",
    )
    log_format: str = setting(
        one_of("", "text", "json"), "", "`json` or `text`; empty means json in production", group="app"
    )
    default_org_id: UUID | None = setting(
        identifier, None, "id of the organization that legacy Basic Auth acts for", group="app"
    )
    default_org_slug: str = setting(str, "", "the same by its slug; give one of the two", group="app")

    auth_secret_key: str = setting(str, "", "signs sessions and forms", group="auth", secret=32, required=True)
    client_portal_secret: str = setting(str, "", "signs what clients hold", group="auth", secret=32, required=True)
    worker_portal_secret: str = setting(str, "", "signs what workers hold", group="auth", secret=32, required=True)
    auth_session_ttl_minutes: int = setting(
        whole(5, 43200), 720, "an office session ends after this much silence", group="auth"
    )
    worker_session_ttl_minutes: int = setting(
        whole(5, 129600), 43200, "a worker's session ends after this much silence", group="auth"
    )
    client_session_ttl_minutes: int = setting(
        whole(5, 129600), 43200, "how long an opened client link keeps working", group="auth"
    )
    client_link_ttl_minutes: int = setting(
        whole(5, 525600), 20160, "how long a client link in a mail can be opened", group="auth"
    )
    worker_link_ttl_minutes: int = setting(
        whole(5, 10080), 1440, "how long a worker's one-time link can be opened", group="auth"
    )
    reset_link_ttl_minutes: int = setting(
        whole(5, 1440), 60, "how long a password reset link can be opened", group="auth"
    )
    invitation_ttl_minutes: int = setting(
        whole(60, 43200), 10080, "how long an invitation can be accepted", group="auth"
    )
    legacy_basic_auth_enabled: bool = setting(
        flag,
        False,
        "the names and passwords below are taken at `/v1/admin/*` (docs/machines.md); API tokens are better",
        group="auth",
    )
    owner_basic_username: str = setting(
        str, "", "name of the owner's machines, which may also operate the installation", group="auth"
    )
    owner_basic_password: str = setting(str, "", "their password, in production 16 characters or more", group="auth")
    admin_basic_username: str = setting(
        str, "", "name of the admins' machines, which may also operate the installation", group="auth"
    )
    admin_basic_password: str = setting(str, "", "their password", group="auth")
    dispatcher_basic_username: str = setting(str, "", "name of the dispatchers' machines", group="auth")
    dispatcher_basic_password: str = setting(str, "", "their password", group="auth")
    accountant_basic_username: str = setting(str, "", "name of the machines with the role finance", group="auth")
    accountant_basic_password: str = setting(str, "", "their password", group="auth")
    viewer_basic_username: str = setting(str, "", "name of the machines that only look", group="auth")
    viewer_basic_password: str = setting(str, "", "their password", group="auth")

    database_url: str = setting(
        postgres_url,
        "",
        "database as the application's role; empty in development: embedded",
        group="database",
        required=True,
    )
    database_owner_url: str = setting(
        postgres_url,
        "",
        "the same database as the owner's role: migrations and backup",
        group="database",
        required=True,
    )
    database_direct_url: str = setting(
        postgres_url,
        "",
        "session-level connection when `DATABASE_URL` is a transaction pooler",
        group="database",
    )
    database_pool_size: int = setting(whole(1, 100), 4, "connections kept per process", group="database")
    database_max_overflow: int = setting(whole(0, 100), 2, "connections beyond the pool, per process", group="database")
    database_pool_timeout_seconds: int = setting(
        whole(1, 60), 3, "wait for a free connection, in seconds", group="database"
    )
    database_pool_recycle_seconds: int = setting(
        whole(30, 86400), 1800, "a connection is replaced after this many seconds", group="database"
    )
    database_statement_timeout_ms: int = setting(
        whole(100, 600000), 5000, "a statement is ended after this many milliseconds", group="database"
    )
    database_lock_timeout_ms: int = setting(
        whole(100, 600000), 2000, "a wait for a lock is ended after this many milliseconds", group="database"
    )
    database_idle_in_transaction_timeout_ms: int = setting(
        whole(1000, 600000),
        15000,
        "a silent open transaction is ended after this many milliseconds",
        group="database",
    )

    order_storage_backend: str = setting(one_of("local"), "local", "where photos are kept", group="storage")
    order_upload_root: Path | None = setting(
        folder, None, "folder of local photos; empty: `instance/uploads`", group="storage"
    )
    order_photo_max_bytes: int = setting(
        whole(100_000, 100_000_000),
        15 * 1024 * 1024,
        "largest photo that is accepted, in bytes",
        group="storage",
    )
    order_photo_allowed_mimes: tuple[str, ...] = setting(
        listed,
        ("image/jpeg", "image/png", "image/webp", "image/heic"),
        "kinds of photos that are accepted",
        group="storage",
    )
    photo_signing_secret: str = setting(str, "", "signs links to photos", group="storage", secret=32, required=True)
    photo_url_ttl_seconds: int = setting(
        whole(30, 86400), 300, "how long a link to a photo works, in seconds", group="storage"
    )

    email_mode: str = setting(
        one_of("off", "console", "smtp", "sendgrid"),
        "console",
        "how mails leave: by `smtp`, by `sendgrid`, not at all (`off`), or as a line in the log (`console`, in "
        "development only)",
        group="email",
    )
    email_from: str = setting(mail_address, "", "address that mails come from", group="email")
    email_from_name: str = setting(
        str, "Doorstep", "name that mails come from when no organization writes", group="email"
    )
    sendgrid_api_key: str = setting(str, "", "key of SendGrid with the permission to send", group="email")
    sendgrid_api_base: str = setting(
        web_url,
        "https://api.sendgrid.com",
        "where SendGrid is; for a European subuser `https://api.eu.sendgrid.com`",
        group="email",
    )
    sendgrid_events_public_key: str = setting(
        public_key, "", "public key of SendGrid's signed event webhook; empty: events are not taken", group="email"
    )
    sendgrid_timeout_seconds: int = setting(whole(1, 60), 10, "wait for SendGrid's answer, in seconds", group="email")
    smtp_host: str = setting(str, "", "mail server; its certificate must be of this name", group="email")
    smtp_port: int = setting(whole(1, 65535), 587, "port of the mail server; usually 465 for `implicit`", group="email")
    smtp_username: str = setting(str, "", "name to sign in at the mail server; empty: without", group="email")
    smtp_password: str = setting(str, "", "password to sign in at the mail server", group="email")
    smtp_tls: str = setting(
        one_of("starttls", "implicit", "none"),
        "starttls",
        "`starttls` or `implicit` encryption, demanded and verified, or `none`",
        group="email",
    )
    smtp_timeout_seconds: int = setting(
        whole(1, 60), 10, "wait for each answer of the mail server, in seconds", group="email"
    )
    email_max_retries: int = setting(whole(1, 50), 8, "a mail is given up after this many tries", group="email")
    email_retry_backoff_seconds: int = setting(
        whole(1, 3600), 30, "longest wait before the second try, in seconds; doubles with each try", group="email"
    )
    email_retry_backoff_max_seconds: int = setting(
        whole(1, 86400), 3600, "no wait between tries is longer, in seconds", group="email"
    )
    email_circuit_failures: int = setting(
        whole(1, 100), 5, "so many failures of the server in a row and sending pauses", group="email"
    )
    email_circuit_open_seconds: int = setting(whole(1, 3600), 60, "the first pause, in seconds", group="email")
    email_circuit_open_max_seconds: int = setting(
        whole(1, 86400), 900, "a pause that follows a pause is longer, up to this, in seconds", group="email"
    )
    email_unsubscribe_secret: str = setting(
        str, "", "signs links that end mails", group="email", secret=32, required=True
    )

    export_webhook_allowed_hosts: tuple[str, ...] = setting(
        hosts,
        (),
        "hosts that webhooks may go to, `hooks.company.com,crm.company.com`; empty: any public one",
        group="export",
    )
    export_webhook_allow_http: bool = setting(
        flag, False, "to the hosts above webhooks may also go without encryption and to any port", group="export"
    )
    export_webhook_block_private_ips: bool = setting(
        flag,
        True,
        "webhooks never go to this machine or its private networks; link-local, metadata and reserved addresses are "
        "refused even when this is false",
        group="export",
    )
    export_webhook_timeout_seconds: int = setting(
        whole(1, 60),
        5,
        "a webhook is ended after this many seconds, from the look-up to the end of the answer",
        group="export",
    )

    scheduler_enabled: bool = setting(
        flag, True, "web processes stand for election; the elected one runs the jobs", group="jobs"
    )
    job_schedules: tuple[str, ...] = setting(
        listed, (), "other schedules than usual: `cleanup=every 10m,backup-check=daily 04:30` (UTC)", group="jobs"
    )
    job_heartbeat_required: bool = setting(
        flag, False, "`/readyz` answers 503 when the heartbeat is too old", group="jobs"
    )
    job_heartbeat_ttl_seconds: int = setting(
        whole(10, 86400), 300, "a heartbeat older than this many seconds is too old", group="jobs"
    )
    retention_job_runs_days: int = setting(
        whole(1, 3650), 14, "runs of jobs are kept this many days, those that found nothing to do one day", group="jobs"
    )
    backup_dir: Path | None = setting(folder, None, "folder of the backups that `backup-check` looks at", group="jobs")
    backup_max_age_hours: int = setting(
        whole(1, 8760), 26, "`backup-check` fails when the newest backup is older than this", group="jobs"
    )

    @property
    def is_prod(self) -> bool:
        """Whether the strict rules of production hold."""
        return self.app_env == "prod"

    @property
    def basic_pairs(self) -> tuple[BasicPair, ...]:
        """The pairs of legacy Basic Auth of which anything was given."""
        pairs = (
            BasicPair("owner", self.owner_basic_username, self.owner_basic_password),
            BasicPair("admin", self.admin_basic_username, self.admin_basic_password),
            BasicPair("dispatcher", self.dispatcher_basic_username, self.dispatcher_basic_password),
            BasicPair("accountant", self.accountant_basic_username, self.accountant_basic_password),
            BasicPair("viewer", self.viewer_basic_username, self.viewer_basic_password),
        )
        return tuple(pair for pair in pairs if pair.username or pair.password)

    @property
    def upload_root(self) -> Path:
        """The folder of local photos."""
        return self.order_upload_root or self.instance / "uploads"

    @property
    def logs_json(self) -> bool:
        """Whether log lines are JSON documents."""
        return (self.log_format or ("json" if self.is_prod else "text")) == "json"
