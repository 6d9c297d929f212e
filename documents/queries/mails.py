"""Which mails are due: what has happened and nobody has been told of yet.

Each mail is found in what it announces, for 14 days; whoever sends it owns the row that says so.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone

from aupolicy.models import Application, Broker, Employer, Grant, Invitation, Role, User
from aupolicy.queries.machine import list_last_keys
from billing.models import MandateChange
from claims.models import PersonLink
from documents import words
from documents.facts import DocumentKind
from documents.models import Document, Mail
from members.facts import NoticeKind, UploadStatus
from members.models import NoticeDecision, Upload

LOOK_BACK = timedelta(days=14)
# Whoever waits at the screen for the check needs no mail.
PATIENCE = timedelta(minutes=10)
MOST_ATTEMPTS = 6
_RETRY_AFTER = timedelta(minutes=10)
_LETTER_MAIL = "claim_letter"
_MOST_LETTERS = 500


@dataclass(frozen=True, slots=True)
class DueMail:
    """A mail to be sent. `write` makes its words, in the recipient's language.

    The link is complete, except for an invitation and for the link of an insured person: their
    secrets are made when the mail is sent.
    """

    kind: str
    key: str
    recipient: str
    language: str
    write: Callable[[], words.Letter]
    link: str = ""
    invitation: Invitation | None = None
    person_link: PersonLink | None = None


def list_due_mails(now: datetime, *, limit: int = 200) -> list[DueMail]:
    """The mails that are due, as many as are sent in one go, the earlier kinds first."""
    found: list[DueMail] = []
    for source in _SOURCES:
        found += _leave_out_done(list(source(now)), now)
        if len(found) >= limit:
            break
    return found[:limit]


def _leave_out_done(mails: list[DueMail], now: datetime) -> list[DueMail]:
    """Those never sent; one whose sending failed comes again, later each time."""
    rows = {
        (row.kind, row.key, row.recipient): row
        for row in Mail.objects.filter(key__in={mail.key for mail in mails})
    }
    return [m for m in mails if _is_open(rows.get((m.kind, m.key, m.recipient)), now)]


def _is_open(row: Mail | None, now: datetime) -> bool:
    if row is None or row.tried_at is None:
        return True
    if row.sent_at is not None or row.attempts >= MOST_ATTEMPTS:
        return False
    return row.tried_at + _RETRY_AFTER * row.attempts <= now


def page(name: str, *keys: int | str) -> str:
    """The complete address of a page."""
    return f"{settings.PORTAL_URL}{reverse(name, args=keys)}"


def _invitations(now: datetime) -> Iterator[DueMail]:
    waiting = Invitation.objects.filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=now, invited_at__gte=now - LOOK_BACK
    ).select_related("employer", "broker", "invited_by")
    for row in waiting.order_by("pk"):
        yield DueMail(
            kind="invitation",
            key=f"invitation:{row.pk}",
            recipient=row.email,
            language=row.language,
            write=lambda row=row: words.write_invitation(row),  # type: ignore[misc]
            invitation=row,
        )


def _to(user: User | None) -> bool:
    return user is not None and user.is_active and bool(user.email)


def _uploads(now: datetime) -> Iterator[DueMail]:
    """To the sender: it waits for the release, it has taken effect, it cannot be read."""
    recent = Upload.objects.filter(received_at__gte=now - LOOK_BACK, sender__isnull=False)
    rows = recent.filter(
        status__in=[UploadStatus.CHECKED, UploadStatus.APPLIED, UploadStatus.REFUSED]
    ).select_related("sender", "contract__employer")
    for row in rows.order_by("pk"):
        waits = row.checked_at is not None and row.checked_at + PATIENCE <= now
        if not _to(row.sender) or (row.status == UploadStatus.CHECKED and not waits):
            continue
        assert row.sender is not None  # noqa: S101 -- _to has seen to it
        yield DueMail(
            kind=f"upload_{row.status.lower()}",
            key=f"upload:{row.pk}",
            recipient=row.sender.email,
            language=row.sender.language,
            write=lambda row=row: _write_upload(row),  # type: ignore[misc]
            link=page("employer:upload", row.contract.employer_id, row.pk),
        )


def _write_upload(upload: Upload) -> words.Letter:
    name = upload.contract.employer.legal_name
    if upload.status == UploadStatus.REFUSED:
        return words.write_upload_refused(name)
    applied = upload.status == UploadStatus.APPLIED
    write = words.write_upload_applied if applied else words.write_upload_checked
    return write(name, upload.summary.get("outcomes", {}))


def _mandate_changes(now: datetime) -> Iterator[DueMail]:
    """To everybody who administers the employer, except who asked for the change."""
    rows = MandateChange.objects.filter(
        confirmed_at=None, withdrawn_at=None, requested_at__gte=now - LOOK_BACK
    ).select_related("contract__employer")
    for row in rows.order_by("pk"):
        employer = row.contract.employer
        for user in _list_admins(employer.pk, timezone.localdate(now)):
            if user.pk == row.requested_by_id or not _to(user):
                continue
            yield DueMail(
                kind="mandate_change",
                key=f"mandate_change:{row.pk}",
                recipient=user.email,
                language=user.language,
                write=lambda row=row: words.write_mandate_change(  # type: ignore[misc]
                    row.contract.employer.legal_name, row.requested_at
                ),
                link=page("employer:mandate", employer.pk),
            )


def _list_admins(employer_id: int, day: date) -> Iterator[User]:
    yield from _list_holders(day, role=Role.EMPLOYER_ADMIN, employer=employer_id)


def _list_holders(day: date, **of_grant: object) -> Iterator[User]:
    grants = Grant.objects.filter(user=OuterRef("pk"), period__contains=day, **of_grant)
    yield from User.objects.filter(Exists(grants)).order_by("pk")


def _keys(now: datetime) -> Iterator[DueMail]:
    """To whoever manages a program whose last key runs out within two weeks."""
    last = list_last_keys(now, until=now + LOOK_BACK)
    for key in last.select_related("client__employer", "client__broker"):
        client, day = key.client, timezone.localdate(now)
        party: Employer | Broker | None = client.employer or client.broker
        assert party is not None  # noqa: S101 -- a constraint has seen to it
        room = "employer" if client.employer else "broker"
        role = Role.EMPLOYER_ADMIN if client.employer else Role.BROKER
        for user in _list_holders(day, role=role, **{room: party.pk}):
            if not _to(user):
                continue
            yield DueMail(
                kind="key_expires",
                key=f"api_key:{key.pk}",
                recipient=user.email,
                language=user.language,
                write=lambda key=key, name=party.legal_name: words.write_key_expires(  # type: ignore[misc]
                    name, key.client.name, key.expires_at
                ),
                link=page(f"{room}:program", party.pk, str(client.public_id)),
            )


def _refusals(now: datetime) -> Iterator[DueMail]:
    """To the sender of a notice that a clerk has refused."""
    rows = NoticeDecision.objects.filter(
        verdict=NoticeDecision.Verdict.REFUSE,
        decided_at__gte=now - LOOK_BACK,
        notice__sender__isnull=False,
    ).select_related("notice__sender", "notice__contract__employer")
    for row in rows.order_by("pk"):
        sender, contract = row.notice.sender, row.notice.contract
        if sender is None or not _to(sender):
            continue
        yield DueMail(
            kind="notice_refused",
            key=f"decision:{row.pk}",
            recipient=sender.email,
            language=sender.language,
            write=lambda row=row: words.write_notice_refused(  # type: ignore[misc]
                row.notice.contract.employer.legal_name,
                NoticeKind(row.notice.kind),
                row.notice.received_at,
            ),
            link=page("employer:notice", contract.employer_id, row.notice_id),
        )


def _applications(now: datetime) -> Iterator[DueMail]:
    """To the broker's person who made the application, on each step."""
    steps = [s.value for s in Application.Status if s is not Application.Status.DRAFT]
    rows = Application.objects.filter(
        status__in=steps, broker__isnull=False, handed_over_at__gte=now - LOOK_BACK * 4
    ).select_related("created_by")
    for row in rows.order_by("pk"):
        moment = row.decided_at or row.handed_over_at
        if row.broker_id is None or not _to(row.created_by) or _is_old(moment, now):
            continue
        yield DueMail(
            kind=f"application_{row.status}",
            key=f"application:{row.pk}",
            recipient=row.created_by.email,
            language=row.created_by.language,
            write=lambda row=row: words.write_application(  # type: ignore[misc]
                row.status, row.legal_name, row.start
            ),
            link=page("broker:application", row.broker_id, row.pk),
        )


