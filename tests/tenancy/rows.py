"""Rows that belong to employers and that the constructed world does not make by itself."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.conf import settings

from api.models import GivenAnswer, Job, JobRow
from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.period import Period
from aupolicy.models import (
    ApiClient,
    ApiKey,
    Application,
    Broker,
    BrokerAuthority,
    Cancellation,
    GroupContract,
    PremiumDefault,
    Quote,
    User,
    WorkItem,
)
from billing.models import (
    BookkeepingTarget,
    Collection,
    CollectionItem,
    Mandate,
    MandateChange,
    MandateSignature,
    MandateStop,
    OpenItem,
    PayrollFile,
    PayrollFileLine,
    PayrollFileWithdrawal,
    PayrollTarget,
    ReturnedDebit,
)
from claims.models import (
    Certificate,
    Claim,
    Consent,
    Decision,
    Diagnosis,
    MedicalDocument,
    MedicalNote,
    Payee,
    PersonLink,
    SickLeave,
)
from claims.operations.medical import opened
from documents.models import (
    Document,
    Filing,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookMessage,
)
from members.models import (
    ColumnMapping,
    Membership,
    NoticeDecision,
    NoticeRecord,
    Upload,
    UploadCorrection,
    UploadRow,
)

_DAY = date(2026, 1, 5)
_NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
_IBAN = "DE02120300000000202051"


def add_rows(contract: GroupContract, user: User) -> None:
    """One row in each table that the world leaves empty for a contract and its employer."""
    _add_agreement(contract, user)
    _add_files(contract, user)
    _add_payroll(contract, user)
    _add_returned_debit(contract)
    _add_claim(contract, user)
    _add_program(contract, user)
    notice = NoticeRecord.objects.filter(contract=contract).earliest("pk")
    NoticeDecision.objects.create(
        notice=notice, verdict="accept", note="geprüft", decided_by=user, decided_at=_NOW
    )
    document = Document.objects.create(
        kind="confirmation", contract=contract, source_digest="0" * 64, sha256="1" * 64,
        byte_count=1, file_name="Bestätigung.pdf",
        membership=Membership.objects.filter(contract=contract).earliest("pk"),
    )  # fmt: skip
    Filing.objects.create(document=document, signed_on=_DAY, filed_by=user, filed_at=_NOW)


def _add_program(contract: GroupContract, user: User) -> None:
    client = ApiClient.objects.create(
        name="Lohnprogramm", employer=contract.employer, scopes=["notices:write"],
        created_at=_NOW, created_by=user,
    )  # fmt: skip
    ApiKey.objects.create(
        client=client, prefix=f"bau_{contract.pk}", secret_sha256=f"{contract.pk:064}",
        created_at=_NOW, created_by=user, expires_at=_NOW,
    )  # fmt: skip
    GivenAnswer.objects.create(
        client=client, key="1", request_sha256="0" * 64, status=200, body="{}", answered_at=_NOW
    )
    job = Job.objects.create(
        client=client, contract=contract, kind="workforce", state="received", created_at=_NOW
    )
    JobRow.objects.create(job=job, row=1, outcome="failed")
    endpoint = WebhookEndpoint.objects.create(
        client=client, url="https://example.org/", topics=["notice.applied"],
        secret_sealed="versiegelt", created_at=_NOW, created_by=user,
    )  # fmt: skip
    message = WebhookMessage.objects.create(
        employer=contract.employer, topic="notice.applied", subject=str(contract.pk), data={},
        occurred_at=_NOW,
    )  # fmt: skip
    delivery = WebhookDelivery.objects.create(endpoint=endpoint, message=message)
    WebhookAttempt.objects.create(delivery=delivery, at=_NOW, outcome="OK", duration_ms=1)


def _add_returned_debit(contract: GroupContract) -> None:
    """A debit of the contract that came back; made if the world has not collected from it."""
    debit = CollectionItem.objects.filter(open_item__contract=contract).first()
    if debit is None:
        item = OpenItem.objects.filter(contract=contract).earliest("pk")
        collection = Collection.objects.create(
            due_date=_DAY, submit_by=_DAY, scheme="CORE", message_id=f"BAU-{contract.pk}",
            created_at=_NOW, debit_count=1, control_sum=item.amount, file_sha256="0" * 64,
        )  # fmt: skip
        debit = CollectionItem.objects.create(
            collection=collection, open_item=item, amount=item.amount,
            mandate=Mandate.objects.filter(contract=contract).earliest("pk"),
            end_to_end_id=item.number, remittance="Beitrag",
        )  # fmt: skip
    ReturnedDebit.objects.create(
        debit=debit, how="return", reason_code="MS03", returned_on=_DAY, occurrence=1,
        reaction={}, recorded_at=_NOW,
    )  # fmt: skip


def _add_agreement(contract: GroupContract, user: User) -> None:
    employer = contract.employer
    Cancellation.objects.create(
        contract=contract, party="policyholder", received_at=_NOW, document_name="Kündigung.pdf",
        document_sha256="0" * 64, end=date(2026, 12, 31), in_time=True,
    )  # fmt: skip
    PremiumDefault.objects.create(
        contract=contract, basis="38", period=Period(_DAY), recorded_at=_NOW
    )
    broker = Broker.objects.create(
        legal_name=f"Makler {employer.pk}", registration_number=f"D-{employer.pk}"
    )
    BrokerAuthority.objects.create(
        employer=employer, broker=broker, right="read", period=Period(_DAY)
    )
    WorkItem.objects.create(
        kind="other", subject=contract.pk, employer=employer, title="Nachfragen", due=_DAY,
        created_at=_NOW,
    )  # fmt: skip
    quote = Quote.objects.create(
        number=f"A-{employer.pk}", broker=broker, employer_name=employer.legal_name,
        tariff_key="bau-2016", start=_DAY, payroll=[["2400.00", 4]], hours_month=Decimal(160),
        example={"gross": "2400.00", "tax_class": "I", "children": 0},
        result={"insured": 4, "payroll": "9600.00", "premium": "52.00", "rate_percent": "0.5417",
                "tariff_digest": "-"},
        created_by=user, created_at=_NOW,
    )  # fmt: skip
    Application.objects.create(
        quote=quote, broker=broker, legal_name=employer.legal_name, tariff_key="bau-2016",
        start=_DAY, created_by=user, created_at=_NOW, employer=employer, iban=_IBAN,
    )  # fmt: skip
    Document.objects.create(
        kind="quote", quote=quote, source_digest="2" * 64, sha256="3" * 64, byte_count=1,
        file_name="Angebot.pdf",
    )  # fmt: skip
    BookkeepingTarget.objects.create(
        employer=employer, consultant_number=1001, client_number=employer.pk % 99_999 + 1,
        fiscal_year_month=1, account_length=4, expense_account="4130", creditor_account="70001",
        changed_by=user, changed_at=_NOW,
    )  # fmt: skip
    change = MandateChange.objects.create(
        contract=contract, account_holder=employer.legal_name, iban=_IBAN, requested_by=user,
        requested_at=_NOW,
    )  # fmt: skip
    MandateSignature.objects.create(
        contract=contract, change=change, how="document", signed_on=_DAY, recorded_at=_NOW,
        document_name="Mandat.pdf", document_sha256="0" * 64,
    )  # fmt: skip
    MandateStop.objects.create(
        mandate=Mandate.objects.filter(contract=contract, original=None).earliest("pk"),
        kind="suspended", from_day=_DAY, reason="Rückfrage", made_at=_NOW,
    )  # fmt: skip


def _add_files(contract: GroupContract, user: User) -> None:
    upload = Upload.objects.create(
        contract=contract, kind="changes", file_name="Meldungen.csv", sha256="0" * 64,
        byte_count=1, received_at=_NOW, sender=user,
    )  # fmt: skip
    UploadRow.objects.create(upload=upload, row=2, outcome="apply")
    UploadCorrection.objects.create(
        upload=upload, row=2, cells={}, corrected_by=user, corrected_at=_NOW
    )
    ColumnMapping.objects.create(
        employer=contract.employer, kind="changes", mapping={}, saved_by=user, saved_at=_NOW
    )


def _add_payroll(contract: GroupContract, user: User) -> None:
    employer = contract.employer
    person = Membership.objects.filter(contract=contract).earliest("pk").person
    PayrollTarget.objects.create(
        employer=employer, file_format="csv", changed_by=user, changed_at=_NOW
    )
    file = PayrollFile.objects.create(
        employer=employer, month=date(2026, 1, 1), file_format="csv", number=1, created_at=_NOW,
        created_by=user, sha256=FileStore(settings.FILES_ROOT).put(b"-"), byte_count=1, people=1,
        amount=Decimal("13.00"),
    )  # fmt: skip
    PayrollFileLine.objects.create(
        file=file, person=person, value_month=date(2026, 1, 1), amount=Decimal("13.00")
    )
    PayrollFileWithdrawal.objects.create(file=file, withdrawn_at=_NOW, withdrawn_by=user)


def _add_claim(contract: GroupContract, user: User) -> None:
    """A leave that the employer reported, another that the examiners know, and what follows."""
    person = Membership.objects.filter(contract=contract).earliest("pk").person
    claim = Claim.objects.create(
        number=f"L-2020-{contract.pk:06d}", person=person, contract=contract, opened_at=_NOW,
        registered_on=_DAY,
    )  # fmt: skip
    for channel, day in (("EMPLOYER", 5), ("EXAMINER", 25)):
        leave = SickLeave.objects.create(
            claim=claim, person=person, employer=contract.employer, channel=channel,
            first_day=date(2026, 1, day), reported_at=_NOW,
        )  # fmt: skip
        for source, first in ((channel, day), ("EXAMINER", day + 3)):
            Certificate.objects.create(
                sick_leave=leave, source="PAPER", channel=source, received_at=_NOW,
                period=Period(date(2026, 1, first), date(2026, 1, first + 2)),
            )  # fmt: skip
    Decision.objects.create(
        claim=claim, kind="GRANT", period=Period(_DAY), needs_second=False, status="EFFECTIVE",
        decided_by=user, decided_at=_NOW,
    )  # fmt: skip
    Payee.objects.create(
        claim=claim, period=Period(_DAY), holder="A", iban=_IBAN, channel="PERSON", given_at=_NOW
    )
    Consent.objects.create(
        claim=claim, kind="payment", version="1", wording="Ja", name="A", channel="PERSON",
        given_at=_NOW,
    )  # fmt: skip
    PersonLink.objects.create(
        claim=claim, secret_sha256=f"{claim.pk:064}", created_at=_NOW, expires_at=_NOW
    )
    WorkItem.objects.create(
        kind="claim", subject=claim.pk, employer=contract.employer, title="Prüfen", due=_DAY,
        created_at=_NOW,
    )  # fmt: skip
    said = {"sealed_text": "-", "recorded_by": user, "recorded_at": _NOW}
    with opened():
        Diagnosis.objects.create(sick_leave=leave, **said)
        MedicalNote.objects.create(claim=claim, **said)
        MedicalDocument.objects.create(
            claim=claim, kind="other", sealed_name="-", media_type="image/png", byte_count=1,
            fingerprint="0" * 64, sealed_sha256="0" * 64, channel="PERSON", received_at=_NOW,
        )  # fmt: skip
