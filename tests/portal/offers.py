"""An application in the constructed world, as a broker hands it over."""

from datetime import UTC, date, datetime, time
from typing import Any

from aupolicy.kernel.month import Month
from aupolicy.models import Application, Broker, Quote, User
from billing.operations.applications import hand_over_application


def create_draft(*, by: User, today: date, **values: Any) -> Application:
    """A complete application of the constructed broker that is still in its hands."""
    broker, now = Broker.objects.earliest("pk"), datetime.combine(today, time(9), tzinfo=UTC)
    start = Month.of(today).plus(2).first_day
    quote = Quote.objects.create(
        number=f"A-{today.year}-{9000 + Quote.objects.count()}", broker=broker,
        employer_name="Tischlerei Span GmbH", tariff_key="bau-2016", start=start,
        payroll=[["2400.00", 4], ["3100.00", 2]], hours_month="165.00",
        result={"insured": 6, "payroll": "15800.00", "premium": "84.40",
                "rate_percent": "0.5342", "tariff_digest": "-"},
        created_by=by, created_at=now,
    )  # fmt: skip
    complete: dict[str, Any] = {
        "quote": quote, "broker": broker, "legal_name": "Tischlerei Span GmbH",
        "street": "Hobelweg", "building_number": "3", "postal_code": "50667", "town": "Köln",
        "contact_name": "Paula Personal", "contact_email": "personal@span.example",
        "tariff_key": "bau-2016", "start": start, "account_holder": "Tischlerei Span GmbH",
        "iban": "DE02120300000000202051", "mandate_signed_on": today,
        "signature_name": "mandat.pdf", "signature_sha256": "0" * 64, "gives_authority": "edit",
        "created_by": by, "created_at": now,
    }  # fmt: skip
    return Application.objects.create(**(complete | values))


def create_application(*, by: User, today: date, **values: Any) -> Application:
    """An application that waits for the insurer's decision."""
    draft = create_draft(by=by, today=today, **values)
    now = datetime.combine(today, time(10), tzinfo=UTC)
    return hand_over_application(application=draft, by=by, now=now)
