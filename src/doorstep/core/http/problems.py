"""Errors become answers here: `application/problem+json` (RFC 9457) for programs, a page for people."""

from __future__ import annotations

import logging
from typing import Any, Final
from urllib.parse import quote

from flask import Flask, Response, g, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from doorstep.core import sql
from doorstep.core.errors import Problem, Unauthorized, Unavailable
from doorstep.core.extensions import db
from doorstep.core.http.answers import dump
from doorstep.core.transaction import problem_of

log = logging.getLogger(__name__)

SIGN_IN: Final = "/auth/sign-in"
KINDS: Final = {Problem.status: Problem} | {kind.status: kind for kind in Problem.__subclasses__()}
DETAILS: Final = {
    400: "The request could not be understood.",
    404: "There is nothing at this address.",
    413: "This is more than we take at once.",
}


def wants_json() -> bool:
    """Whether the request comes from a program: the API, or a caller that prefers JSON over HTML."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return request.path.startswith("/v1/") or (best is not None and best != "text/html")


def document(problem: Problem) -> dict[str, Any]:
    """Returns the problem document."""
    return {
        **problem.extra,
        "type": problem.type,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "request_id": g.get("request_id"),
        "errors": [{"field": e.field, "message": e.message} for e in problem.errors],
    }


def answer(problem: Problem) -> Response:
    """Returns the response that tells the problem."""
    if wants_json():
        response = Response(dump(document(problem)), problem.status, mimetype="application/problem+json")
    elif isinstance(problem, Unauthorized) and request.method == "GET":
        here = quote(request.full_path.rstrip("?"), safe="/")
        return redirect(f"{problem.extra.get('sign_in', SIGN_IN)}?next={here}")  # type: ignore[return-value]
    else:
        response = Response(_page(problem), problem.status, mimetype="text/html")
    response.headers.update(problem.headers)
    return response


def _page(problem: Problem) -> str:
    return render_template(
        "errors/error.html",
        status=problem.status,
        detail=problem.detail if problem.detail != problem.title else "",
        request_id=g.get("request_id"),
        retry_after=int(problem.headers.get("Retry-After", 0)),
        way_on=("Open my orders", problem.extra["sign_in"]) if "sign_in" in problem.extra else None,
    )


def of_http(error: HTTPException) -> Problem:
    """Returns the problem for an error that Flask or Werkzeug raised."""
    status = error.code or 500
    problem = KINDS.get(status, Problem)(DETAILS.get(status, ""))
    problem.status = status
    if status not in KINDS:
        problem.title = problem.detail = error.name
    if isinstance(error, CSRFError):
        problem.detail = "This form was open for too long. Go back, load the page again and send it once more."
    if isinstance(error, MethodNotAllowed):
        problem.headers["Allow"] = ", ".join(error.valid_methods or ())
    return problem


def _of_database(error: DBAPIError | PoolTimeout) -> Response:
    """What a person can do something about is told; a database that is away comes back; the rest is our mistake."""
    problem = problem_of(error)
    if problem is not None:
        return answer(problem)
    if isinstance(error, DBAPIError) and not (isinstance(error, OperationalError) or error.connection_invalidated):
        return _unexpected(error)
    log.error("database not usable: %s", type(error).__name__)
    return answer(
        Unavailable("We cannot reach our records just now. Try again in a moment.", headers={"Retry-After": "5"})
    )


def _unexpected(error: Exception) -> Response:
    log.error("unexpected error at %s", request.url_rule or "an unknown address", exc_info=error)
    problem = Problem("Something went wrong on our side. Nothing you typed is to blame.")
    problem.status, problem.title = 500, "Our mistake"
    return answer(problem)


def _let_go(_: BaseException | None) -> None:
    """Ends the session before the extension does, which would turn a connection that broke after the last statement
    into an error of a request whose answer is made already. One that began nothing and holds nothing is just let go."""
    if not db.session.registry.has():
        return
    session = db.session()
    sql.let_go(session)
    if not session.in_transaction() and not session.identity_map:
        db.session.registry.clear()
        return
    try:
        db.session.remove()
    except DBAPIError as error:
        log.warning("the database went away after the answer was made: %s", type(error).__name__)
        session.invalidate()


def bind(app: Flask) -> None:
    """Registers the answers for every kind of error."""
    app.teardown_appcontext(_let_go)
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, lambda error: answer(of_http(error)))
    app.register_error_handler(DBAPIError, _of_database)
    app.register_error_handler(PoolTimeout, _of_database)
    app.register_error_handler(Exception, _unexpected)
