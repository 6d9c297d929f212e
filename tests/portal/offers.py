"""An application in the constructed world, as a broker hands it over."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from aupolicy.facts.offer import ExampleEmployee, OfferInput
from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.month import Month
from aupolicy.models import Application, Broker, User
from aupolicy.operations.offers import save_quote
from billing.operations.applications import hand_over_application

SIGNED_FORM = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def create_draft(*, by: User, today: date, **values: Any) -> Application:
    """A complete application of the constructed broker that is still in its hands."""
    broker, now = Broker.objects.earliest("pk"), datetime.combine(today, time(9), tzinfo=UTC)
    start = Month.of(today).plus(2).first_day
    offer = OfferInput(
        employer_name="Tischlerei Span GmbH",
        tariff_key="bau-2016",
        start=start,
        hours_month=Decimal("165.00"),
        payroll={Decimal("2400.00"): 4, Decimal("3100.00"): 2},
        example=ExampleEmployee(Decimal("2600.00")),
    )
    quote = save_quote(offer=offer, broker=broker, by=by, now=now)
    complete: dict[str, Any] = {
        "quote": quote, "broker": broker, "legal_name": "Tischlerei Span GmbH",
        "street": "Hobelweg", "building_number": "3", "postal_code": "50667", "town": "Köln",
        "contact_name": "Paula Personal", "contact_email": "personal@span.example",
        "tariff_key": "bau-2016", "start": start, "account_holder": "Tischlerei Span GmbH",
        "iban": "DE02120300000000202051", "mandate_signed_on": today,
        "signature_name": "mandat.pdf", "gives_authority": "edit",
        "signature_sha256": FileStore(Path(settings.FILES_ROOT)).put(SIGNED_FORM),
        "created_by": by, "created_at": now,
    }  # fmt: skip
    return Application.objects.create(**(complete | values))


def create_application(*, by: User, today: date, **values: Any) -> Application:
    """An application that waits for the insurer's decision."""
    draft = create_draft(by=by, today=today, **values)
    now = datetime.combine(today, time(10), tzinfo=UTC)
    return hand_over_application(application=draft, by=by, now=now)
