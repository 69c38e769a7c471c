"""The operator's pages: one that says what is wrong and what to do, and one for each job."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from doorstep.core.actor import Actor
from doorstep.core.errors import Problem
from doorstep.jobs import gauges, runner, status, table

HERE = "/operator"
RUNS_SHOWN = 60


def system(who: Actor) -> str:
    """Shows whether the system's work is being done."""
    found = status.jobs()
    seen = {"queues": gauges.queues(), "breakers": gauges.breakers(), "beats": status.beats()}
    return _page(who, "operator", leader=found["leader"], jobs=found["jobs"], **seen)


def job(who: Actor, job: str) -> str:
    """Shows one job: what it is for, its runs, what to do when it fails."""
    known = table.find(job)
    told = next(one for one in status.jobs()["jobs"] if one["name"] == known.name)
    runs, _ = status.rows(RUNS_SHOWN, None, known.name)
    return _page(who, "operator_job", job=told, runs=runs, remedy=known.remedy, beats=status.beats()[known.name])


def run(who: Actor, job: str) -> ResponseReturnValue:
    """Runs a job now, or says what it would do."""
    known, dry = table.find(job), request.form.get("dry_run") == "1"
    try:
        said = runner.run(known, trigger="page", dry_run=dry) or {}
        flash(_words(known.name, said), "bad" if said["error"] else "ok")
    except Problem as problem:
        flash(problem.detail, "bad")
    return redirect(f"{HERE}/jobs/{known.name}", 303)


def _words(name: str, said: dict[str, Any]) -> str:
    if said["error"]:
        return f"{name} failed: {said['error']}"
    counts = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in (said["result"] or {}).items())
    done = "would do" if said["state"] == "dry_run" else "done"
    return f"{name}, {done}: {counts or 'nothing'}."


def _page(who: Actor, name: str, **values: Any) -> str:
    jobs = values.get("jobs") or status.jobs()["jobs"]
    trouble = sum(bool(one["consecutive_failures"] or one["late"]) for one in jobs)
    items = [{"key": "system", "href": HERE, "label": "System", "icon": "activity", "count": trouble, "hot": True}]
    items += [
        {"key": one["name"], "href": f"{HERE}/jobs/{one['name']}", "label": one["name"], "icon": "timer",
         "count": one["consecutive_failures"], "hot": True}
        for one in jobs
    ]  # fmt: skip
    return render_template(
        f"admin/{name}.html",
        nav=[{"title": "", "items": items[:1]}, {"title": "Jobs", "items": items[1:]}],
        active=values["job"]["name"] if "job" in values else "system",
        me={"name": who.name, "line": "Operator", "href": "/auth/sessions"},
        sign_out_href="/auth/sign-out",
        trouble=trouble,
        **values,
    )
