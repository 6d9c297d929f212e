"""Keeping quotes, and filling in the applications that follow from them."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Length
from django.utils import timezone

from aupolicy.facts.offer import OfferInput
from aupolicy.kernel.file_store import FileStore
from aupolicy.models import Application, Broker, Quote, User
from aupolicy.operations.agreement import snapshot_tariff
from aupolicy.operations.fence import ALL, acting_within
from aupolicy.operations.turns import Turn, wait_for_turn
from aupolicy.parsing.signed_form import check_signed_form
from aupolicy.queries.offers import (
    price_offer,
    read_offer,
    write_example,
    write_payroll,
    write_result,
)

_NAME_LENGTH = 200

EMPLOYER_FIELDS = (
    "legal_name",
    "street",
    "building_number",
    "postal_code",
    "town",
    "betriebsnummer",
    "contact_name",
    "contact_email",
    "contact_phone",
)
CONTRACT_FIELDS = ("start", "tariff_key", "co_insures_directors")
MANDATE_FIELDS = ("account_holder", "iban", "scheme", "mandate_signed_on")
SIGNATURE_FIELDS = ("signature_name", "signature_sha256")
AUTHORITY_FIELDS = ("gives_authority",)
_DRAFT_FIELDS = frozenset((*EMPLOYER_FIELDS, *CONTRACT_FIELDS, *MANDATE_FIELDS, *AUTHORITY_FIELDS))


class UnableToApply(ValueError):
    """An application that cannot be changed or copied.

    `code` is NOT_A_DRAFT or NOT_DECLINED.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def save_quote(
    *,
    offer: OfferInput,
    broker: Broker | None,
    by: User | None,
    program_name: str = "",
    now: datetime,
) -> Quote:
    """Price an offer and keep it under the year's next number; its tariff is kept too.

    `by` is None where a program made it. Raises UnknownTariff and UnableToOffer.
    """
    today = timezone.localdate(now)
    priced = price_offer(offer, day=today)
    with transaction.atomic():
        snapshot_tariff(priced.tariff)
        return Quote.objects.create(
            number=_take_number(today),
            broker=broker,
            employer_name=offer.employer_name,
            tariff_key=offer.tariff_key,
            start=offer.start,
            payroll=write_payroll(offer.payroll),
            hours_month=offer.hours_month,
            example=write_example(offer.example),
            result=write_result(priced),
            created_by=by,
            program_name=program_name,
            created_at=now,
        )


def _take_number(day: date) -> str:
    """The next number of the year, A-2026-0001; others wait until this transaction is over."""
    prefix = f"A-{day.year}-"
    wait_for_turn(Turn.QUOTE_NUMBER)
    # Numbers run through all brokers, of which a broker sees only its own.
    with acting_within(ALL):
        numbers = Quote.objects.filter(number__startswith=prefix).values_list("number", flat=True)
        newest = numbers.order_by(Length("number").desc(), "-number").first()
    last = int(newest.removeprefix(prefix)) if newest else 0
    return f"{prefix}{last + 1:04d}"


def start_application(*, quote: Quote, by: User, now: datetime) -> Application:
    """Begin the application of a quote; where there is one already, that is it."""
    with transaction.atomic():
        Quote.objects.select_for_update(no_key=True).get(pk=quote.pk)
        application, _created = Application.objects.get_or_create(
            quote=quote,
            defaults={
                "broker": quote.broker,
                "legal_name": quote.employer_name,
                "tariff_key": quote.tariff_key,
                "start": quote.start,
                "account_holder": quote.employer_name,
                "created_by": by,
                "created_at": now,
            },
        )
    return application


def update_draft(*, application: Application, changes: Mapping[str, Any]) -> Application:
    """Keep what was filled in so far; nothing has to be complete before it is handed over.

    Raises UnableToApply once the application has left the broker's hands.
    """
    unknown = changes.keys() - _DRAFT_FIELDS
    if unknown:
        raise ValueError(f"no fields of a draft: {sorted(unknown)}")
    with transaction.atomic():
        draft = _lock_draft(application)
        for name, value in changes.items():
            setattr(draft, name, value)
        draft.save(update_fields=list(changes))
    return draft


def keep_signature(*, application: Application, name: str, content: bytes) -> Application:
    """Keep the signed form in the file store, a PDF or a picture by its content.

    Raises UnableToReadForm and UnableToApply.
    """
    check_signed_form(content)
    with transaction.atomic():
        draft = _lock_draft(application)
        draft.signature_name = Path(name).name[-_NAME_LENGTH:]
        draft.signature_sha256 = FileStore(Path(settings.FILES_ROOT)).put(content)
        draft.save(update_fields=list(SIGNATURE_FIELDS))
    return draft


def copy_application(*, application: Application, by: User, now: datetime) -> Application:
    """Begin again from an application that was declined: a new quote and a new draft.

    The signed form is not copied: it belongs to what was asked for then. Raises UnableToApply
    for one that was not declined, UnableToOffer and UnknownTariff.
    """
    if application.status != Application.Status.DECLINED:
        raise UnableToApply("NOT_DECLINED")
    with transaction.atomic():
        offer = read_offer(application.quote)
        quote = save_quote(offer=offer, broker=application.broker, by=by, now=now)
        draft = start_application(quote=quote, by=by, now=now)
        kept = {name: getattr(application, name) for name in _DRAFT_FIELDS}
        return update_draft(application=draft, changes=kept)


def _lock_draft(application: Application) -> Application:
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if locked.status != Application.Status.DRAFT:
        raise UnableToApply("NOT_A_DRAFT")
    return locked
