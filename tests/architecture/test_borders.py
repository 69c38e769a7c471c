"""Who may know what: the web, the vendors, the environment, the time. Each has its one place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import EDGES, PAGES_ONLY, Module, modules

MODULES = modules()

WEB = {
    "request", "session", "g", "render_template", "render_template_string", "redirect", "url_for", "flash", "abort",
    "make_response", "after_this_request", "send_file", "get_flashed_messages", "stream_with_context",
}  # fmt: skip
VENDORS = {"boto3", "botocore", "stripe", "requests", "urllib3", "smtplib", "flask_mail", "sendgrid", "httpx"}
# They wait for processes of the operating system, or run in one that cannot import the product.
NOT_THE_PRODUCT_S_TIME = ("doorstep.backends.database.",)
# The watchdog hands the environment on to PostgreSQL's programs, and reads nothing in it.
MAY_READ_THE_ENVIRONMENT = ("doorstep.core.settings", "doorstep.backends.database.watchdog")
CLOCK = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.(?:time|monotonic|perf_counter|sleep))\b")


def may_know_the_web(module: Module) -> bool:
    if module.package in PAGES_ONLY or module.name.startswith("doorstep.core.http."):
        return True
    # guards read the cookie; log lines bear the request's id; the root binds what runs around a request.
    return module.layer >= EDGES or module.name in ("doorstep.auth.guards", "doorstep.core.logs", "doorstep.app")


def attributes(module: Module) -> Iterator[tuple[str, int]]:
    """Yields every dotted expression such as `os.environ`, with its line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node), node.lineno


def test_the_web_is_known_at_the_edges_only() -> None:
    wrong = [
        f"{module.name}:{one.line} imports flask.{one.name}"
        for module in MODULES
        for one in module.imports
        if one.module == "flask" and one.name in WEB and not may_know_the_web(module)
    ]
    assert wrong == []


def test_vendors_are_known_behind_the_border_only() -> None:
    wrong = [
        f"{module.name}:{one.line} imports {one.module}"
        for module in MODULES
        for one in module.imports
        if one.module.split(".")[0] in VENDORS and module.package != "backends"
    ]
    assert wrong == []


def test_the_scheduler_s_library_is_known_in_one_file() -> None:
    wrong = [
        module.name
        for module in MODULES
        for one in module.imports
        if one.module.split(".")[0] == "apscheduler" and module.name != "doorstep.jobs.scheduler"
    ]
    assert wrong == []


def test_the_environment_is_read_in_one_file() -> None:
    wrong = [
        f"{module.name}:{line} {said}"
        for module in MODULES
        for said, line in attributes(module)
        if said in ("os.environ", "os.getenv", "os.putenv") and module.name not in MAY_READ_THE_ENVIRONMENT
    ]
    wrong += [
        f"{module.name}:{one.line}"
        for module in MODULES
        for one in module.imports
        if one.module == "os" and one.name in ("environ", "getenv")
    ]
    assert wrong == []


def test_the_time_is_read_in_one_file() -> None:
    wrong = [
        f"{module.name}:{line} {said}"
        for module in MODULES
        for said, line in attributes(module)
        if CLOCK.search(said)
        if module.name != "doorstep.core.clock" and not module.name.startswith(NOT_THE_PRODUCT_S_TIME)
    ]
    assert wrong == []


def test_rows_are_fetched_by_id_through_tenancy_only() -> None:
    """`session.get` answers from memory without asking the database, so no wall would be asked either."""
    wrong = [
        f"{module.name}:{line} {said}"
        for module in MODULES
        for said, line in attributes(module)
        if re.search(r"\bdb\.session(?:\(\))?\.(?:get|get_one|query)$|\b[A-Z]\w+\.query\b", said)
    ]
    assert wrong == []


def test_services_do_not_commit() -> None:
    wrong = [
        f"{module.name}:{line} {said}"
        for module in MODULES
        for said, line in attributes(module)
        if said.endswith("session.commit") and module.name != "doorstep.core.transaction"
    ]
    assert wrong == []


def test_sql_is_never_glued_together() -> None:
    """`text(f"...")`, `text("..." + x)`, `text("...".format(x))`, and the same for `exec_driver_sql`."""
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in ("text", "exec_driver_sql", "execute")
        for given in node.args[:1]
        if isinstance(given, ast.JoinedStr | ast.BinOp)
        or (isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute) and given.func.attr == "format")
    ]
    assert wrong == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.name))
def test_nothing_unworthy_is_left_in(module: Module) -> None:
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assert):
            found.append(f"assert in line {node.lineno}")
        elif isinstance(node, ast.ExceptHandler) and node.type is None:
            found.append(f"bare except in line {node.lineno}")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "eval", "exec", "breakpoint"):
            found.append(f"{ast.unparse(node.func)} in line {node.lineno}")
    found += re.findall(r"#.*\b(?:TODO|FIXME|XXX|HACK)\b.*", module.text)
    assert found == []


def test_nothing_is_called_utils() -> None:
    assert [module.name for module in MODULES if re.search(r"\b(?:utils?|helpers?|misc|common)\b", module.name)] == []
