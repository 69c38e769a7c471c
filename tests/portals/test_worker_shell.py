"""What keeps the workers' pages usable without signal: the service worker, its files, the token for old pages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.orders import service
from doorstep.portals import worker_shell
from tests.cast import Company
from tests.conftest import Browse
from tests.portals.worker_stage import does, look, start, token, visit_at

IMPORTS = re.compile(r"""(?:from|import|importScripts\()\s*["']([./][^"']+)["']""")


@pytest.fixture
def static(root: Path) -> Path:
    """The folder of static files."""
    return root / "src/doorstep/static"


@pytest.fixture
def shell(stranger: FlaskClient) -> list[str]:
    """The files that the service worker keeps."""
    text = stranger.get("/worker/sw.js").text
    found = re.match(r"self\.SHELL = (\{.*?\});\n", text)
    assert found
    files: list[str] = json.loads(found.group(1))["files"]
    return files


def test_the_service_worker_may_keep_the_workers_pages_and_is_looked_at_anew_each_time(stranger: FlaskClient) -> None:
    answer = stranger.get("/worker/sw.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/worker"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_every_file_of_the_shell_is_there(stranger: FlaskClient, shell: list[str]) -> None:
    assert {name: stranger.get(name).status_code for name in shell} == dict.fromkeys(shell, 200)


def test_the_shell_has_every_module_that_the_pages_start_and_that_these_import(
    app: Flask, browse: Browse, alder: Company, static: Path, shell: list[str]
) -> None:
    order_id = visit_at(app, alder)
    does(app, alder, order_id, start)
    phone = browse(alder.worker)
    main = (static / "js/main.js").read_text(encoding="utf-8")
    shared = {
        name: file for file, names in re.findall(r"(\w+): \[(.*?)\]", main) for name in re.findall(r'"(\w+)"', names)
    }
    started = {
        name
        for page in ("/worker", f"/worker/orders/{order_id}", "/worker/photos", "/worker/me")
        for element in look(phone.get(page)).select("[data-module]")
        for name in str(element["data-module"]).split()
    }

    wanted = {static / f"js/modules/{shared.get(name, name)}.js" for name in started}
    for file in list(wanted):
        wanted |= {(file.parent / name).resolve() for name in IMPORTS.findall(file.read_text(encoding="utf-8"))}

    assert {f"/static/{file.relative_to(static)}" for file in wanted} <= set(shell)


def test_the_service_worker_changes_with_every_file_it_keeps(static: Path, tmp_path: Path) -> None:
    for name in (*worker_shell.PLAIN, "js/sw-worker.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((static / name).read_bytes())
    before = worker_shell._made(tmp_path, ("/a",))
    worker_shell._made.cache_clear()
    (tmp_path / "js/photo-store.js").write_text("// another", encoding="utf-8")

    assert worker_shell._made(tmp_path, ("/a",)) != before
    assert worker_shell._made(tmp_path, ("/b",)) != worker_shell._made(tmp_path, ("/a",))


def test_the_page_kept_for_no_signal_holds_nothing_of_anybody(browse: Browse, alder: Company) -> None:
    answer = browse(alder.worker).get("/worker/offline")

    assert look(answer).h1.get_text() == "No signal"
    assert "csrf" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert alder.name not in answer.text


def test_a_page_that_was_open_for_hours_gets_a_fresh_token(app: Flask, browse: Browse, alder: Company) -> None:
    phone, order_id = browse(alder.worker), visit_at(app, alder)
    stale = token(phone)
    phone.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    url = f"/worker/orders/{order_id}/on-the-way"

    refused = phone.post(url, data={"csrf_token": stale})
    fresh = phone.get("/worker/token", headers={"Accept": "application/json"}).json
    done = phone.post(url, data={"csrf_token": fresh["csrf_token"]})

    assert (refused.status_code, done.status_code) == (400, 303)
    assert fresh["worker"] == str(alder.worker.worker_id)


def test_without_a_session_the_token_is_refused_in_json(stranger: FlaskClient) -> None:
    answer = stranger.get("/worker/token", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_pages_say_whose_they_are_and_when_they_were_made(app: Flask, browse: Browse, alder: Company) -> None:
    order_id = visit_at(app, alder)
    does(app, alder, order_id, service.on_the_way)

    page = look(browse(alder.worker).get(f"/worker/orders/{order_id}"))

    assert page.select_one("meta[name=worker]")["content"] == str(alder.worker.worker_id)
    assert page.select_one("[data-as-of]")["data-as-of"].endswith("+00:00")
    assert page.select_one("[data-module=offline]")["data-worker"] == "/worker/sw.js"
