"""The insured person's link: opens one claim without an account, by a PIN of the person's own.

A link holds a secret of 32 random bytes, of which only the SHA-256 is kept, and a signature, so
that what was never a link of ours is refused without asking the database. Whoever opens it first
sets the PIN; five wrong ones close it for a quarter of an hour, then for longer.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core.signing import BadSignature, Signer
from django.utils import timezone

from aupolicy.models import User
from aupolicy.operations.fence import ALL, acting_within
from claims.models import Claim, PersonLink
from claims.queries.parameters import get_claims_parameters
from claims.rules.pin import is_weak_pin

_SECRET_BYTES = 32
_WRONG_PINS = 5
_FIRST_LOCK = timedelta(minutes=15)
_LONGEST_LOCK = timedelta(days=1)
_MOST_COUNTED = 1_000


class UnableToOpen(ValueError):
    """A link that does not open.

    `code` is EXPIRED (also revoked), LOCKED (`until`), WRONG_PIN, PIN_TOO_WEAK, ALREADY_SET or
    NOT_SET (no PIN yet).
    """

    def __init__(self, code: str, **params: datetime) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class CreatedLink:
    """A link and its token, which is kept nowhere: it goes to the person now or never."""

    link: PersonLink
    token: str


def create_link(
    *, claim: Claim, email: str, language: str, user: User | None, now: datetime
) -> CreatedLink:
    """A link for a claim; earlier ones open nothing any more. `email` is "" for one on paper."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    today = timezone.localdate(now)
    with acting_within(ALL):
        Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        revoke_links(claim=claim, now=now)
        link = PersonLink.objects.create(
            claim=claim,
            secret_sha256=_hash(secret),
            email=email.strip(),
            language=language,
            created_at=now,
            created_by=user,
            expires_at=now + timedelta(days=get_claims_parameters(today).link_days),
        )
    return CreatedLink(link, _signer().sign(secret))


def issue_token(*, link: PersonLink) -> str:
    """Another secret for a link that nobody has opened: what is sent is made when it is sent.

    An earlier token opens nothing any more. Raises UnableToOpen (ALREADY_SET).
    """
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with acting_within(ALL):
        unopened = PersonLink.objects.filter(pk=link.pk, pin_hash="", revoked_at=None)
        if not unopened.update(secret_sha256=_hash(secret)):
            raise UnableToOpen("ALREADY_SET")
    return _signer().sign(secret)


def revoke_links(*, claim: Claim, now: datetime) -> int:
    """Close every link of a claim, and the pages opened with them; gives how many there were."""
    with acting_within(ALL):
        return PersonLink.objects.filter(claim=claim, revoked_at=None).update(revoked_at=now)


def find_link(token: str) -> PersonLink | None:
    """The link of a token, whether it still opens or not; None for what is none of ours."""
    try:
        secret = _signer().unsign(token)
    except BadSignature:
        return None
    with acting_within(ALL):
        links = PersonLink.objects.select_related("claim__person", "claim__contract__employer")
        return links.filter(secret_sha256=_hash(secret)).first()


def is_open(link: PersonLink, now: datetime) -> bool:
    """Whether a link was not revoked and is still in time."""
    return link.revoked_at is None and now < link.expires_at


def set_pin(*, link: PersonLink, pin: str, now: datetime) -> PersonLink:
    """Whoever opens the link first chooses its PIN, of 6 to 64 characters.

    Raises UnableToOpen: EXPIRED, ALREADY_SET, PIN_TOO_WEAK.
    """
    pin = pin.strip()
    with acting_within(ALL):
        link = _lock(link)
        if not is_open(link, now):
            raise UnableToOpen("EXPIRED")
        if link.pin_hash:
            raise UnableToOpen("ALREADY_SET")
        person = link.claim.person
        names = (person.first_name, person.last_name)
        if is_weak_pin(pin, birth_date=person.birth_date, names=names):
            raise UnableToOpen("PIN_TOO_WEAK")
        link.pin_hash, link.pin_set_at, link.last_used_at = make_password(pin), now, now
        link.save(update_fields=["pin_hash", "pin_set_at", "last_used_at"])
    return link


def check_pin(*, link: PersonLink, pin: str, now: datetime) -> PersonLink:
    """Open a link with its PIN. Wrong ones are counted, so do not roll back after an error.

    Raises UnableToOpen: EXPIRED, NOT_SET, LOCKED, WRONG_PIN.
    """
    with acting_within(ALL):
        link = _lock(link)
        error = _find_obstacle(link, now)
        if error is None:
            error = _try_pin(link, pin.strip(), now)
    # Raised only here: what was counted stays.
    if error is not None:
        raise error
    return link


def _lock(link: PersonLink) -> PersonLink:
    links = PersonLink.objects.select_for_update(of=("self",))
    return links.select_related("claim__person", "claim__contract__employer").get(pk=link.pk)


def _find_obstacle(link: PersonLink, now: datetime) -> UnableToOpen | None:
    if not is_open(link, now):
        return UnableToOpen("EXPIRED")
    if not link.pin_hash:
        return UnableToOpen("NOT_SET")
    if link.locked_until is not None and now < link.locked_until:
        return UnableToOpen("LOCKED", until=link.locked_until)
    return None


def _try_pin(link: PersonLink, pin: str, now: datetime) -> UnableToOpen | None:
    if check_password(pin, link.pin_hash):
        link.failed_attempts, link.locked_until, link.last_used_at = 0, None, now
        link.save(update_fields=["failed_attempts", "locked_until", "last_used_at"])
        return None
    link.failed_attempts = min(link.failed_attempts + 1, _MOST_COUNTED)
    error = UnableToOpen("WRONG_PIN")
    if link.failed_attempts % _WRONG_PINS == 0:
        times = link.failed_attempts // _WRONG_PINS
        until = now + min(_FIRST_LOCK * 2 ** min(times - 1, 10), _LONGEST_LOCK)
        link.locked_until = until
        error = UnableToOpen("LOCKED", until=until)
    link.save(update_fields=["failed_attempts", "locked_until"])
    return error


def _signer() -> Signer:
    return Signer(salt="claims.person_link", sep=".")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
