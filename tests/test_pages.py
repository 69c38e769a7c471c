"""The inspector of pages finds what it is there to find."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.pages import BadPage, Browser, inspect

HEAD = '<!doctype html><html lang="en"><head><title>Orders</title><meta name="viewport" content="width=device-width">'
TOKEN = '<input type=hidden name="csrf_token" value="x">'
GO = "<button>Go</button>"
GOOD = f"{HEAD}</head><body><main><h1>Orders</h1><!-- here --></main></body></html>"


def with_body(part: str) -> str:
    return GOOD.replace("<!-- here -->", part)


def test_a_good_page_has_no_faults() -> None:
    assert inspect(GOOD) == []
    assert inspect(with_body(f"<form method=post>{TOKEN}{GO}</form>")) == []
    assert inspect(with_body('<label for="a">Name</label><input id="a" name="a"><a href="#a">Name</a>')) == []
    assert (
        inspect(with_body('<img src="/a" alt="" width="4" height="3"><script nonce="n">1</script>'), "'nonce-n'") == []
    )


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        (GOOD.replace(' lang="en"', ""), "language"),
        (GOOD.replace("Orders</title>", " · </title>"), "no title"),
        (GOOD.replace("<h1>Orders</h1>", ""), "0 <h1>"),
        (with_body("<h1>Two</h1>"), "2 <h1>"),
        (GOOD.replace("<main>", "<div>").replace("</main>", "</div>"), "0 <main>"),
        (GOOD.replace('<meta name="viewport" content="width=device-width">', ""), "viewport"),
        (GOOD.replace("<!doctype html>", ""), "line 1"),
        (with_body("<p id=a>1<p id=a>2"), "2 times"),
        (with_body("<div><p>unclosed</div></div>"), "line 1"),
        (with_body("<input name=a>"), "no label"),
        (with_body('<textarea aria-label="">x</textarea>'), "no label"),
        (with_body("<label>A<input type=radio name=a></label>"), "fieldset"),
        (with_body("<form method=post><button>Go</button></form>"), "csrf_token"),
        (with_body(f"<form method=post>{TOKEN}{GO}</form>".replace('"x"', '""')), "empty token"),
        (with_body(f"<form>{TOKEN}{GO}</form>"), "in the address"),
        (with_body("<form><label>A<input name=a></label></form>"), "cannot be sent"),
        (with_body(f"<form><label>A<input type=file name=a></label>{GO}</form>"), "file that is not sent"),
        (with_body("<script>1</script>"), "without nonce"),
        (with_body("<style>a{}</style>"), "style element"),
        (with_body("<p style='x'>a</p>"), "attribute style"),
        (with_body("<p onclick='x'>a</p>"), "attribute onclick"),
        (with_body("<a href='javascript:x'>a</a>"), "code in an address"),
        (with_body("<img src=/a width=1 height=1>"), "no alt"),
        (with_body("<img src=/a alt=x>"), "no width, height"),
        (with_body("<svg><path d=''/></svg>"), "neither hidden nor named"),
        (with_body("<a href=/x></a>"), "nobody hears"),
        (with_body("<button><svg aria-hidden=true></svg></button>"), "nobody hears"),
        (with_body("<a>x</a>"), "leads nowhere"),
        (with_body("<a href='#'>x</a>"), "link to nothing"),
        (with_body("<a href='#gone'>x</a>"), "not here"),
        (with_body("<p aria-describedby='gone'>x</p>"), "not here"),
        (with_body("<label for=gone>x</label>"), "not here"),
        (with_body("<a href=/x target=_blank>x</a>"), "may steer"),
        (with_body("<dialog><p>x</p></dialog>"), "without a name"),
        (with_body("<p>None</p>"), "not meant to be read"),
        (with_body("<p>{{ name }}</p>"), "not meant to be read"),
    ],
)  # fmt: skip
def test_a_fault_is_found(page: str, fault: str) -> None:
    assert any(fault in found for found in inspect(page)), inspect(page)


def test_a_nonce_that_the_policy_does_not_know_is_found() -> None:
    assert inspect(with_body('<script nonce="n">1</script>'), "script-src 'nonce-m'") == [
        "a nonce is not in the policy"
    ]


def test_the_client_of_all_tests_raises_faults() -> None:
    app = Flask("bare")
    app.test_client_class = Browser
    app.add_url_rule("/bad", "bad", lambda: "<p>hello")
    app.add_url_rule("/good", "good", lambda: GOOD)
    app.add_url_rule("/json", "json", lambda: {"a": 1})
    assert app.test_client().get("/good").status_code == 200
    assert app.test_client().get("/json").status_code == 200
    with pytest.raises(BadPage, match="GET http://localhost/bad"):
        app.test_client().get("/bad")


def test_every_client_of_the_application_is_that_one(shared_app: Flask) -> None:
    assert isinstance(shared_app.test_client(), Browser)
