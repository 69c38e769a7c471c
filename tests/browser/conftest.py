"""A real Chromium against the application on a loopback port."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NoReturn

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.cast import Person

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

SIZES = {"phone": (390, 844), "desk": (1440, 900), "tiny": (320, 600)}


def missing(what: str) -> NoReturn:
    """Skips the test, or fails it where nobody would read that it was skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@dataclass
class Server:
    """The application as browsers reach it. `wires` may look at each request and cut its connection: then the
    application has done its work and its answer is lost."""

    url: str
    seen: list[tuple[str, str]] = field(default_factory=list)
    cuts: Callable[[str, str], bool] = lambda method, path: False

    def posts(self, ending: str) -> int:
        """Returns how many times something was posted to an address with this ending."""
        return sum(method == "POST" and path.endswith(ending) for method, path in self.seen)


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """The application, served by threads until the test ends."""
    made = Server("")

    def wired(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        made.seen.append((method, path))
        answer = app.wsgi_app(environ, start)
        if made.cuts(method, path):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return answer

    httpd = make_server("127.0.0.1", 0, wired, threaded=True)
    httpd.daemon_threads = True
    made.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield made
    httpd.shutdown()
    httpd.server_close()
    thread.join(5)


@pytest.fixture(scope="session")
def sync_api() -> Any:
    """Playwright's module, imported here so that its absence is said in words."""
    try:
        return import_module("playwright.sync_api")
    except ImportError:
        missing("needs Playwright: make test installs it, or pip install playwright")


@pytest.fixture(scope="session")
def chromium(sync_api: Any) -> Iterator[Any]:
    """The browser, started once; each test opens contexts of its own."""
    if CHROMIUM is None:
        missing("needs a browser: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def expect(sync_api: Any) -> Any:
    """Playwright's assertions, which wait."""
    sync_api.expect.set_options(timeout=20_000)
    return sync_api.expect


@pytest.fixture
def open_as(chromium: Any, server: Server) -> Iterator[Callable[..., Any]]:
    """Returns an opener of a page of somebody's own browser, of some size and scheme."""
    opened = []

    def made(person: Person, size: str, scheme: str = "light", **more: Any) -> Any:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, base_url=server.url, **more
        )
        context.add_cookies([{"name": "doorstep", "value": person.secret, "url": server.url}])
        opened.append(context)
        return context.new_page()

    yield made
    for context in opened:
        context.close()
