"""What templates may say: times and money of the organization whose page it is; nothing unescaped, nothing unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, g, render_template_string
from jinja2 import UndefinedError

from doorstep.core import clock
from doorstep.core.actor import Actor, Org
from tests.cast import Company

NINE = datetime(2026, 11, 24, 17, tzinfo=UTC)  # 9:00 in Portland, 18:00 in Berlin


def rendered(app: Flask, company: Company | None, template: str, **values: Any) -> str:
    with app.test_request_context():
        if company is not None:
            org = Org(company.id, company.slug, company.name, company.timezone, company.currency)
            g.who = Actor(kind="member", name="Olive", org=org)
        return render_template_string(template, **values)


@pytest.mark.parametrize(
    ("template", "in_portland", "in_berlin"),
    [
        ("{{ at|hm }}", "9:00", "18:00"),
        ("{{ at|day }}", "Tue 24 Nov", "Tue 24 Nov"),
        ("{{ at|long_day }}", "Tuesday 24 November", "Tuesday 24 November"),
        ("{{ window(at, end) }}", "Tue 24 Nov, 9:00 – 11:00", "Tue 24 Nov, 18:00 – 20:00"),
        ("{{ 1450|money }}", "$14.50", "€14.50"),
        ("{{ 1450|money('GBP') }}", "£14.50", "£14.50"),
        ("{{ 90|duration }}", "1 h 30 min", "1 h 30 min"),
        ("{{ org.slug }} {{ who.name }}", "alder Olive", "birch Olive"),
    ],
)
def test_a_page_speaks_as_its_organization_does(
    template: str, in_portland: str, in_berlin: str, shared_app: Flask, alder: Company, birch: Company
) -> None:
    values = {"at": NINE, "end": NINE + timedelta(hours=2)}
    assert rendered(shared_app, alder, template, **values) == in_portland
    assert rendered(shared_app, birch, template, **values) == in_berlin


def test_a_page_of_nobody_speaks_utc(shared_app: Flask) -> None:
    assert rendered(shared_app, None, "{{ at|hm }} {{ 100|money }} {{ org is none }} {{ who is none }}", at=NINE) == (
        "17:00 $1.00 True True"
    )


def test_how_long_ago_counts_from_the_clock(shared_app: Flask, alder: Company) -> None:
    with clock.held_at(NINE + timedelta(minutes=5)):
        assert rendered(shared_app, alder, "{{ at|ago }}", at=NINE) == "5 min ago"


def test_what_people_typed_is_text_not_code(shared_app: Flask) -> None:
    assert rendered(shared_app, None, "<p>{{ name }}</p>", name="<script>") == "<p>&lt;script&gt;</p>"


def test_an_unknown_name_fails_loudly(shared_app: Flask) -> None:
    with pytest.raises(UndefinedError):
        rendered(shared_app, None, "{{ no_such_name }}")


def test_every_template_can_be_read(shared_app: Flask) -> None:
    with shared_app.app_context():
        names = [name for name in shared_app.jinja_env.list_templates() if name.endswith((".html", ".txt"))]
        assert len(names) > 20
        for name in names:
            shared_app.jinja_env.get_template(name)
