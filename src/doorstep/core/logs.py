"""Log lines: JSON documents in production, short lines on a laptop. Personal data and secrets stay out."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from logging.config import dictConfig
from typing import Any, Final

from flask import g, has_request_context

from doorstep.core.settings import Settings

EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
SECRET: Final = re.compile(
    r"(?i)((?:password|token|secret|otp|api_?key)\w*[\"']?\s*[=:]\s*)(?:\"[^\"]*\"|'[^']*'|[^\s,;&\"']+)"
)
AS_JSON: Final = json.JSONEncoder(default=str)
HEADER: Final = re.compile(r"(?i)((?:authorization|cookie)[\"']?\s*[=:]\s*)[^\n]+")


def redact(text: str) -> str:
    """Returns the text without e-mail addresses and without the values of secret-looking names; of a cookie or
    authorization header the rest of the line goes."""
    for pattern in (HEADER, SECRET):
        text = pattern.sub(_hidden, text)
    return EMAIL.sub("[email]", text)


def _hidden(found: re.Match[str]) -> str:
    """A function, since a template would be parsed for each line, also for those that hide nothing."""
    return found[1] + "[hidden]"


class Redaction(logging.Filter):
    """On the handler, where the records of all loggers pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return True


class TextLines(logging.Formatter):
    """Lines for people; tracebacks, which show the values of statements, are redacted as well."""

    def formatException(self, ei: Any) -> str:
        return redact(super().formatException(ei))


class JsonLines(TextLines):
    """One JSON document a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return AS_JSON.encode(line)


def configure(settings: Settings) -> None:
    """Sends all log lines to standard error in the chosen form."""
    # No line, of ours or of gunicorn's, names the place in the code, and to find it out costs every line (see
    # "Optimization" in Python's logging HOWTO).
    logging._srcfile = None
    text = {"()": TextLines, "fmt": "%(asctime)s %(levelname)-7s %(name)s: %(message)s"}
    formatter = {"()": JsonLines} if settings.logs_json else text
    dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"redaction": {"()": Redaction}},
            "formatters": {"line": formatter},
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redaction"]}},
            "root": {"level": settings.log_level.upper(), "handlers": ["out"]},
        }
    )
