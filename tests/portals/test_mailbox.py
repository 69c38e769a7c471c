"""The development mailbox: every mail with links that work, and no trace of it in production."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from doorstep.app import create_app
from doorstep.backends.database.embedded import Urls
from doorstep.core import tenancy
from doorstep.core.transaction import transaction
from doorstep.notifications.messages import Message
from doorstep.notifications.service import queue_email
from doorstep.portals.mailbox import linked
from tests import stage
from tests.cast import Company
from tests.portals.client_stage import link_in, mails, post


def queue(app: Flask, company: Company, subject: str, html: str = "<p>Hello</p>") -> str:
    """Returns the address of a queued mail's page."""
    with app.app_context(), tenancy.org_scope(company.id), transaction():
        message = Message("scheduled", subject, "Look: https://example.com/a?b=1.", html, company.name, "")
        queue_email(message, to="m@client.test", to_name="M", dedupe_key=subject, cause="a test")
    (mail,) = [mail for mail in mails(app, company) if mail.subject == subject]
    return f"/dev/mailbox/{mail.id}"


def test_it_lists_all_companies_mails_the_newest_first(
    app: Flask, stranger: FlaskClient, alder: Company, birch: Company
) -> None:
    queue(app, alder, "First mail")
    queue(app, birch, "Second mail")
    page = stranger.get("/dev/mailbox").text
    assert page.index("Second mail") < page.index("First mail")
    assert birch.name in page


def test_an_empty_mailbox_says_how_mails_come_about(stranger: FlaskClient) -> None:
    assert "No mail yet" in stranger.get("/dev/mailbox").text


def test_a_mail_shows_its_header_its_text_with_links_and_a_frame(
    app: Flask, stranger: FlaskClient, alder: Company
) -> None:
    address = queue(app, alder, "Hello there")
    page = stranger.get(address)
    assert "m@client.test" in page.text
    assert '<a href="https://example.com/a?b=1">' in page.text
    assert f'src="{address}/html"' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_link_in_a_mail_opens_what_it_promises(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    post(stranger, "/client/sign-in", email=alder.client_email)
    (mail,) = mails(app, alder)
    assert link_in(mail) in stranger.get(f"/dev/mailbox/{mail.id}").text
    assert post(stranger, link_in(mail)).headers["Location"] == "/client"


def test_a_mails_html_runs_no_script_and_loads_nothing(app: Flask, stranger: FlaskClient, alder: Company) -> None:
    answer = stranger.get(queue(app, alder, "Evil", "<script>alert(1)</script>") + "/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_an_unknown_mail_is_not_found(stranger: FlaskClient, alder: Company) -> None:
    assert stranger.get(f"/dev/mailbox/{alder.id}").status_code == 404


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a & <b>", "a &amp; &lt;b&gt;"),
        ("see http://x.test/y.", 'see <a href="http://x.test/y">http://x.test/y</a>.'),
        ('http://x.test/"onclick=1', '<a href="http://x.test/">http://x.test/</a>&#34;onclick=1'),
        ("javascript://x.test", "javascript://x.test"),
    ],
)
def test_addresses_become_links_and_nothing_else_becomes_html(text: str, html: str) -> None:
    assert linked(text) == html


@pytest.fixture
def production(urls: Urls, tmp_path: Path) -> Flask:
    """The application as it runs in production."""
    secrets = {
        name: name.lower()[0] * 20 + name.lower()[-1] * 20 + "abcdef"
        for name in (
            "AUTH_SECRET_KEY",
            "CLIENT_PORTAL_SECRET",
            "WORKER_PORTAL_SECRET",
            "PHOTO_SIGNING_SECRET",
            "EMAIL_UNSUBSCRIBE_SECRET",
        )
    }
    given = {"APP_ENV": "prod", "PUBLIC_BASE_URL": "https://doorstep.example.org", "EMAIL_MODE": "off", **secrets}
    return create_app(stage.settings_for(urls, tmp_path, **given))


def test_in_production_there_is_no_mailbox_at_all(production: Flask) -> None:
    assert production.test_client().get("/dev/mailbox").status_code == 404
    assert not [rule.rule for rule in production.url_map.iter_rules() if rule.rule.startswith("/dev")]
