"""Looks at every HTML page that any test fetches. What it finds would hurt somebody: a person with a screen
reader, a browser that refuses inline code, a form that nobody can send.

`inspect` gives the faults as sentences; `Browser`, the client of all tests, raises them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

REFERENCES = ("for", "list", "form", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers")
UNLABELLED = ("hidden", "submit", "button", "image", "reset")
LEAKS = re.compile(r"^None$|\{\{|\{%|<built-in|object at 0x|\bUndefined\b")
CHANGING = re.compile(r'(name="csrf_token" value=|name="csrf-token" content=|nonce=)"[^"]*"')


class BadPage(AssertionError):
    """A page has faults; the message lists them."""


class Browser(FlaskClient):
    """The test client; each HTML answer is inspected."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        options.setdefault("buffered", True)  # files are closed, whether or not the test reads them
        response = super().open(*args, **options)
        if response.mimetype == "text/html" and response.status_code // 100 != 3 and response.data:
            policy = response.headers.get("Content-Security-Policy", "")
            # What is shown in a sandbox is somebody else's document: a mail in the development mailbox.
            faults = [] if "sandbox" in policy else inspect(response.text, policy)
            if faults:
                raise BadPage("\n".join([f"{response.request.method} {response.request.url}", *faults]))
        return response


def inspect(html: str, policy: str = "") -> list[str]:
    """Returns what is wrong with the page, a sentence each. `policy` is its content security policy."""
    found = list(_inspected(CHANGING.sub(r'\1"*"', html)))
    nonces = re.findall(r'nonce="([^"]*)"', html)
    found += ["a nonce is not in the policy" for nonce in nonces if policy and f"'nonce-{nonce}'" not in policy]
    return found + [f"an empty token: {empty}" for empty in re.findall(r'name="csrf_token" value=""', html)]


@lru_cache(maxsize=512)
def _inspected(html: str) -> tuple[str, ...]:
    page = BeautifulSoup(html, "html5lib")
    checks = (_syntax(html), _frame(page), _names(page), _controls(page), _forms(page), _inline(page))
    return tuple(fault for check in (*checks, _pictures(page), _references(page), _leaks(page)) for fault in check)


def _syntax(html: str) -> Iterator[str]:
    parser = html5lib.HTMLParser()
    parser.parse(html)
    for (line, column), code, values in parser.errors:
        said = html5lib.constants.E.get(code, code) % values
        yield f"line {line}, column {column}: {said}: {html.splitlines()[line - 1][max(column - 60, 0) : column]}"


def _frame(page: BeautifulSoup) -> Iterator[str]:
    root = page.html
    if root is None or not root.get("lang"):
        yield "the language is not named"
    if page.title is None or not _words(page.title).strip(" ·"):
        yield "no title"
    for name in ("h1", "main"):
        if len(page.find_all(name)) != 1:
            yield f"{len(page.find_all(name))} <{name}> instead of one"
    if page.h1 is not None and not _name(page.h1):
        yield "the h1 is empty"
    if not page.find("meta", attrs={"name": "viewport"}):
        yield "no viewport, so a phone shows it tiny"
    for given, count in Counter(tag["id"] for tag in page.find_all(id=True)).items():
        if count > 1:
            yield f"the id {given!r} is there {count} times"


def _names(page: BeautifulSoup) -> Iterator[str]:
    """Links and buttons are read out by name; tables and dialogs too."""
    for tag in page.find_all(["a", "button", "summary", "th"]):
        if not _name(tag):
            yield f"nobody hears what this is: {_short(tag)}"
    for tag in page.find_all("a"):
        if not tag.get("href") and tag.get("aria-disabled") != "true":
            yield f"a link that leads nowhere: {_short(tag)}"
        if tag.get("target") == "_blank" and "noopener" not in (tag.get("rel") or []):
            yield f"a new window that may steer this one: {_short(tag)}"
    for tag in page.find_all("dialog"):
        if not (tag.get("aria-label") or tag.get("aria-labelledby")):
            yield f"a dialog without a name: {_short(tag)}"


