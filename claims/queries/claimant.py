"""What an insured person gave and declared, and who looked at the person's health data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims.facts.consent import ConsentKind
from claims.models import Claim, Consent, MedicalRead, Payee, PersonLink
from members.models import Person

# What a read is of, as `MedicalRead.what` keeps it; a document's kind follows after a colon.
READ_FILE = "file"
READ_DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One look at health data: of the whole file, or (`document_kind`) of a document."""

    read_at: datetime
    reader: str
    reason: str
    document_kind: str
    claim_number: str


def get_payee(claim: Claim, day: date) -> Payee | None:
    """The account that benefit of a claim is paid to on a day, checked or not."""
    return claim.payees.filter(period__contains=day).first()


def list_payees(claim: Claim) -> list[Payee]:
    """All accounts that were given, the newest first."""
    payees = claim.payees.select_related("given_by", "checked_by")
    return list(payees.order_by("-period", "-pk"))


def list_declared(claims: Sequence[Claim]) -> dict[int, dict[str, Consent]]:
    """By claim and kind the last word about each declaration: given or withdrawn."""
    rows = Consent.objects.filter(claim__in=claims).order_by("pk")
    found: dict[int, dict[str, Consent]] = {claim.pk: {} for claim in claims}
    for row in rows:
        found[row.claim_id][row.kind] = row
    return found


def missing_consents(claim: Claim) -> tuple[ConsentKind, ...]:
    """The declarations that were never given or were withdrawn, in the order they are asked."""
    declared = list_declared([claim])[claim.pk]
    return tuple(kind for kind in ConsentKind if kind not in declared or not declared[kind].given)


def get_link(claim: Claim) -> PersonLink | None:
    """The newest link of a claim, whether it still opens or not."""
    return claim.links.order_by("-pk").first()


def list_reads(person: Person) -> list[ReadEntry]:
    """Who looked at the person's health data, when and why; the newest first."""
    rows = MedicalRead.objects.filter(person=person).select_related("read_by", "claim")
    return list(map(_entry, rows.order_by("-read_at", "-pk")))


def _entry(row: MedicalRead) -> ReadEntry:
    return ReadEntry(
        read_at=row.read_at,
        reader=row.read_by.get_full_name() or row.read_by.get_username(),
        reason=row.reason,
        document_kind=row.what.removeprefix(READ_DOCUMENT).removeprefix(":")
        if row.what.startswith(READ_DOCUMENT)
        else "",
        claim_number=row.claim.number,
    )
