"""Every address of every room, with the keys of rows that exist: one's own or another's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from aupolicy.models import (
    ApiClient,
    ApiKey,
    Application,
    GroupContract,
    Invitation,
    Quote,
    User,
)
from billing.models import BrokerAccount, CommissionStatement, Mandate, PayrollFile, Statement
from claims.models import Certificate, Claim, MedicalDocument, SickLeave
from claims.operations.medical import opened
from documents.models import Document, WebhookDelivery, WebhookEndpoint
from documents.operations.webhooks import send_test
from members.models import Membership, NoticeRecord, Upload

Examples = dict[str, int | str]
# Rooms whose gate decides; Django's admin asks for a superuser, the account's pages for nobody
# in particular.
ROOMS = ("insurer", "employer", "broker", "examiner")
_KEY = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Address:
    """One address: its room, its name, the keys in it besides the room's own, and where it is."""

    room: str
    name: str
    keys: tuple[str, ...]
    path: str


def list_addresses(room: str, examples: Examples) -> list[Address]:
    """All addresses of a room. A new kind of key without an example is a KeyError."""
    return [
        Address(
            room,
            name,
            tuple(key for key in _KEY.findall(route) if key != f"{room}_id"),
            "/" + _KEY.sub(lambda found: str(examples[found.group(1)]), route),
        )
        for space, name, route in _walk(get_resolver().url_patterns, "", "")
        if space == room
    ]


def list_rooms() -> set[str]:
    """The rooms there are; empty for addresses that are no room's."""
    return {space for space, _, _ in _walk(get_resolver().url_patterns, "", "")}


