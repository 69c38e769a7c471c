"""Log lines can be read by a machine and hold nobody's address or secret."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

import pytest
from flask import Flask, g

from doorstep.core import logs, settings


def line(formatter: logging.Formatter, *args: object, **extra: object) -> str:
    """Returns what the handler would write for a call of `log.info(*args)`."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    handler.addFilter(logs.Redaction())
    log = logging.Logger("doorstep.test")
    log.addHandler(handler)
    log.info(*args, **extra)  # type: ignore[arg-type]
    return out.getvalue().rstrip("\n")


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("mail to ana@alder.test failed", "ana@alder.test"),
        ("password=hunter2 given", "hunter2"),
        ('{"password": "hunter2 with spaces"}', "hunter2"),
        ("{'access_token': 'abc.def'}", "abc.def"),
        ("GET /client/x?token=abc-def&next=/", "abc-def"),
        ("Authorization: Bearer dst_abc", "dst_abc"),
        ("authorization=Basic b3du", "b3du"),
        ("Cookie: doorstep=abc; other=def", "def"),
        ("client_secret: abc", "abc"),
        ("api_key=abc", "abc"),
        ("otp: 123456", "123456"),
    ],
)
def test_addresses_and_secrets_stay_out(said: str, hidden: str) -> None:
    written = logs.redact(said)
    assert hidden not in written
    assert "[hidden]" in written or "[email]" in written


@pytest.mark.parametrize("said", ["order 1001 moved", "the secretary called", "12 tokens made", "next=/office"])
def test_other_words_stay(said: str) -> None:
    assert logs.redact(said) == said


def test_arguments_are_redacted_too() -> None:
    assert line(logging.Formatter("%(message)s"), "sent to %s", "gus@birch.test") == "sent to [email]"


def test_a_json_line_is_one_document_with_its_fields_and_utc() -> None:
    written = json.loads(line(logs.JsonLines(), "two\nlines of %s", 5, extra={"fields": {"route": "/x", "ms": 1.5}}))
    assert written["message"] == "two\nlines of 5"
    assert (written["level"], written["logger"]) == ("info", "doorstep.test")
    assert (written["route"], written["ms"]) == ("/x", 1.5)
    assert written["at"].endswith("+00:00")
    assert written["request_id"] == "-"


@pytest.mark.parametrize("formatter", [logs.JsonLines(), logs.TextLines("%(message)s")])
def test_a_traceback_is_redacted_in_both_forms(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("Key (email)=(ana@alder.test) already exists")
    except ValueError as error:
        written = line(formatter, "failed", exc_info=error)
    assert "ValueError" in written
    assert "ana@alder.test" not in written


def test_a_line_inside_a_request_bears_its_id(shared_app: Flask) -> None:
    with shared_app.test_request_context():
        g.request_id = "abc123"
        assert json.loads(line(logs.JsonLines(), "x"))["request_id"] == "abc123"


@pytest.mark.parametrize(("form", "kind"), [("json", logs.JsonLines), ("text", logs.TextLines)])
def test_all_loggers_write_in_the_chosen_form(form: str, kind: type, tmp_path: Path) -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        logs.configure(settings.load({"LOG_FORMAT": form, "LOG_LEVEL": "error"}, instance=tmp_path))
        (handler,) = logging.getLogger().handlers
        assert type(handler.formatter) is kind
        assert logging.getLogger().level == logging.ERROR
    finally:
        logging.getLogger().handlers[:], logging.getLogger().level = before
