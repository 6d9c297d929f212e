"""Confirmations of insurance (Versicherungsbestätigungen) as programs read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from api.facts import Problem
from api.queries.contracts import list_contracts, list_employers, parse_key
from aupolicy.models import GroupContract
from aupolicy.queries.access import Rights
from documents.facts import DocumentKind
from documents.models import Document

COPIES = {
    DocumentKind.CONFIRMATION.value: "person",
    DocumentKind.CONFIRMATION_EMPLOYER.value: "employer",
}
"""Whom a copy is for, by the kind of the paper."""


def list_confirmations(
    rights: Rights, contract: GroupContract | None, wanted: Mapping[str, Any]
) -> QuerySet[Document]:
    """Confirmations in the order they were made, narrowed by what the address asks for."""
    found = _own(rights)
    if contract is not None:
        found = found.filter(contract=contract)
    if "personnel_number" in wanted:
        found = found.filter(membership__person__personnel_number=wanted["personnel_number"])
    if "copy" in wanted:
        kinds = [kind for kind, copy in COPIES.items() if copy == wanted["copy"]]
        found = found.filter(kind__in=kinds)
    if "since" in wanted:
        found = found.filter(created_at__gte=wanted["since"])
    return found.order_by("pk")


def find_confirmation(rights: Rights, name: str) -> Document:
    """The confirmation of an id. Raises Problem (404)."""
    key = parse_key(name)
    found = _own(rights).filter(public_id=key).first() if key else None
    if found is None:
        raise Problem(404, "NOT_FOUND")
    return found


def _own(rights: Rights) -> QuerySet[Document]:
    contracts = list_contracts(rights).filter(employer__in=list_employers(rights))
    return Document.objects.select_related("contract", "membership__person").filter(
        contract__in=contracts.values("pk"), kind__in=list(COPIES)
    )


def write_confirmation(document: Document) -> dict[str, Any]:
    """A confirmation as an answer tells it."""
    # Each belongs to a contract and somebody's cover: the kinds of `_own` do.
    contract, membership = document.contract, document.membership
    person = membership.person if membership else None
    return {
        "id": document.public_id,
        "contract": contract.number if contract else None,
        "person": person.public_id if person else None,
        "personnel_number": person.personnel_number if person else None,
        "copy": COPIES[document.kind],
        "created_at": _whole_seconds(document.created_at),
        "byte_count": document.byte_count,
    }


def _whole_seconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
