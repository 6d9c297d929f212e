"""Accounts of brokers: recorded by one person, in force once another has confirmed it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from aupolicy.kernel.identifiers import parse_iban
from aupolicy.models import Broker, Role, User
from aupolicy.queries import get_rights
from billing.models import BrokerAccount


class UnableToKeepAccount(ValueError):
    """An account that cannot be recorded or confirmed so.

    Codes: NOT_ALLOWED (neither the broker's nor finance), HOLDER_MISSING, SAME_PERSON (who
    recorded it does not confirm it), CONFIRMED.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def record_broker_account(
    *, broker: Broker, holder: str, iban: str, bic: str = "", user: User, now: datetime
) -> BrokerAccount:
    """Note where a broker's commission is to be paid to; it is not yet.

    Raises UnableToKeepAccount (NOT_ALLOWED, HOLDER_MISSING), UnableToReadIdentifier for the IBAN.
    """
    _check_may(broker, user, now)
    if not holder.strip():
        raise UnableToKeepAccount("HOLDER_MISSING")
    return BrokerAccount.objects.create(
        broker=broker,
        holder=holder.strip(),
        iban=parse_iban(iban),
        bic=bic.strip().upper(),
        recorded_by=user,
        recorded_at=now,
    )


def confirm_broker_account(*, account: BrokerAccount, user: User, now: datetime) -> BrokerAccount:
    """Put an account in force: by another person of the broker, or by finance.

    Raises UnableToKeepAccount (NOT_ALLOWED, SAME_PERSON, CONFIRMED).
    """
    _check_may(account.broker, user, now)
    with transaction.atomic():
        account = BrokerAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        if account.confirmed_at is not None:
            raise UnableToKeepAccount("CONFIRMED")
        if account.recorded_by_id == user.pk:
            raise UnableToKeepAccount("SAME_PERSON")
        account.confirmed_by, account.confirmed_at = user, now
        account.save(update_fields=["confirmed_by", "confirmed_at"])
    return account


def _check_may(broker: Broker, user: User, now: datetime) -> None:
    rights = get_rights(user, timezone.localdate(now))
    if broker.pk not in rights.brokers and Role.FINANCE not in rights.roles:
        raise UnableToKeepAccount("NOT_ALLOWED")
