"""SETTINGS: every setting's name, how it is read, its default and what it means.

Attribute names are the variables' names in lower case. `docs/settings.md` is generated from this table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doorstep.core.readers import (
    Reader,
    flag,
    folder,
    listed,
    one_of,
    origins,
    postgres_url,
    web_url,
    whole,
)


def setting(read: Reader, default: Any, about: str, *, group: str, secret: int = 0, required: bool = False) -> Any:
    """Returns a dataclass field. `secret` is the fewest characters a secret may have; `required`
    settings must be given in production."""
    meta = {"read": read, "about": about, "group": group, "secret": secret, "required": required}
    return field(default=default, metadata=meta)


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
    retention_job_runs_days: int = setting(whole(1, 3650), 14, "runs of jobs are kept this many days", group="jobs")
    backup_dir: Path | None = setting(folder, None, "folder of the backups that `backup-check` looks at", group="jobs")
    backup_max_age_hours: int = setting(
        whole(1, 8760), 26, "`backup-check` fails when the newest backup is older than this", group="jobs"
    )

    @property
    def is_prod(self) -> bool:
        """Whether the strict rules of production hold."""
        return self.app_env == "prod"

    @property
    def upload_root(self) -> Path:
        """The folder of local photos."""
        return self.order_upload_root or self.instance / "uploads"

    @property
    def logs_json(self) -> bool:
        """Whether log lines are JSON documents."""
        return (self.log_format or ("json" if self.is_prod else "text")) == "json"
