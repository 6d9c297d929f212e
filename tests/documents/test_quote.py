"""The letter of a quote: accessible, in German figures, made once, the same bytes again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from aupolicy.facts.offer import ExampleEmployee, OfferInput
from aupolicy.facts.payroll import TaxClass
from aupolicy.models import Broker, Quote, User
from aupolicy.operations.offers import save_quote
from documents.facts import DocumentKind
from documents.models import Document
from documents.operations import issue_quote
from documents.queries import build_quote, read_document
from tests.documents.printing import find_faults, read_pages, read_text, set_pdf

pytestmark = pytest.mark.django_db

# 15 people of a car dealer: 48,750.00 a month cost 249.00 (published example).
PAYROLL = {
    Decimal(pay): people
    for pay, people in (
        ("2100", 2), ("2600", 3), ("3100", 4), ("3600", 2), ("4300", 3), ("4250", 1),
    )
}  # fmt: skip
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def _quote(**changes: object) -> Quote:
    values: dict[str, object] = {
        "employer_name": "Autohaus Fahrspaß GmbH",
        "tariff_key": "bau-2016",
        "start": date(2027, 1, 1),
        "hours_month": Decimal(160),
        "payroll": PAYROLL,
        "example": ExampleEmployee(Decimal(3250), TaxClass.THREE, Decimal(9), 1),
        "left_out": ((3, "OVER_AGE"), (9, "TOO_YOUNG"), (12, "OVER_AGE")),
    }
    seller, _ = User.objects.get_or_create(username="nord")
    broker, _ = Broker.objects.get_or_create(
        registration_number="D-1-A-1",
        defaults={"legal_name": "Maklerkontor Nordlicht", "contact_email": "nord@licht.example"},
    )
    offer = OfferInput(**{**values, **changes})  # type: ignore[arg-type]
    return save_quote(offer=offer, broker=broker, by=seller, now=NOW)


def test_it_says_what_cover_costs_and_pays() -> None:
    pdf = set_pdf(DocumentKind.QUOTE, build_quote(_quote()))
    assert find_faults(pdf) == []
    pages = read_pages(pdf)
    for number, text in enumerate(pages, start=1):
        assert f"Seite {number} von {len(pages)}" in text
    text = read_text(pdf)
    assert "A-2026-0001" in text
    assert "Beginn 01.01.2027" in text
    assert "249,00 € 2.988,00 € 0,51 % 16,60 €" in text
    assert "20,31 € Lohn je Stunde, mit der Versicherung 20,42 €" in text
    assert "36,92 Stunden in der Woche" in text
    assert "6 über 3.000,00 bis 3.500,00 435,00 16,60 4" in text
    assert "Summe 15 249,00" in text
    assert "ab dem 43. Tag" in text
    assert "2 Personen: Die Regelaltersgrenze ist erreicht" in text
    assert "nord@licht.example" in text


def test_the_example_adds_up() -> None:
    context = build_quote(_quote())
    example = context.example
    assert example is not None
    assert example.net - example.sick_pay == example.gap
    assert max(example.gap - example.benefit, Decimal(0)) == example.remaining
    text = read_text(set_pdf(DocumentKind.QUOTE, context))
    assert "Steuerklasse III, 9 % Kirchensteuer, ein Kind." in text
    assert "Steuern und Sozialversicherung 2026." in text


def test_without_a_gap_the_rest_still_stands() -> None:
    marginal = _quote(example=ExampleEmployee(Decimal(500)))
    pdf = set_pdf(DocumentKind.QUOTE, build_quote(marginal))
    assert find_faults(pdf) == []
    assert "Ein Beispiel" not in read_text(pdf)
    assert "249,00" in read_text(pdf)


def test_a_percent_tariff_tells_its_rates() -> None:
    pdf = set_pdf(DocumentKind.QUOTE, build_quote(_quote(tariff_key="percent-2026", left_out=())))
    assert find_faults(pdf) == []
    text = read_text(pdf)
    assert "kostet der Tarif 0,50 % des Bruttoentgelts im Monat und leistet 12,00 %" in text
    assert "243,75 €" in text
    assert "Nicht mitgerechnet" not in text


def test_it_is_german_whoever_asks() -> None:
    quote = _quote()
    with translation.override("en"):
        english = build_quote(quote)
    assert english == build_quote(quote)


def test_it_is_issued_once() -> None:
    quote = _quote()
    first, second = issue_quote(quote=quote), issue_quote(quote=quote)
    assert (first.created, second.created) == (1, 0)
    assert first.documents == second.documents
    document = Document.objects.get(quote=quote)
    assert document.contract is None
    assert document.file_name == "Angebot_A-2026-0001_Autohaus_Fahrspass_GmbH.pdf"
    assert len(read_document(document)) == document.byte_count
