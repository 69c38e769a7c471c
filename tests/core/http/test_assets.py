"""Static files: named by their content, kept for ever, small on the way."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.core.http.assets import Assets

STATIC = Path(__file__).resolve().parents[3] / "src/doorstep/static"
BUNDLES = sorted(Assets(STATIC).bundles)


@pytest.fixture
def small(tmp_path: Path) -> Assets:
    """Two sheets and a script."""
    (tmp_path / "bundles.json").write_text('{"all.css": ["a.css", "b.css"]}')
    (tmp_path / "a.css").write_text("a {}")
    (tmp_path / "b.css").write_text("b {}")
    (tmp_path / "x.js").write_text("1")
    return Assets(tmp_path)


def test_a_bundle_is_its_sheets_in_order(small: Assets) -> None:
    assert small.bundles == {"all.css": b"a {}\nb {}"}


def test_an_address_changes_with_the_content(small: Assets, tmp_path: Path) -> None:
    before = small.url("all.css"), small.url("x.js")
    assert before[0].startswith("/static/b/all.css?v=")
    assert before[1].startswith("/static/x.js?v=")
    (tmp_path / "b.css").write_text("b { color: red }")
    after = Assets(tmp_path)
    assert after.url("all.css") != before[0]
    assert after.url("x.js") == before[1]


def test_a_file_that_does_not_exist_has_no_address(small: Assets) -> None:
    with pytest.raises(KeyError):
        small.url("none.css")


@pytest.mark.parametrize("name", BUNDLES)
def test_every_bundle_is_served_packed_and_kept(name: str, stranger: FlaskClient, app: Flask) -> None:
    with app.test_request_context():
        address = app.jinja_env.globals["asset"](name)  # type: ignore[operator]
    packed = stranger.get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = stranger.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    for answer in (packed, plain):
        assert answer.mimetype == "text/css"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_without_its_version_a_file_is_kept_for_minutes_only(stranger: FlaskClient) -> None:
    for address in ("/static/js/main.js", f"/static/b/{BUNDLES[0]}"):
        assert stranger.get(address).headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize(
    "address", ["/static/b/none.css", "/static/none.js", "/static/../app.py", "/static/%2e%2e/app.py"]
)
def test_what_is_not_there_is_not_kept(address: str, stranger: FlaskClient) -> None:
    answer = stranger.get(address)
    assert answer.status_code == 404
    assert "immutable" not in answer.headers["Cache-Control"]


def test_sheets_name_only_files_that_exist_and_nothing_from_elsewhere() -> None:
    for sheet in STATIC.rglob("*.css"):
        for target in re.findall(r"url\([\"']?([^\"')]+)", sheet.read_text(encoding="utf-8")):
            if target.startswith("data:"):
                continue
            assert target.startswith("/static/"), f"{sheet.name}: {target}"
            assert (STATIC / target.removeprefix("/static/")).is_file(), f"{sheet.name}: {target}"


def test_scripts_import_only_files_that_exist() -> None:
    imported = re.compile(r"\b(?:from |import |import\()[\"']([^\"']+)[\"']")
    for script in (STATIC / "js").rglob("*.js"):
        for target in imported.findall(script.read_text(encoding="utf-8")):
            assert target.startswith("."), f"{script.name}: {target}"
            assert (script.parent / target).resolve().is_file(), f"{script.name}: {target}"
