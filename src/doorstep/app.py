"""The application factory. Read `create_app` from top to bottom: the order matters and each step says why."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import orjson
from flask import Flask
from jinja2 import StrictUndefined
from sqlalchemy.engine import make_url

from doorstep import cli
from doorstep.backends import registry
from doorstep.backends.database import embedded
from doorstep.core import connections, logs, settings
from doorstep.core.extensions import csrf, db, migrate
from doorstep.core.http import answers, assets, cors, headers, problems, templating
from doorstep.core.http.application import Application
from doorstep.core.settings import Settings
from doorstep.jobs import table
from doorstep.subscriptions import SUBSCRIPTIONS

ROOT: Final = Path(__file__).resolve().parents[2]

# Tables that no address of this process has needed yet must be known all the same: to migrations, jobs, commands.
MODELS: Final = (
    "doorstep.accounts.models",
    "doorstep.auth.models",
    "doorstep.catalog.models",
    "doorstep.clients.models",
    "doorstep.core.circuits",
    "doorstep.core.http.idempotency",
    "doorstep.jobs.models",
    "doorstep.notifications.models",
    "doorstep.orders.models",
)

BLUEPRINTS: Final = (
    "doorstep.auth.routes",
    "doorstep.portals.routes",
    "doorstep.orders.routes",
    "doorstep.billing.routes",
    "doorstep.admin.routes",
    "doorstep.health.routes",
)


def create_app(given: Settings | None = None) -> Flask:
    """Returns the application. Raises SettingsError, which lists every mistake in the settings at once."""
    chosen = _with_database(given or settings.load(instance=ROOT / "instance"))

    # 1. Logs first, so that whatever fails from here on is told.
    logs.configure(chosen)

    # 2. The bare application; templates that name an unknown variable fail loudly.
    app = Application("doorstep", instance_path=str(chosen.instance.resolve()), root_path=str(Path(__file__).parent))
    app.config.update(_flask_config(chosen))
    app.jinja_options = {"undefined": StrictUndefined}
    app.extensions.update(
        {
            "doorstep.settings": chosen,
            "doorstep.routes": {},
            "doorstep.subscriptions": SUBSCRIPTIONS,
        }
    )
    answers.use_orjson(app)

    # 3. Extensions, each bound once.
    db.init_app(app)
    with app.app_context():
        connections.watch(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)

    # 4. Outside services, chosen by the settings.
    registry.bind(app, chosen)

    # 5. The HTTP edge: static files, templates' words, errors, headers.
    templating.bind(app, assets.bind(app))
    problems.bind(app)
    headers.bind(app, chosen)
    cors.bind(app, chosen)

    # 6. The features' tables and addresses.
    for name in MODELS:
        import_module(name)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(name).blueprint)

    # 7. The timetable, so that a job or schedule that is none is told now and not at night.
    with app.app_context():
        table.jobs()

    # 8. The command line.
    cli.bind(app)
    return app


def _with_database(chosen: Settings) -> Settings:
    if chosen.database_url:
        return chosen
    urls = embedded.ensure(chosen.instance / "postgres")
    return replace(chosen, database_url=urls.app, database_owner_url=urls.owner)


def _flask_config(chosen: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": chosen.auth_secret_key,
        "SQLALCHEMY_DATABASE_URI": chosen.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(chosen),
        "MAX_CONTENT_LENGTH": chosen.order_photo_max_bytes * 4 + 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "SESSION_COOKIE_NAME": "__Host-doorstep_form" if chosen.is_prod else "doorstep_form",
        "SESSION_COOKIE_SECURE": chosen.is_prod,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _engine_options(chosen: Settings) -> dict[str, Any]:
    timeouts = {
        "statement_timeout": chosen.database_statement_timeout_ms,
        "lock_timeout": chosen.database_lock_timeout_ms,
        "idle_in_transaction_session_timeout": chosen.database_idle_in_transaction_timeout_ms,
        "timezone": "UTC",
    }
    given = str(make_url(chosen.database_url).query.get("options", ""))
    return {
        "pool_size": chosen.database_pool_size,
        "max_overflow": chosen.database_max_overflow,
        "pool_timeout": chosen.database_pool_timeout_seconds,
        "pool_recycle": chosen.database_pool_recycle_seconds,
        "pool_use_lifo": True,
        "hide_parameters": chosen.is_prod,
        "json_deserializer": orjson.loads,
        "connect_args": {
            "connect_timeout": 3,
            "application_name": "doorstep",
            "keepalives_idle": 30,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "options": " ".join([given, *(f"-c {name}={value}" for name, value in timeouts.items())]).strip(),
        },
    }
