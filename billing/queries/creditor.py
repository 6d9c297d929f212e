"""The insurer as creditor of every debit, and the accounts it collects on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.conf import settings

from aupolicy.models import ContractVersion
from billing.facts.debit import Creditor


def get_creditor() -> Creditor:
    """The insurer of the settings as creditor."""
    insurer = settings.INSURER
    return Creditor(
        name=insurer["name"],
        identifier=insurer["creditor_identifier"],
        iban=insurer["iban"],
        bic=insurer["bic"] or None,
    )


def find_creditors(
    contract_ids: Iterable[int], day: date, *, creditor: Creditor
) -> dict[int, Creditor]:
    """As whom each contract is collected from on a day: the creditor, on its tariff's account.

    Tariffs that COLLECTION_ACCOUNTS does not name are collected on the creditor's own account.
    """
    keys = set(contract_ids)
    accounts: dict[str, dict[str, str]] = settings.COLLECTION_ACCOUNTS
    found = dict.fromkeys(keys, creditor)
    if not accounts:
        return found
    terms = ContractVersion.objects.filter(contract_id__in=keys, tariff_key__in=accounts)
    for contract_id, tariff in terms.filter(period__contains=day).values_list(
        "contract_id", "tariff_key"
    ):
        account = accounts[tariff]
        found[contract_id] = replace(creditor, iban=account["iban"], bic=account.get("bic") or None)
    return found
