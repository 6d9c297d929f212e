"""Sending mails: the row first, then the mail, so that nothing is announced twice.

A mail is sent once. Where sending failed, or a process was killed while it sent, it is tried
again later, at most six times. The text is not kept.
"""

from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation

from aupolicy.operations.invitations import UnableToAccept, issue_secret
from claims.operations.links import UnableToOpen, issue_token
from documents.models import Mail
from documents.queries.mails import DueMail, list_due_mails, page
from documents.words import Letter

_log = structlog.get_logger(__name__)
_HEADERS = {"Auto-Submitted": "auto-generated"}


@dataclass(frozen=True, slots=True)
class SendReport:
    """How many mails have left, and how many will be tried again."""

    sent: int
    failed: int


def send_due_mails(*, now: datetime) -> SendReport:
    """Send what is due and has not been sent. Two at once share the work."""
    results = [_send(mail, now) for mail in list_due_mails(now)]
    return SendReport(sent=results.count(True), failed=results.count(False))


def _send(mail: DueMail, now: datetime) -> bool | None:
    """Whether it left; None where another process has it or there is nothing to say any more."""
    row = _claim(mail, now)
    if row is None:
        return None
    try:
        link = _link(mail, now)
    except (UnableToAccept, UnableToOpen):
        # Taken, opened or withdrawn a moment ago.
        return None
    try:
        compose(mail.recipient, mail.language, _letter(mail), link).send()
    except (SMTPException, OSError) as error:
        _log.warning("mail_failed", mail=row.pk, kind=row.kind, error=type(error).__name__)
        return False
    Mail.objects.filter(pk=row.pk).update(sent_at=now)
    return True


def _claim(mail: DueMail, now: datetime) -> Mail | None:
    """The mail's row with this attempt counted; None where somebody else was quicker."""
    row, _ = Mail.objects.get_or_create(
        kind=mail.kind,
        key=mail.key,
        recipient=mail.recipient,
        defaults={"language": mail.language},
    )
    claimed = Mail.objects.filter(pk=row.pk, sent_at=None, attempts=row.attempts).update(
        attempts=F("attempts") + 1, tried_at=now
    )
    return row if claimed else None


def _link(mail: DueMail, now: datetime) -> str:
    if mail.invitation is not None:
        return page("accept_invitation", issue_secret(invitation=mail.invitation, now=now))
    if mail.person_link is not None:
        return page("person:start", issue_token(link=mail.person_link))
    return mail.link


def _letter(mail: DueMail) -> Letter:
    with translation.override(mail.language):
        return mail.write()


def compose(recipient: str, language: str, letter: Letter, link: str) -> EmailMultiAlternatives:
    """A mail as text and HTML with the same words."""
    context = {"letter": letter, "link": link, "insurer": settings.INSURER, "language": language}
    with translation.override(language):
        message = EmailMultiAlternatives(
            subject=letter.subject,
            body=render_to_string("mail/letter.txt", context),
            to=[recipient],
            headers=_HEADERS,
        )
        message.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    return message
