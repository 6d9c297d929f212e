"""The insurer as creditor of every debit."""

from django.conf import settings

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
