"""What the settings say about direct debits, read and checked before anything starts."""

import json
from datetime import time

from django.core.exceptions import ImproperlyConfigured
from stdnum import bic, iban
from stdnum.exceptions import ValidationError


def parse_collection_accounts(text: str) -> dict[str, dict[str, str]]:
    """COLLECTION_ACCOUNTS: accounts of ours by tariff key. Raises ImproperlyConfigured."""
    if not text.strip():
        return {}
    try:
        said = json.loads(text)
        return {
            str(tariff): {
                "iban": iban.validate(account["iban"]),
                "bic": bic.validate(account["bic"]) if account.get("bic") else "",
            }
            for tariff, account in said.items()
        }
    except (ValueError, ValidationError, AttributeError, KeyError, TypeError) as error:
        raise ImproperlyConfigured(
            'COLLECTION_ACCOUNTS must be JSON: {"tariff": {"iban": "...", "bic": "..."}}.'
        ) from error


def parse_time_of_day(text: str) -> time:
    """An hour and minute such as 17:00. Raises ImproperlyConfigured."""
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise ImproperlyConfigured("BANK_CUT_OFF must be a time such as 17:00.") from error
