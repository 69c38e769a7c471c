"""URLs: each place has one spelling, and only places that the settings allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from doorstep.backends.webhooks import targets
from doorstep.backends.webhooks.interface import Reason, WebhookError
from doorstep.core.settings import Settings

LISTED = Settings(export_webhook_allowed_hosts=("hooks.test", "crm.test"))


def refusal(url: str, **settings: object) -> WebhookError:
    with pytest.raises(WebhookError) as caught:
        targets.Rules(Settings(**settings)).target(url)  # type: ignore[arg-type]
    assert caught.value.permanent
    return caught.value


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("https://hooks.test", "hooks.test", "/"),
        ("https://HOOKS.test.:443/a%20b?x=1&y=%C3%A9#part", "hooks.test", "/a%20b?x=1&y=%C3%A9"),
        ("HTTPS://hooks.test?x=[1]", "hooks.test", "/?x=[1]"),
        ("https://hooks.test/zoë/ü?q=ß", "hooks.test", "/zo%C3%AB/%C3%BC?q=%C3%9F"),
        ("https://bücher.test/", "xn--bcher-kva.test", "/"),
        ("https://r3---sn-ab.hooks.test/", "r3---sn-ab.hooks.test", "/"),
        ("https://1.1.1.1/", "1.1.1.1", "/"),
        ("https://[2606:4700:4700:0::1111]/", "[2606:4700:4700::1111]", "/"),
        ("https://hooks.test//two", "hooks.test", "//two"),
    ],
)
def test_a_good_url_is_understood(url: str, authority: str, path: str) -> None:
    target = targets.Rules(Settings()).target(url)
    assert (target.authority, target.path, target.port) == (authority, path, 443)


@pytest.mark.parametrize(
    "url",
    [
        "", "hooks.test", "//hooks.test/", "https:hooks.test", "https://", "https:///path", "https://.", "https://..test/",
        "ftp://hooks.test/", "file:///etc/passwd", "gopher://hooks.test/", "unix://%2Frun%2Fdocker.sock/", "http+unix://x/",
        "https://user@hooks.test/", "https://user:pa55@hooks.test/", "https://@hooks.test/", "https://hooks.test@127.0.0.1/",
        "https://hooks.test:0/", "https://hooks.test:65536/", "https://hooks.test:-1/", "https://hooks.test:port/",
        "https://hooks.test:²/", "https://hooks.test\\@127.0.0.1/", "https://hooks.test/a\\b",
        "https://hooks.test/a b",
        "https://hooks.test/\r\nX: y",
        "https://hooks\t.test/", " https://hooks.test/", "https://ho%6fks.test/", "https://hooks_1.test/", "https://-a.test/",
        "https://a-.test/", "https://[::1/", "https://::1/", "https://[fe80::1%25eth0]/", "https://[hooks.test]/",
        "https://[::1]x/", "https://x[::1]/", "https://[v1.a]/", "https://" + "a" * 64 + ".test/", "https://*/",
        "https://" + "a." * 127 + "test/", "https://hooks.test/" + "a" * 2048, "https://hooks.\u00adtest/", "https://a℀b.test/",
    ],
)  # fmt: skip
def test_what_is_no_plain_url_is_refused(url: str) -> None:
    assert refusal(url).reason is Reason.URL


@pytest.mark.parametrize(
    "url", ["http://hooks.test/", "http://hooks.test:443/", "https://hooks.test:8443/", "https://hooks.test:80/"]
)
def test_only_https_and_its_own_port(url: str) -> None:
    assert refusal(url).reason is Reason.URL


def test_a_list_of_hosts_holds_for_all() -> None:
    hosts = LISTED.export_webhook_allowed_hosts
    targets.Rules(LISTED).target("https://CRM.test/")
    for other in ("https://other.test/", "https://a.crm.test/", "https://crm.test.other/", "https://1.1.1.1/"):
        assert "not among the hosts" in str(refusal(other, export_webhook_allowed_hosts=hosts))


@pytest.mark.parametrize("url", ["http://crm.test/", "http://crm.test:8080/", "https://crm.test:8443/"])
def test_a_listed_host_may_do_without_tls_where_the_settings_say_so(url: str) -> None:
    hosts = LISTED.export_webhook_allowed_hosts
    assert refusal(url, export_webhook_allowed_hosts=hosts).reason is Reason.URL
    rules = targets.Rules(Settings(export_webhook_allowed_hosts=hosts, export_webhook_allow_http=True))
    assert rules.target(url).host == "crm.test"


def test_without_a_list_nobody_does_without_tls() -> None:
    assert refusal("http://hooks.test/", export_webhook_allow_http=True).reason is Reason.URL


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://[::1]/", "https://10.0.0.7/"])
def test_an_address_of_the_neighbourhood_is_opened_by_its_setting_only(url: str) -> None:
    assert refusal(url).reason is Reason.ADDRESS
    assert targets.Rules(Settings(export_webhook_block_private_ips=False)).target(url).address


def test_a_refusal_does_not_repeat_what_may_be_secret() -> None:
    for url in ("https://me:pa55w0rd@hooks.test/", "http://hooks.test/T0K3N?key=T0K3N", "https://127.0.0.1/T0K3N"):
        said = str(refusal(url))
        assert "pa55w0rd" not in said
        assert "T0K3N" not in said


@given(some.one_of(some.text(), some.text().map("https://{}/".format), some.text().map("https://hooks.test/{}".format)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        target = targets.read(text)
    except WebhookError:
        return
    assert (target.host + target.path).isascii()
    assert (target.host + target.path).isprintable()
    assert " " not in target.host + target.path
