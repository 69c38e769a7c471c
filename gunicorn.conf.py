"""How gunicorn serves Doorstep. To choose: `PORT` or `BIND`, `WEB_CONCURRENCY`, `WEB_THREADS`."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from doorstep.core.extensions import db
from doorstep.jobs import scheduler
from doorstep.jobs.leader import Elector

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

wsgi_app = "wsgi:app"
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"

# Threads, because the work is waiting for the database; few, because they share one interpreter lock. More
# of either costs database connections: workers x (DATABASE_POOL_SIZE + DATABASE_MAX_OVERFLOW).
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))

# The application is loaded once and its memory shared; `post_fork` parts what must not be shared.
preload_app = True

timeout = 30
graceful_timeout = 25
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000

# Workers report that they live by touching a file; on a disk that can stall, this would get them killed.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# Its path is one per user: the second gunicorn of a user would take it from the first.
control_socket_disable = True

# Whom to believe about the client's address is TRUST_PROXY_HEADERS' business, not gunicorn's.
forwarded_allow_ips = ""

loglevel = os.environ.get("LOG_LEVEL", "info").lower()


# Of this process; set once it is a worker, because threads do not survive the forks before that.
standing: list[Elector] = []


def post_fork(server: Arbiter, worker: Worker) -> None:
    """Forgets, without closing them, the database connections that were opened before the fork.

    Until the worker listens to signals itself it would only note them in its copy of the master's list; told to stop
    just then, it would be waited for until the end of `graceful_timeout`.
    """
    for number in (signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    app = worker.app.wsgi()
    with app.app_context():
        db.engine.dispose(close=False)


def post_worker_init(worker: Worker) -> None:
    """Lets the worker stand for election: of all workers on all hosts one runs the jobs.

    A terminal's Ctrl-C is left to the master, which then stops the workers. One that hears of it from both at the same
    moment tries to close its threads twice, and waits for itself until it is killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    app = worker.app.wsgi()
    if app.extensions["doorstep.settings"].scheduler_enabled:
        standing.append(scheduler.stand_for_election(app))


def worker_exit(server: Arbiter, worker: Worker) -> None:
    """Steps down, so that another worker takes over at once."""
    for elector in standing:
        elector.stop()
