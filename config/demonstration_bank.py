"""The bank of the demonstration: what it would have sent, from templates, read as in earnest."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from string import Template

from django.utils import timezone

from billing.models import BankDelivery, BankFile, Collection, CollectionItem
from billing.operations.bank_deliveries import deliver_bank_file, read_delivery
from billing.queries.creditor import get_creditor
from config.demonstration import EXAMPLES, DemonstrationFailed

_CHARGES = Decimal("3.00")
# What is on the account before each constructed statement of a day, in EUR.
_OPENING = Decimal("25000.00")


class ConstructedBank:
    """Sends files made from the templates in examples/bank; a copy of each goes to `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._templates = EXAMPLES / "bank"

    def credit(self, collection: Collection) -> None:
        """The whole collection arrives on its due day."""
        self._send(
            "collection-credited",
            collection.due_date,
            amount=collection.control_sum,
            file=collection.message_id,
            count=collection.debit_count,
        )

    def send_back(self, debit: CollectionItem, *, reason: str, day: date) -> None:
        """A debit comes back with charges, for one of the reasons of ISO 20022."""
        self._send(
            "debit-returned",
            day,
            booked=debit.amount + _CHARGES,
            amount=debit.amount,
            charges=_CHARGES,
            end_to_end_id=debit.end_to_end_id,
            mandate=debit.mandate.reference,
            name=debit.mandate.account_holder,
            iban=debit.mandate.iban,
            reason=reason,
        )

    def receive(self, amount: Decimal, *, name: str, iban: str, purpose: str, day: date) -> None:
        """Somebody transfers an amount in EUR to the insurer."""
        self._send(
            "transfer-received",
            day,
            amount=amount,
            name=name,
            iban=iban,
            purpose=purpose,
            opening=_OPENING,
            closing=_OPENING + amount,
        )

    def _send(self, template: str, day: date, **told: object) -> None:
        """Fill a template in, lay it down, and read it in the evening of its day."""
        name = f"{day}-{template}.xml"
        evening = timezone.make_aware(datetime.combine(day, time(18)))
        text = Template((self._templates / f"{template}.xml").read_text(encoding="utf-8"))
        content = text.substitute(
            told,
            message=f"PROBE-{day:%Y%m%d}-{template}"[:35],
            moment=evening.isoformat(),
            our_iban=get_creditor().iban,
            day=day,
        ).encode()
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_bytes(content)
        delivery = deliver_bank_file(
            content=content, name=name, source=BankFile.Source.FOLDER, user=None, now=evening
        )
        read = read_delivery(delivery_id=delivery.pk, now=evening)
        if read is None or read.state != BankDelivery.State.READ:
            raise DemonstrationFailed(f"{name}: the bank's file cannot be read")