def _controls(page: BeautifulSoup) -> Iterator[str]:
    labelled = {label["for"] for label in page.find_all("label", attrs={"for": True})}
    for control in page.find_all(["input", "select", "textarea"]):
        if control.get("type") in UNLABELLED or _hidden(control):
            continue
        own = control.get("aria-label") or control.get("aria-labelledby")
        if not own and control.get("id") not in labelled and not control.find_parent("label"):
            yield f"no label: {_short(control)}"
        if control.get("type") == "radio" and not _group(control):
            yield f"a choice without its question (fieldset and legend): {_short(control)}"


def _group(control: Tag) -> bool:
    for parent in control.parents:
        if parent.name == "fieldset" and parent.find("legend"):
            return True
        if parent.get("role") in ("radiogroup", "group") and (
            parent.get("aria-label") or parent.get("aria-labelledby")
        ):
            return True
    return False


def _forms(page: BeautifulSoup) -> Iterator[str]:
    for form in page.find_all("form"):
        method = str(form.get("method", "get")).lower()
        token = form.find("input", attrs={"name": "csrf_token"})
        if method == "post" and token is None:
            yield f"a form without csrf_token: {_short(form)}"
        if method == "get" and token is not None:
            yield f"a csrf_token in the address: {_short(form)}"
        if form.find("input", attrs={"type": "file"}) and form.get("enctype") != "multipart/form-data":
            yield f"a file that is not sent: {_short(form)}"
        named = form.find_all(["button", "input"], attrs={"type": "submit"}) or form.find_all("button", type=None)
        if not named and not page.find_all("button", attrs={"form": form.get("id") or "-"}):
            yield f"a form that cannot be sent without script: {_short(form)}"


def _inline(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all(True):
        for name in tag.attrs:
            if name == "style" or name.startswith("on"):
                yield f"the attribute {name}: {_short(tag)}"
        if str(tag.get("href", "")).strip().lower().startswith(("javascript:", "data:")):
            yield f"code in an address: {_short(tag)}"
    for tag in page.find_all("style"):
        yield f"a style element: {_short(tag)}"
    for tag in page.find_all("script", src=False):
        if not tag.get("nonce") and tag.get("type") not in ("application/json", "application/ld+json"):
            yield f"a script without nonce: {_short(tag)}"


def _pictures(page: BeautifulSoup) -> Iterator[str]:
    for image in page.find_all("img"):
        missing = [name for name in ("alt", "width", "height") if image.get(name) is None]
        if missing:
            yield f"no {', '.join(missing)}: {_short(image)}"
    for drawing in page.find_all("svg"):
        if drawing.get("aria-hidden") != "true" and not (drawing.get("role") == "img" and _name(drawing)):
            yield f"a drawing that is neither hidden nor named: {_short(drawing)}"


def _references(page: BeautifulSoup) -> Iterator[str]:
    known = {tag["id"] for tag in page.find_all(id=True)}
    for tag in page.find_all(True):
        for name in REFERENCES:
            for word in str(tag.get(name) or "").split() if not isinstance(tag.get(name), list) else tag[name]:
                if word not in known:
                    yield f"{name} names {word!r}, which is not here: {_short(tag)}"
        target = str(tag.get("href", "")) if tag.name == "a" else ""
        if target.startswith("#") and target not in ("#", "#top") and target[1:] not in known:
            yield f"a link to {target!r}, which is not here: {_short(tag)}"
        if target == "#":
            yield f"a link to nothing: {_short(tag)}"


def _leaks(page: BeautifulSoup) -> Iterator[str]:
    for text in page.find_all(string=True):
        if text.parent is not None and text.parent.name not in ("script", "code") and LEAKS.search(text.strip()):
            yield f"this was not meant to be read: {text.strip()[:80]!r}"


def _name(tag: Tag) -> str:
    """What a screen reader says for the tag."""
    own = str(tag.get("aria-label") or tag.get("aria-labelledby") or tag.get("title") or "")
    alts = "".join(str(image.get("alt", "")) for image in tag.find_all("img"))
    labels = "".join(str(inner.get("aria-label", "")) for inner in tag.find_all(attrs={"aria-label": True}))
    return (own + _words(tag) + alts + labels).strip()


def _words(tag: Tag) -> str:
    return tag.get_text(" ", strip=True)


def _hidden(tag: Tag) -> bool:
    return tag.get("aria-hidden") == "true" and tag.get("tabindex") == "-1"


def _short(tag: Tag) -> str:
    return " ".join(str(tag).split())[:160]
