"""What the application does otherwise than a bare Flask, and that nobody notices."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string, session
from markupsafe import Markup

from doorstep.core.http.application import Application

BORDER = """
{%- macro _box(word, tail='') -%}<b title='{{ word }}'>{{ word }}{{ tail }}</b>{%- endmacro -%}
{%- set box = remembered(_box) -%}
{%- macro around(word) -%}<i>{{ caller(word) }}</i>{%- endmacro -%}
"""


@pytest.fixture
def visits() -> Application:
    """An application that counts visits in the session, and has a page that does not look at it."""
    app = Application("bare")
    app.secret_key = "k" * 40

    @app.get("/count")
    def count() -> str:
        session["seen"] = session.get("seen", 0) + 1
        return str(session["seen"])

    @app.get("/plain")
    def plain() -> str:
        return "plain"

    return app


def test_a_session_is_kept_from_one_request_to_the_next(visits: Application) -> None:
    browser = visits.test_client()
    assert [browser.get("/count").text for _ in range(3)] == ["1", "2", "3"]
    assert visits.test_client().get("/count").text == "1"


def test_a_page_that_does_not_look_at_the_session_leaves_it_alone(visits: Application) -> None:
    browser = visits.test_client()
    browser.get("/count")
    answer = browser.get("/plain")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert browser.get("/count").text == "2"


def test_a_session_of_somebody_else_s_making_is_none(visits: Application) -> None:
    browser = visits.test_client()
    browser.set_cookie("session", "eyJzZWVuIjo5OX0.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert browser.get("/count").text == "1"


class TestTemplates:
    def drawn(self, app: Flask, text: str, **values: object) -> str:
        with app.test_request_context():
            return render_template_string(BORDER + text, **values)

    def test_what_is_remembered_is_drawn_for_each_argument_and_escaped(self, app: Flask) -> None:
        given = {"word": "<script>", "other": "tea"}
        page = self.drawn(app, "{{ box(word) }}{{ box(other, '!') }}{{ box(word) }}", **given)
        risky = "<b title='&lt;script&gt;'>&lt;script&gt;</b>"
        assert page == f"{risky}<b title='tea'>tea!</b>{risky}"

    def test_text_that_is_safe_vouches_for_no_other(self, app: Flask) -> None:
        """Markup and text of the same letters are equal to Python; so are one and true."""
        page = self.drawn(
            app, "{{ box(safe) }}{{ box(same) }}{{ box(1) }}{{ box(true) }}", safe=Markup("<u>"), same="<u>"
        )
        risky = "<b title='&lt;u&gt;'>&lt;u&gt;</b>"
        assert page == f"<b title='<u>'><u></b>{risky}<b title='1'>1</b><b title='True'>True</b>"

    def test_macros_are_called_with_blocks_and_in_loops(self, app: Flask) -> None:
        box = "{% call(word) around(n) %}{{ box(word ~ n) }}{{ loop.index }}{% endcall %}"
        text = "{% for n in (1, 2) %}" + box + "{% endfor %}"
        assert self.drawn(app, text) == "<i><b title='11'>11</b>1</i><i><b title='22'>22</b>2</i>"

    def test_functions_of_the_page_are_called_as_before(self, app: Flask) -> None:
        assert self.drawn(app, "{{ tell('a', b=2) }}", tell=lambda a, b: f"{a}{b}") == "a2"

    def test_a_wrong_argument_is_still_a_mistake(self, app: Flask) -> None:
        with pytest.raises(TypeError):
            self.drawn(app, "{{ around('x', size=3) }}")
