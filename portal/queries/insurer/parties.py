"""Reads of who has to do with a contract: broker, people with rights, files, applications, work."""

from dataclasses import dataclass
from datetime import date

from aupolicy.models import BrokerAuthority, Grant, GroupContract, WorkItem
from billing.models import MandateChange
from members.models import Upload
from portal.queries.insurer.work import WorkRow, item_address

MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody and everything around a contract, each list newest first and cut."""

    authorities: list[BrokerAuthority]
    grants: list[Grant]
    uploads: list[Upload]
    work: list[WorkRow]


def get_parties(contract: GroupContract, today: date) -> Parties:
    """Broker's authority, users of the employer, files and work items, in four queries."""
    authorities = BrokerAuthority.objects.filter(employer=contract.employer_id)
    grants = Grant.objects.filter(employer=contract.employer_id)
    uploads = Upload.objects.filter(contract=contract)
    items = WorkItem.objects.filter(employer=contract.employer_id).select_related("claimed_by")
    return Parties(
        authorities=list(
            authorities.select_related("broker", "given_by").order_by("-period")[:MOST_ROWS]
        ),
        grants=list(
            grants.select_related("user", "given_by").order_by("-period", "pk")[:MOST_ROWS]
        ),
        uploads=list(
            uploads.select_related("sender", "released_by").order_by("-received_at")[:MOST_ROWS]
        ),
        work=[
            WorkRow(item, item_address(item), item.done_at is None and item.due < today)
            for item in items.order_by("-pk")[:MOST_ROWS]
        ],
    )


def list_mandate_changes(contract: GroupContract) -> list[MandateChange]:
    """New bank accounts that were asked for, newest first."""
    changes = MandateChange.objects.filter(contract=contract)
    return list(
        changes.select_related("requested_by", "confirmed_by", "withdrawn_by").order_by("-pk")
    )