def _walk(
    patterns: list[URLPattern | URLResolver], before: str, space: str
) -> Iterator[tuple[str, str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route, pattern.namespace or space)
        else:
            yield space, pattern.name or "", route


# Keys that name no row.
_PLAIN: Examples = {
    "month": "2026-01", "kind": "changes", "row": 2, "suffix": "csv", "step": "employer",
    "key": "bau-2016", "subject_id": 1, "item_id": 1, "collection_id": 1, "cancellation_id": 1,
    "order_id": 1, "payout_id": 1, "slice_id": 1, "recovery_id": 1, "open_item_id": 1,
    "write_off_id": 1, "plan_id": 1, "booking_id": 1,
    "bank_delivery_id": 1, "bank_file_id": 1, "entry_id": 1, "status_id": 1, "returned_id": 1,
    "code": "MS03", "arrears_id": 1, "action": "suspend",
}  # fmt: skip


# Of a claim: most claims have none.
_RARE = ("plan_id", "document_id", "hold_id", "request_id", "review_id", "run_id", "provider_id",
         "case_id")  # fmt: skip


def examples_of_employer(contract: GroupContract, user: User) -> Examples:
    """The keys of an employer's rows; `user` is one of its people."""
    employer = contract.employer
    return _PLAIN | {
        "employer_id": employer.pk,
        "contract_id": contract.pk,
        "document_id": Document.objects.filter(contract=contract).latest("pk").pk,
        "grant_id": user.grants.latest("pk").pk,
        "invitation_id": Invitation.objects.filter(employer=employer).latest("pk").pk,
        # As the employer reported them.
        "leave_id": SickLeave.objects.filter(employer=employer, channel="EMPLOYER").latest("pk").pk,
        "certificate_id": Certificate.objects.filter(
            sick_leave__employer=employer, channel="EMPLOYER"
        )
        .latest("pk")
        .pk,
        "mandate_id": Mandate.objects.get(contract=contract).pk,
        "notice_id": NoticeRecord.objects.filter(contract=contract).latest("pk").pk,
        **_program({"client__employer": employer}),
        "payroll_file_id": PayrollFile.objects.filter(employer=employer).latest("pk").pk,
        "person_id": Membership.objects.filter(contract=contract).earliest("pk").person_id,
        "statement_id": _statement(contract).pk,
        "upload_id": Upload.objects.filter(contract=contract).latest("pk").pk,
    }


def examples_of_broker(broker_id: int, user: User) -> Examples:
    """The keys of a broker's rows; `user` is one of its people."""
    return _PLAIN | {
        "broker_id": broker_id,
        "application_id": Application.objects.filter(broker=broker_id).latest("pk").pk,
        # Of a broker without any: one that is nobody's.
        "contract_id": (
            GroupContract.objects.filter(broker=broker_id).last()
            or GroupContract.objects.filter(broker=None).latest("pk")
        ).pk,
        **_program({"client__broker": broker_id}),
        "grant_id": user.grants.latest("pk").pk,
        "invitation_id": Invitation.objects.filter(broker=broker_id).latest("pk").pk,
        "quote_id": Quote.objects.filter(broker=broker_id).latest("pk").pk,
        **_commission(broker_id, user),
    }


def _commission(broker_id: int, user: User) -> Examples:
    """A statement without entries, and an account that waits for a second person."""
    statement = CommissionStatement.objects.create(
        broker_id=broker_id, month=date(2026, 1, 1), number=f"CA-2026-{broker_id:05d}", total=0,
        issued_on=date(2026, 2, 2),
    )  # fmt: skip
    account = BrokerAccount.objects.create(
        broker_id=broker_id, holder="Makler", iban="DE02120300000000202051", recorded_by=user,
        recorded_at=timezone.now(),
    )  # fmt: skip
    return {"commission_id": statement.pk, "account_id": account.pk}


def examples_of_claim(claim: Claim) -> Examples:
    """The keys of a claim and of what belongs to it, where there is any."""
    with opened():
        paper = MedicalDocument.objects.filter(claim=claim).latest("pk").pk
    leave = claim.sick_leaves.latest("pk")
    return _PLAIN | {
        "claim_id": claim.pk,
        "person_id": claim.person_id,
        "leave_id": leave.pk,
        "certificate_id": leave.certificates.latest("pk").pk,
        "decision_id": claim.decisions.latest("pk").pk,
        "payee_id": claim.payees.latest("pk").pk,
        "medical_id": str(paper),
        "kind": "grant",
        "what": "benefit",
        "subject": claim.pk,
        **dict.fromkeys(_RARE, 1),
    }


def _program(whose: dict[str, object]) -> Examples:
    key = ApiKey.objects.filter(**whose).select_related("client").latest("pk")
    deliveries = WebhookDelivery.objects.select_related("endpoint")
    delivery = deliveries.filter(endpoint__client=key.client).latest("pk")
    return {
        "program_id": str(key.client.public_id),
        "key_id": key.pk,
        "endpoint_id": str(delivery.endpoint.public_id),
        "delivery_id": str(delivery.public_id),
    }


def add_program(**party: object) -> None:
    """A program of a party, with a key, and an address that was tested."""
    now = timezone.now()
    client = ApiClient.objects.create(
        name="Bestandssystem", scopes=["statements:read"], created_at=now, **party
    )
    ApiKey.objects.create(
        client=client, prefix=f"bau_b{client.pk}", secret_sha256=f"b{client.pk:063}",
        created_at=now, expires_at=now + timedelta(days=90),
    )  # fmt: skip
    endpoint = WebhookEndpoint.objects.create(
        client=client, url="https://lohn.example.org/", topics=["statement.posted"],
        secret_sealed="versiegelt", created_at=now,
    )  # fmt: skip
    send_test(endpoint=endpoint, now=now)


def add_invitation(**party: object) -> None:
    """An open invitation to a role of a party."""
    now = timezone.now()
    Invitation.objects.create(
        email="neu@example.org", secret_sha256=f"{Invitation.objects.count():064}",
        invited_at=now, expires_at=now + timedelta(days=14), **party,
    )  # fmt: skip


def _statement(contract: GroupContract) -> Statement:
    return Statement.objects.filter(contract=contract, number__isnull=False).latest("month")
