"""What belongs to Alder and must stay there: one object of every kind that an address can name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.dialects.postgresql import Range

from doorstep.accounts.models import Invitation, TimeOff
from doorstep.auth.models import ApiToken, UserLink
from doorstep.backends import registry
from doorstep.clients.models import ClientLink
from doorstep.core import clock, ids, tenancy
from doorstep.core.transaction import save, transaction
from doorstep.notifications.models import OutgoingEmail
from doorstep.orders import photo_objects
from doorstep.orders.models import Photo
from tests import stage
from tests.cast import ALDER, known_id
from tests.pictures import small_jpeg
from tests.tenancy.test_tables import TENANT

GUESS: Final = "a-secret-that-somebody-made-up-out-of-nothing"

# What to put for each name in a rule. A new name needs a line here: no address escapes the matrix.
VALUES: Final[Mapping[str, Any]] = {
    "order_id": ALDER.order_id,
    "client_id": ALDER.client_id,
    "worker_id": ALDER.worker.worker_id,
    "service_id": ALDER.service_id,
    "item_id": known_id("alder.item0"),
    "photo_id": known_id("alder.photo"),
    "member_id": known_id(f"{ALDER.worker.key}.member"),
    "user_id": ALDER.worker.id,
    "invitation_id": known_id("alder.invitation"),
    "time_off_id": known_id("alder.time-off"),
    "session_id": known_id(f"{ALDER.owner.key}.session"),
    "token_id": known_id("alder.token"),
    "mail_id": known_id("alder.mail"),
    "org_id": ALDER.id,
    "slug": ALDER.slug,
    "token": GUESS,
    "secret": GUESS,
    "ticket": GUESS,
    "size": "thumb",
    "wish": "ask",
    "verb": "start",
    "verdict": "hide",
    "job": "cleanup",
    "purpose": "scheduled",
}
# Names that choose among things which are no secret; the rest name an object of Alder's.
NO_OBJECTS: Final = {"slug", "size", "wish", "verb", "verdict", "job", "purpose", "token", "secret", "ticket"}


def settle() -> None:
    """Writes the objects that the cast does not have."""
    later = clock.now() + timedelta(days=3)
    with transaction():
        save(ApiToken(
            id=VALUES["token_id"], sha256=ids.digest("alder token"), prefix="dst_abc", org_id=ALDER.id, name="Till",
            scopes=["view"], created_by=ALDER.owner.id,
        ))  # fmt: skip
        save(UserLink(
            sha256=ids.digest("alder link"), purpose="worker_sign_in", user_id=ALDER.worker.id, org_id=ALDER.id,
            expires_at=later,
        ))  # fmt: skip
    with tenancy.org_scope(ALDER.id), transaction():
        save(Photo(
            id=VALUES["photo_id"], order_id=ALDER.order_id, phase="before", state="stored", storage_backend="local",
            storage_key="alder/photo", sha256=b"x" * 32, uploaded_by="Ana Morales", uploaded_by_kind="member",
            sizes={size: _stored(size) for size in photo_objects.SIZES},
        ))  # fmt: skip
        save(
            Invitation(
                id=VALUES["invitation_id"],
                email="new@alder.test",
                role="viewer",
                sha256=ids.digest("x"),
                expires_at=later,
            )
        )
        save(TimeOff(
            id=VALUES["time_off_id"], worker_id=ALDER.worker.worker_id, during=Range(later, later + timedelta(days=1)),
        ))  # fmt: skip
        save(ClientLink(client_id=ALDER.client_id, sha256=ids.digest("alder client"), expires_at=later))
        save(OutgoingEmail(
            id=VALUES["mail_id"], purpose="test", dedupe_key="estate", to_address=ALDER.client_email,
            subject="Your visit", text="Alder Cleaning comes", html="<p>Alder Cleaning comes</p>",
        ))  # fmt: skip


def _stored(size: str) -> dict[str, Any]:
    data, key = small_jpeg(), f"orders/{ALDER.id}/{ALDER.order_id}/{VALUES['photo_id']}/{size}.jpg"
    registry.storage().put(key, data, "image/jpeg")
    return {"key": key, "mime": "image/jpeg", "bytes": len(data), "width": 64, "height": 48}


def fingerprint(prompter: stage.Prompter) -> dict[str, object]:
    """Returns a digest of everything that belongs to Alder, by table."""
    digest = "select md5(coalesce(string_agg(t::text, '|' order by t.id), '')) from {} t where {}"
    questions = {table: digest.format(table, "org_id = %(org)s") for table in TENANT}
    questions["users"] = digest.format("users", "id::text = any(%(people)s)")
    questions["api_tokens"] = digest.format("api_tokens", "org_id = %(org)s")
    questions["sessions that ended"] = (
        "select count(*) from login_sessions where org_id = %(org)s and revoked_at is not null"
    )
    values = {"org": str(ALDER.id), "people": [str(person.id) for person in ALDER.people]}
    found: dict[str, object] = {}
    with prompter.connection.cursor() as cursor:
        for name, question in questions.items():
            cursor.execute(question, values)
            found[name] = (cursor.fetchone() or (None,))[0]
    return found
