"""Reads of commission for the insurer: all brokers at a glance, one broker, one entry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Sum
from django.shortcuts import get_object_or_404

from aupolicy.kernel.money import ZERO
from aupolicy.models import Broker
from billing.models import (
    BrokerAccount,
    CommissionAgreement,
    CommissionEntry,
    CommissionStatement,
)
from billing.queries.commission import find_broker_accounts, with_items
from portal.queries.sorting import name_order

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class BrokerRow:
    """A broker: its general agreement in force, EUR not stated and not paid, its account."""

    broker: Broker
    agreement: CommissionAgreement | None
    not_stated: Decimal
    unpaid: Decimal
    has_account: bool

    @property
    def payable(self) -> Decimal:
        """EUR that an order would pay."""
        return self.unpaid if self.has_account and self.unpaid > 0 else ZERO


SORTS = ("name", "not_stated", "unpaid")


def filter_rows(rows: Iterable[BrokerRow], *, text: str, sort: str) -> list[BrokerRow]:
    """Rows whose broker's name holds a text, in one of the orders of SORTS."""
    found = [row for row in rows if text.casefold() in row.broker.legal_name.casefold()]
    if sort in SORTS[1:]:
        found.sort(key=lambda row: -getattr(row, sort))
    return found


def list_brokers(today: date) -> list[BrokerRow]:
    """All brokers by name, whatever is agreed with them."""
    brokers = list(Broker.objects.order_by(name_order("legal_name"), "pk"))
    general = CommissionAgreement.objects.filter(contract=None, period__contains=today)
    agreements = {each.broker_id: each for each in general}
    not_stated = _sum(CommissionEntry.objects.filter(statement=None), "amount")
    unpaid = _sum(CommissionStatement.objects.filter(payout=None), "total")
    accounts = find_broker_accounts(broker.pk for broker in brokers)
    return [
        BrokerRow(
            broker,
            agreements.get(broker.pk),
            not_stated.get(broker.pk, ZERO),
            unpaid.get(broker.pk, ZERO),
            broker.pk in accounts,
        )
        for broker in brokers
    ]


def _sum(rows: Any, field: str) -> dict[int, Decimal]:
    return dict(rows.order_by().values_list("broker").annotate(sum=Sum(field)))


def get_broker(broker_id: int) -> Broker:
    """The broker of an address, else 404."""
    return get_object_or_404(Broker, pk=broker_id)


def list_agreements(broker: Broker) -> QuerySet[CommissionAgreement]:
    """Everything ever agreed with a broker, general ones first, the latest first."""
    found = CommissionAgreement.objects.filter(broker=broker)
    return found.select_related("contract__employer", "agreed_by").order_by(
        "contract__number", "-period"
    )


def list_statements(broker: Broker) -> QuerySet[CommissionStatement]:
    """A broker's statements, the latest first."""
    found = CommissionStatement.objects.filter(broker=broker)
    return found.select_related("payout__order").order_by("-month")


def list_accounts(broker: Broker) -> QuerySet[BrokerAccount]:
    """A broker's accounts, the latest first."""
    found = BrokerAccount.objects.filter(broker=broker)
    return found.select_related("recorded_by", "confirmed_by").order_by("-pk")


def list_entries(broker: Broker, *, text: str = "") -> QuerySet[CommissionEntry]:
    """What a broker earned and lost, the latest first."""
    found = with_items(CommissionEntry.objects.filter(broker=broker))
    if text:
        found = found.filter(open_item__contract__number__icontains=text) | found.filter(
            open_item__number__icontains=text
        )
    return found.order_by("-pk")


def page_of_entries(entries: Iterable[CommissionEntry], page: str | int) -> Page[Any]:
    """One page of entries."""
    return Paginator(entries, PAGE_SIZE).get_page(page)  # type: ignore[arg-type]


def get_entry(entry_id: int) -> CommissionEntry:
    """The entry of an address, else 404."""
    found = with_items(CommissionEntry.objects.select_related("broker"))
    return get_object_or_404(found, pk=entry_id)


def get_statement(commission_id: int) -> CommissionStatement:
    """The commission statement of an address, else 404."""
    found = CommissionStatement.objects.select_related("broker", "payout__order")
    return get_object_or_404(found, pk=commission_id)
