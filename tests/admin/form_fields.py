"""What a browser would send of a form on a page: selects, radios and boxes as they stand."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse


def standing(answer: TestResponse) -> dict[str, str]:
    """Returns the fields of the main part's last form that posts, without the token and the buttons."""
    form = BeautifulSoup(answer.text, "html5lib").select("main form[method=post]")[-1]
    sent = {str(control["name"]): _value(control) for control in form.select("[name]") if _is_sent(control)}
    return {name: value for name, value in sent.items() if name != "csrf_token"}


def _is_sent(control: Tag) -> bool:
    if control.name == "button":
        return False
    return control.get("type") not in ("checkbox", "radio") or control.has_attr("checked")


def _value(control: Tag) -> str:
    if control.name == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option")
        return str(chosen["value"]) if chosen else ""
    return control.get_text().removeprefix("\n") if control.name == "textarea" else str(control.get("value", ""))