def _is_old(moment: datetime | None, now: datetime) -> bool:
    return moment is None or moment < now - LOOK_BACK


def _person_links(now: datetime) -> Iterator[DueMail]:
    """The insured person's link, to its own address, until somebody has opened it."""
    rows = PersonLink.objects.filter(
        ~Q(email=""), pin_hash="", revoked_at=None, expires_at__gt=now,
        created_at__gte=now - LOOK_BACK,
    )  # fmt: skip
    for row in rows.order_by("pk"):
        yield DueMail(
            kind="person_link",
            key=f"person_link:{row.pk}",
            recipient=row.email,
            language=row.language,
            write=lambda row=row: words.write_person_link(row.expires_at),  # type: ignore[misc]
            person_link=row,
        )


def _claim_letters(now: datetime) -> Iterator[DueMail]:
    """That there is a letter, to insured people who have a link to read it with."""
    links = {
        link.claim_id: link
        for link in PersonLink.objects.filter(
            claim__documents__in=_untold_letters(now), revoked_at=None, expires_at__gt=now
        ).select_related("claim__contact")
    }
    for letter in _untold_letters(now).filter(claim__in=links).order_by("pk")[:_MOST_LETTERS]:
        assert letter.claim_id is not None  # noqa: S101 -- asked for by the claims of the links
        link = links[letter.claim_id]
        recipient = _own_address(link)
        if recipient:
            yield DueMail(
                kind=_LETTER_MAIL,
                key=f"document:{letter.pk}",
                recipient=recipient,
                language=link.language,
                write=words.write_claim_letter,
            )


