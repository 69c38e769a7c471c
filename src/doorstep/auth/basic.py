"""Legacy Basic Auth (RFC 7617): names and passwords in the settings, for machines that were set up for installations
of the former kind. Off unless `LEGACY_BASIC_AUTH_ENABLED` says otherwise; an API token is better in every way.

A pair stands for a role in one organization, that of `DEFAULT_ORG_ID` or `DEFAULT_ORG_SLUG`, and is taken at the
addresses that `Route.takes_basic` names. An installation of the former kind was run by the owner of its one company,
whose machines start jobs and look after what the queues gave up: so the pairs of owner and admin may also operate, and
where operating reaches all organizations, so do they. The other pairs never leave the default organization.
"""

from __future__ import annotations

import base64
import hmac
import logging
from collections.abc import Mapping
from typing import Final
from uuid import uuid5

from doorstep.auth import identity, tries
from doorstep.core import ids, sql, tenancy
from doorstep.core.actor import OPERATE, ROLE_PERMISSIONS, Actor, Org
from doorstep.core.current import settings
from doorstep.core.settings_table import BasicPair

log = logging.getLogger(__name__)

CHALLENGE: Final = 'Basic realm="Doorstep", charset="UTF-8"'
MAY: Final[Mapping[str, frozenset[str]]] = {
    "owner": ROLE_PERMISSIONS["owner"] | {OPERATE},
    "admin": ROLE_PERMISSIONS["admin"] | {OPERATE},
    "dispatcher": ROLE_PERMISSIONS["dispatcher"],
    "accountant": ROLE_PERMISSIONS["finance"],
    "viewer": ROLE_PERMISSIONS["viewer"],
}
DEFAULT_ORG: Final = """
    select o.id, o.slug, o.name, o.timezone, o.currency, o.locale, o.settings
      from organizations o
     where (o.id = %(id)s::uuid or o.slug = %(slug)s) and o.active
"""


def is_on() -> bool:
    """Returns whether this installation takes names and passwords at all."""
    return settings().legacy_basic_auth_enabled


def by_credentials(credentials: str, address: str) -> Actor | None:
    """Returns the machine behind the base64 text of an `Authorization: Basic` header that came from `address`, with
    the session put into the default organization's scope; None when it is wrong, garbled, or all this is switched
    off. Commits, as wrong ones are counted.

    Raises TooManyRequests while the name rests at that address after too many wrong passwords, whether it is
    anybody's or not. While it rests the right password does the same work as a wrong one and is refused alike.
    """
    said = _said(credentials)
    if said is None or not is_on():
        return None
    pair = _matching(said)
    _count(said.partition(":")[0], address, right=pair is not None)
    return _actor(pair) if pair else None


def _said(credentials: str) -> str | None:
    """Returns `name:password`, or None for what is none. A name never holds a colon."""
    try:
        said = base64.b64decode(credentials, validate=True).decode()
    except ValueError:  # not base64, or not UTF-8
        return None
    return said if ":" in said else None


def _matching(said: str) -> BasicPair | None:
    """Returns the pair. All are compared to the end, as digests of one length, so that the time which it takes tells
    neither whether the name exists nor how much of the password is right."""
    given = ids.digest(said)
    pairs = [pair for pair in settings().basic_pairs if pair.is_whole]
    same = [pair for pair in pairs if hmac.compare_digest(ids.digest(f"{pair.username}:{pair.password}"), given)]
    return same[0] if same else None


def _count(name: str, address: str, *, right: bool) -> None:
    """Counts a wrong try; raises TooManyRequests while the name rests at this address.

    Unlike at sign-in a right one is not counted beforehand, since machines ask many things at the same moment; nor does
    it start the count again, for a machine that asks every minute would wipe out the guesses of others behind
    the same address. The count is over after a quiet day.
    """
    key = f"basic\0{address}\0{name}"  # no e-mail address holds a NUL, so the two kinds of keys never meet
    rest = tries.resting(key)
    if not rest and not right:
        log.info("basic auth refused: wrong name or password")
        rest = tries.reserve(key)
    if rest:
        log.warning("basic auth refused: the name rests")
        raise tries.too_many(rest)


def _actor(pair: BasicPair) -> Actor | None:
    org = _default_org()
    if org is None:
        log.error("basic auth refused: no active organization is the one of DEFAULT_ORG_ID or DEFAULT_ORG_SLUG")
        return None
    tenancy.enter(org.id)
    # One id for each pair, so that no two share what is kept under their names, e.g. Idempotency-Keys.
    own_id = uuid5(org.id, f"basic {pair.role}")
    return Actor(kind="token", name=f"Basic Auth ({pair.role})", id=own_id, org=org, permissions=MAY[pair.role])


def _default_org() -> Org | None:
    chosen = settings()
    by_id = str(chosen.default_org_id) if chosen.default_org_id else None
    row = sql.row(DEFAULT_ORG, {"id": by_id, "slug": chosen.default_org_slug})
    return identity.org_of(row) if row else None
