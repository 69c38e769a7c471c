"""Settings that are right by themselves and wrong together: a sentence for each, told with all other mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from doorstep.core import secrecy
from doorstep.core.settings_table import BasicPair, Settings

SHORTEST_BASIC_PASSWORD: Final = 16


def email(settings: Settings) -> list[str]:
    """Returns what is wrong with the settings of mail, a sentence each that begins with a setting's name."""
    by_mode = {"smtp": _smtp, "sendgrid": _sendgrid}.get(settings.email_mode, _nowhere)
    return [*by_mode(settings), *_waits(settings)]


def export(settings: Settings) -> list[str]:
    """Returns what is wrong with the settings of webhooks, a sentence each that begins with a setting's name."""
    if settings.export_webhook_allow_http and not settings.export_webhook_allowed_hosts:
        return ["EXPORT_WEBHOOK_ALLOWED_HOSTS must be set, since EXPORT_WEBHOOK_ALLOW_HTTP holds for these hosts only"]
    return []


def basic_auth(settings: Settings) -> list[str]:
    """Returns what is wrong with the settings of legacy Basic Auth, a sentence each that begins with a setting's name;
    nothing while it is switched off."""
    return list(_basic_auth(settings)) if settings.legacy_basic_auth_enabled else []


def _basic_auth(settings: Settings) -> Iterator[str]:
    pairs = settings.basic_pairs
    if not pairs:
        yield "LEGACY_BASIC_AUTH_ENABLED must be false while no _BASIC_USERNAME and _BASIC_PASSWORD are set"
    elif not (settings.default_org_id or settings.default_org_slug):
        yield "DEFAULT_ORG_ID or DEFAULT_ORG_SLUG must be set, since LEGACY_BASIC_AUTH_ENABLED is true"
    if settings.default_org_id and settings.default_org_slug:
        yield "DEFAULT_ORG_ID and DEFAULT_ORG_SLUG are both set; keep one"
    for pair in pairs:
        yield from _pair(pair)
    names = {f"{pair.role.upper()}_BASIC_USERNAME": pair.username for pair in pairs if pair.username}
    yield from (f"{same} are the same name; each pair needs its own" for same in secrecy.twins(names))
    if settings.is_prod:
        given = {f"{pair.role.upper()}_BASIC_PASSWORD": pair.password for pair in pairs}
        yield from secrecy.faults(given, dict.fromkeys(given, SHORTEST_BASIC_PASSWORD))


def _pair(pair: BasicPair) -> Iterator[str]:
    username, password = (f"{pair.role.upper()}_BASIC_{which}" for which in ("USERNAME", "PASSWORD"))
    if not pair.username:
        yield f"{username} must be set, since {password} is"
    if not pair.password:
        yield f"{password} must be set, since {username} is"
    if ":" in pair.username or not pair.username.isprintable():
        yield f"{username} must be of printable characters without a colon, which ends a name (RFC 7617)"
    if not pair.password.isprintable():
        yield f"{password} must be of printable characters"


def _nowhere(settings: Settings) -> Iterator[str]:
    if settings.is_prod and settings.email_mode == "console":
        yield "EMAIL_MODE must be smtp, sendgrid or off in production; on the console all mails would be lost"


def _smtp(settings: Settings) -> Iterator[str]:
    yield from _needed("smtp", SMTP_HOST=settings.smtp_host, EMAIL_FROM=settings.email_from)
    if settings.smtp_password and not settings.smtp_username:
        yield "SMTP_USERNAME must be set, since SMTP_PASSWORD is"
    if settings.smtp_username and not settings.smtp_password:
        yield "SMTP_PASSWORD must be set, since SMTP_USERNAME is"
    if not (settings.smtp_username + settings.smtp_password).isascii():
        yield "SMTP_PASSWORD and SMTP_USERNAME must be of ASCII; other letters cannot be sent to the server"
    if settings.is_prod and settings.smtp_password and settings.smtp_tls == "none":
        yield "SMTP_TLS must be starttls or implicit in production, since none would show SMTP_PASSWORD to the network"


def _sendgrid(settings: Settings) -> Iterator[str]:
    key = settings.sendgrid_api_key
    yield from _needed("sendgrid", SENDGRID_API_KEY=key, EMAIL_FROM=settings.email_from)
    if not (key.isascii() and key.isprintable() and " " not in key):
        yield "SENDGRID_API_KEY must be of printable ASCII, without spaces"
    if settings.is_prod and not _is_private(settings.sendgrid_api_base):
        yield "SENDGRID_API_BASE must be https in production, since http would show the key to the network"


def _waits(settings: Settings) -> Iterator[str]:
    if settings.email_retry_backoff_max_seconds < settings.email_retry_backoff_seconds:
        yield "EMAIL_RETRY_BACKOFF_MAX_SECONDS must not be less than EMAIL_RETRY_BACKOFF_SECONDS"
    if settings.email_circuit_open_max_seconds < settings.email_circuit_open_seconds:
        yield "EMAIL_CIRCUIT_OPEN_MAX_SECONDS must not be less than EMAIL_CIRCUIT_OPEN_SECONDS"


def _needed(mode: str, **given: str) -> Iterator[str]:
    for name, value in given.items():
        if not value:
            yield f"{name} must be set, since EMAIL_MODE is {mode}"


def _is_private(url: str) -> bool:
    """Whether nobody on the way reads what is sent there: encrypted, or within this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