def _untold_letters(now: datetime) -> QuerySet[Document]:
    key = Concat(Value("document:"), Cast(OuterRef("pk"), CharField()))
    told = Mail.objects.filter(kind=_LETTER_MAIL, key=key, sent_at__isnull=False)
    return Document.objects.filter(
        ~Exists(told), claim__isnull=False, created_at__gte=now - LOOK_BACK
    ).exclude(kind=DocumentKind.CLAIM_LINK.value)


def _own_address(link: PersonLink) -> str:
    """Where the person wants to be reached, else where its link went."""
    contact = getattr(link.claim, "contact", None)
    return contact.email if contact is not None and contact.email else link.email


def _arrears_letters(now: datetime) -> Iterator[DueMail]:
    """That there is a letter about arrears, to everybody who administers the employer."""
    letters = Document.objects.filter(
        causes__arrears_step__isnull=False, created_at__gte=now - LOOK_BACK
    ).select_related("contract")
    for row in letters.order_by("pk")[:_MOST_LETTERS]:
        if row.contract is None:
            continue
        employer_id = row.contract.employer_id
        for user in _list_admins(employer_id, timezone.localdate(now)):
            if _to(user):
                yield DueMail(
                    kind="arrears_letter",
                    key=f"document:{row.pk}",
                    recipient=user.email,
                    language=user.language,
                    write=words.write_arrears_letter,
                    link=page("employer:arrears", employer_id),
                )


_SOURCES = (
    _invitations,
    _uploads,
    _mandate_changes,
    _refusals,
    _applications,
    _person_links,
    _claim_letters,
    _keys,
    _arrears_letters,
)
