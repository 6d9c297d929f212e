"""Mails: found in what they announce, sent once, tried again when sending failed."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from aupolicy.models import Application, Invitation, Quote, Role
from aupolicy.operations import give_grant
from aupolicy.operations.invitations import invite, withdraw_invitation
from aupolicy.queries.invitations import find_invitation
from billing.models import MandateChange
from documents.models import Mail
from documents.operations.mail import SendReport, send_due_mails
from members.facts import UploadStatus
from members.models import NoticeDecision, NoticeRecord, Upload
from tests.portal.accounts.conftest import House, house

__all__ = ["house"]

NOW = datetime.now(UTC)
LATER = timedelta(minutes=11)


def _send(now: datetime = NOW) -> SendReport:
    return send_due_mails(now=now)


def _html(message: Any) -> str:
    assert isinstance(message, EmailMultiAlternatives)
    content = message.alternatives[0]
    assert content[1] == "text/html"
    return str(content[0])


def _invite(house: House, language: str = "de") -> Invitation:
    return invite(
        email="neu@haus.example", role=Role.EMPLOYER_EDITOR, employer=house.employer,
        invited_by=house.people["admin"], now=NOW, language=language,
    )  # fmt: skip


def test_an_invitation_is_sent_once_as_text_and_html_with_a_link_that_works(house: House) -> None:
    invitation = _invite(house)
    assert _send() == SendReport(sent=1, failed=0)
    assert _send() == SendReport(sent=0, failed=0)
    (message,) = mail.outbox
    assert message.to == ["neu@haus.example"]
    assert message.subject == "Ihre Einladung zur bAU-Verwaltung"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    found = re.search(r"http://127\.0\.0\.1:8000/invitations/([\w-]{43})/", str(message.body))
    assert found is not None
    assert found.group(0) in _html(message)
    opened = find_invitation(found.group(1))
    assert opened == invitation
    for text in ("Admin Muster", "Autohaus Fahrspaß GmbH"):
        assert text in str(message.body)
        assert text in _html(message)
    assert " Uhr" in str(message.body)
    row = Mail.objects.get()
    assert row.sent_at is not None
    assert row.attempts == 1


def test_an_english_invitation_is_english(house: House) -> None:
    _invite(house, "en")
    _send()
    assert '<html lang="en">' in _html(mail.outbox[0])
    # Day and time of the end are written as the English do.
    assert " Uhr" not in str(mail.outbox[0].body)


def test_a_withdrawn_or_old_invitation_is_not_sent(house: House) -> None:
    invitation = _invite(house)
    withdraw_invitation(invitation=invitation, withdrawn_by=house.people["admin"], now=NOW)
    assert _send() == SendReport(sent=0, failed=0)
    _invite(house)
    assert _send(NOW + timedelta(days=15)) == SendReport(sent=0, failed=0)


def test_a_failed_mail_is_tried_again_later_and_not_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _invite(house)

    def refuse(_message: Any) -> int:
        raise SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", refuse)
        assert _send() == SendReport(sent=0, failed=1)
        # Not at once.
        assert _send(NOW + timedelta(minutes=1)) == SendReport(sent=0, failed=0)
        assert _send(NOW + LATER) == SendReport(sent=0, failed=1)
    assert Mail.objects.get().attempts == 2
    assert Mail.objects.get().sent_at is None
    assert _send(NOW + timedelta(hours=1)) == SendReport(sent=1, failed=0)
    assert len(mail.outbox) == 1
    Mail.objects.update(sent_at=None, attempts=6)
    assert _send(NOW + timedelta(hours=9)) == SendReport(sent=0, failed=0)


def test_a_mail_another_process_has_claimed_is_left_to_it(house: House) -> None:
    invitation = _invite(house)
    Mail.objects.create(
        kind="invitation", key=f"invitation:{invitation.pk}", recipient="neu@haus.example",
        attempts=1, tried_at=NOW,
    )  # fmt: skip
    assert _send(NOW + timedelta(seconds=30)) == SendReport(sent=0, failed=0)
    assert mail.outbox == []


def _upload(house: House, status: UploadStatus, **facts: Any) -> Upload:
    return Upload.objects.create(
        contract=house.contract, kind="CHANGES", file_name="Meier_Anna_Gehalt.csv",
        sha256="a" * 64, byte_count=1, status=status.value, received_at=NOW - timedelta(hours=1),
        sender=house.people["admin"],
        summary={"outcomes": {"apply": 12, "clerk": 1, "known": 0, "none": 3, "failed": 2}},
        **facts,
    )  # fmt: skip


def test_an_applied_file_is_told_with_counts_and_without_names(house: House) -> None:
    upload = _upload(house, UploadStatus.APPLIED, applied_at=NOW)
    assert _send().sent == 1
    (message,) = mail.outbox
    assert message.to == ["admin@haus.example"]
    body = str(message.body)
    for text in ("12 Zeilen", "1 Zeile", "2 Zeilen", f"/{upload.pk}/"):
        assert text in body
    assert "0 Zeilen" not in body
    for part in (body, _html(message), str(message.subject)):
        assert "Meier" not in part


def test_a_checked_file_is_told_only_to_who_has_left(house: House) -> None:
    _upload(house, UploadStatus.CHECKED, checked_at=NOW - timedelta(minutes=1))
    assert _send().sent == 0
    assert _send(NOW + LATER).sent == 1
    assert "wartet auf die Freigabe" in mail.outbox[0].subject
    # Taken into effect later, it is told again, once.
    Upload.objects.update(status=UploadStatus.APPLIED.value, applied_at=NOW)
    assert _send(NOW + LATER).sent == 1
    assert _send(NOW + LATER * 2).sent == 0


@pytest.mark.parametrize("status", [UploadStatus.RECEIVED, UploadStatus.RELEASED])
def test_a_file_under_way_is_not_told(house: House, status: UploadStatus) -> None:
    _upload(house, status)
    assert _send(NOW + LATER).sent == 0


def test_an_unreadable_file_is_told(house: House) -> None:
    _upload(house, UploadStatus.REFUSED)
    assert _send().sent == 1
    assert mail.outbox[0].subject == "Ihre Datei ist nicht lesbar"


def test_who_has_no_address_or_is_locked_gets_nothing(house: House) -> None:
    _upload(house, UploadStatus.APPLIED, applied_at=NOW)
    house.people["admin"].is_active = False
    house.people["admin"].save()
    assert _send().sent == 0
    house.people["admin"].is_active = True
    house.people["admin"].email = ""
    house.people["admin"].save()
    assert _send().sent == 0


def test_a_new_bank_account_is_told_to_the_other_administrators_only(house: House) -> None:
    give_grant(
        user=house.people["nobody"], role=Role.EMPLOYER_ADMIN, first_day=house.today,
        employer=house.employer,
    )  # fmt: skip
    change = MandateChange.objects.create(
        contract=house.contract, account_holder="Autohaus Fahrspaß GmbH",
        iban="DE02120300000000202051", requested_by=house.people["admin"], requested_at=NOW,
    )  # fmt: skip
    assert _send().sent == 1
    (message,) = mail.outbox
    assert message.to == ["nobody@haus.example"]
    assert "DE02" not in str(message.body) + _html(message)
    change.withdrawn_at = NOW
    change.save()
    Mail.objects.all().delete()
    assert _send().sent == 0


def _refuse_notice(house: House) -> None:
    notice = NoticeRecord.objects.create(
        contract=house.contract, personnel_number="4711", kind="LEAVE", effective=house.today,
        received_at=NOW, sender=house.people["reader"], status="REFUSED",
        last_name="Meier",
    )  # fmt: skip
    NoticeDecision.objects.create(
        notice=notice, verdict="refuse", note="Frau Meier war nie versichert.",
        decided_by=house.people["clerk"], decided_at=NOW,
    )  # fmt: skip


def test_a_refused_notice_is_told_to_its_sender_without_the_person(house: House) -> None:
    _refuse_notice(house)
    assert _send().sent == 1
    (message,) = mail.outbox
    assert message.to == ["reader@haus.example"]
    for text in (str(message.body), _html(message)):
        assert "Abgang" in text
        assert "Meier" not in text
        assert "4711" not in text


def test_each_step_of_an_application_is_told_to_the_broker(house: House) -> None:
    quote = Quote.objects.create(
        number="A-1", broker=house.broker, employer_name="Neu GmbH", tariff_key="bau-2016",
        start=date(2027, 1, 1), payroll=[["2400.00", 4]], hours_month=Decimal(160), result={},
        created_by=house.people["broker"], created_at=NOW,
    )  # fmt: skip
    application = Application.objects.create(
        quote=quote, broker=house.broker, legal_name="Neu GmbH", tariff_key="bau-2016",
        start=date(2027, 1, 1), created_by=house.people["broker"], created_at=NOW,
    )  # fmt: skip
    assert _send().sent == 0
    application.status, application.handed_over_at = "handed_over", NOW
    application.save()
    assert _send().sent == 1
    application.status, application.decided_at = "declined", NOW
    application.save()
    assert _send().sent == 1
    assert [m.subject for m in mail.outbox] == [
        "Der Antrag ist beim Versicherer", "Der Antrag ist abgelehnt",
    ]  # fmt: skip
    assert {m.to[0] for m in mail.outbox} == {"broker@haus.example"}
    assert "01.01.2027" in str(mail.outbox[0].body)


def test_no_log_line_holds_an_address(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _invite(house)

    def refuse(_message: Any) -> int:
        raise SMTPServerDisconnected("neu@haus.example: no such mailbox")

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)
    _send()
    captured = capsys.readouterr()
    assert "neu@haus.example" not in captured.out + captured.err
