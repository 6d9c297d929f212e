"""Quotes are kept with their tariff and numbered without doubles; drafts follow from them."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from aupolicy.facts.offer import ExampleEmployee, OfferInput
from aupolicy.facts.payroll import TaxClass
from aupolicy.models import Application, Broker, Quote, TariffSnapshot, User
from aupolicy.operations.fence import Scope, acting_within
from aupolicy.operations.offers import (
    UnableToApply,
    copy_application,
    keep_signature,
    save_quote,
    start_application,
    update_draft,
)
from aupolicy.parsing.signed_form import UnableToReadForm
from aupolicy.parsing.typed_payroll import parse_typed_payroll, write_typed_payroll
from aupolicy.queries.offers import (
    UnableToOffer,
    build_profile,
    compute_hours_month,
    compute_hours_week,
    price_offer,
    read_offer,
    reprice_quote,
)

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PDF = b"%PDF-1.7 constructed %%EOF"
# 15 people of a car dealer: 48,750.00 a month cost 249.00 (published example).
PAYROLL = {
    Decimal(pay): people
    for pay, people in (
        ("2100", 2), ("2600", 3), ("3100", 4), ("3600", 2), ("4300", 3), ("4250", 1),
    )
}  # fmt: skip


def _offer(**changes: object) -> OfferInput:
    values: dict[str, object] = {
        "employer_name": "Autohaus Sonnenhang GmbH",
        "tariff_key": "bau-2016",
        "start": date(2027, 1, 1),
        "hours_month": Decimal(160),
        "payroll": PAYROLL,
        "example": ExampleEmployee(Decimal("3250.00"), TaxClass.THREE, Decimal(9), 2),
        "left_out": ((3, "OVER_AGE"),),
    }
    return OfferInput(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def seller(db: None) -> User:
    return User.objects.create_user("nord", password="constructed")


@pytest.fixture
def broker(db: None) -> Broker:
    return Broker.objects.create(legal_name="Nordlicht", registration_number="D-1-A-1")


def _save(broker: Broker, seller: User, **changes: object) -> Quote:
    return save_quote(offer=_offer(**changes), broker=broker, by=seller, now=NOW)


def test_an_offer_is_priced_by_the_rules() -> None:
    priced = price_offer(_offer(), day=TODAY)
    assert (priced.payroll.insured, priced.payroll.premium) == (15, Decimal("249.00"))
    assert priced.yearly_premium == Decimal("2988.00")
    assert priced.figures.hourly is not None
    assert priced.figures.hourly.pay == Decimal("20.31250")
    assert priced.figures.hourly.pay_and_premium == Decimal("20.41625")
    assert priced.gap is not None
    assert priced.gap.benefit == Decimal("435.00")


def test_a_quote_is_kept_as_it_was_computed(broker: Broker, seller: User) -> None:
    quote = Quote.objects.get(pk=_save(broker, seller).pk)
    assert quote.number == "A-2026-0001"
    assert read_offer(quote) == _offer()
    assert quote.result["premium"] == "249.00"
    again = reprice_quote(quote, day=TODAY)
    assert again == price_offer(_offer(), day=TODAY)
    snapshot = TariffSnapshot.objects.get(digest=quote.result["tariff_digest"])
    assert snapshot.key == "bau-2016"


def test_a_quote_outlives_its_tariff(
    broker: Broker, seller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotes = [_save(broker, seller, tariff_key=key) for key in ("bau-2016", "percent-2026")]
    before = [reprice_quote(quote, day=TODAY) for quote in quotes]

    class Emptied:
        def version_on(self, _day: date) -> None:
            return None

    monkeypatch.setattr("aupolicy.queries.offers.get_tariff", lambda _key: Emptied())
    assert [reprice_quote(Quote.objects.get(pk=q.pk), day=TODAY) for q in quotes] == before


def test_numbers_go_on_by_year_and_over_all_brokers(broker: Broker, seller: User) -> None:
    other = Broker.objects.create(legal_name="Südwind", registration_number="D-1-A-2")
    numbers = [_save(broker, seller).number, _save(other, seller).number]
    with acting_within(Scope("{}", "{}", f"{{{broker.pk}}}")):
        numbers.append(_save(broker, seller).number)
    Quote.objects.filter(number="A-2026-0003").update(number="A-2026-9999")
    numbers.append(_save(broker, seller).number)
    in_2027 = datetime(2027, 1, 2, tzinfo=UTC)
    numbers.append(save_quote(offer=_offer(), broker=broker, by=seller, now=in_2027).number)
    assert numbers == ["A-2026-0001", "A-2026-0002", "A-2026-0003", "A-2026-10000", "A-2027-0001"]


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_get_different_numbers() -> None:
    seller = User.objects.create_user("nord", password="constructed")
    broker = Broker.objects.create(legal_name="Nordlicht", registration_number="D-1-A-1")
    numbers: list[str] = []

    def save() -> None:
        try:
            numbers.append(_save(broker, seller).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=save) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"A-2026-000{n}" for n in range(1, 7)]


def test_what_cannot_be_priced_is_refused() -> None:
    with pytest.raises(UnableToOffer, match="NOBODY"):
        price_offer(_offer(payroll={}), day=TODAY)
    with pytest.raises(UnableToOffer, match="NO_TARIFF_YET"):
        price_offer(_offer(start=date(2016, 7, 1)), day=TODAY)


def test_without_the_law_of_a_year_there_is_no_gap_but_a_price() -> None:
    priced = price_offer(_offer(), day=date(2031, 1, 1))
    assert priced.gap is None
    assert priced.no_gap is not None
    assert priced.no_gap.code == "NO_PAYROLL_PARAMETERS"
    assert priced.payroll.premium == Decimal("249.00")


def test_children_count_whole_in_class_three_only() -> None:
    three = ExampleEmployee(Decimal(3000), TaxClass.THREE, children=2)
    four = ExampleEmployee(Decimal(3000), TaxClass.FOUR, children=3)
    assert build_profile(three).child_allowances == 2
    assert build_profile(four).child_allowances == Decimal("1.5")


@pytest.mark.parametrize("week", ["1", "20", "36.92", "37.50", "38.50", "40", "48", "99.99"])
def test_hours_survive_the_way_to_months_and_back(week: str) -> None:
    assert compute_hours_week(compute_hours_month(Decimal(week))) == Decimal(week)


def test_typed_payrolls_are_read_and_faults_told() -> None:
    typed = parse_typed_payroll("2.400\n4 x 2.400,00\n\n3×1.900;\nabc\n0 x 3\n1.000 x 2500 €\n-5")
    assert typed.counts == {Decimal(1900): 3, Decimal(2400): 5, Decimal(2500): 1000}
    assert [(p.line, p.code) for p in typed.problems] == [
        (5, "NO_AMOUNT"), (6, "NO_PEOPLE"), (8, "NO_AMOUNT"),
    ]  # fmt: skip
    assert parse_typed_payroll(write_typed_payroll(typed.counts)).counts == typed.counts
    assert parse_typed_payroll("9.999.999 x 2.400").problems[0].code == "TOO_MANY_PEOPLE"


def test_an_application_begins_once_and_takes_what_is_filled_in(
    broker: Broker, seller: User
) -> None:
    quote = _save(broker, seller)
    draft = start_application(quote=quote, by=seller, now=NOW)
    assert start_application(quote=quote, by=seller, now=NOW) == draft
    assert (draft.legal_name, draft.start) == (quote.employer_name, quote.start)
    update_draft(application=draft, changes={"town": "Leipzig"})
    draft.refresh_from_db()
    assert draft.town == "Leipzig"
    with pytest.raises(ValueError, match="status"):
        update_draft(application=draft, changes={"status": "accepted"})


def test_a_signed_form_is_kept_by_its_content(broker: Broker, seller: User) -> None:
    draft = start_application(quote=_save(broker, seller), by=seller, now=NOW)
    draft = keep_signature(application=draft, name="../../Mandat.pdf", content=PDF)
    assert draft.signature_name == "Mandat.pdf"
    assert len(draft.signature_sha256) == 64
    for content, code in (
        (b"", "EMPTY"), (b"MZ program", "NO_FORM"), (b"%PDF-1.7 torn", "CUT_OFF"),
        (PDF + b" " * 11_000_000, "TOO_LARGE"), (b"<svg>%%EOF</svg>", "NO_FORM"),
    ):  # fmt: skip
        with pytest.raises(UnableToReadForm, match=code):
            keep_signature(application=draft, name="a.pdf", content=content)
    assert Application.objects.get().signature_name == "Mandat.pdf"


def test_what_left_the_brokers_hands_stays(broker: Broker, seller: User) -> None:
    draft = start_application(quote=_save(broker, seller), by=seller, now=NOW)
    Application.objects.update(status=Application.Status.HANDED_OVER)
    with pytest.raises(UnableToApply, match="NOT_A_DRAFT"):
        update_draft(application=draft, changes={"town": "Erfurt"})
    with pytest.raises(UnableToApply, match="NOT_A_DRAFT"):
        keep_signature(application=draft, name="a.pdf", content=PDF)
    with pytest.raises(UnableToApply, match="NOT_DECLINED"):
        copy_application(application=draft, by=seller, now=NOW)


def test_a_declined_application_begins_again_without_its_signature(
    broker: Broker, seller: User
) -> None:
    draft = start_application(quote=_save(broker, seller), by=seller, now=NOW)
    update_draft(application=draft, changes={"town": "Leipzig", "gives_authority": "edit"})
    keep_signature(application=draft, name="a.pdf", content=PDF)
    Application.objects.update(status=Application.Status.DECLINED, decision_note="zu früh")
    declined = Application.objects.get()
    copy = copy_application(application=declined, by=seller, now=NOW)
    assert copy.quote.number == "A-2026-0002"
    assert (copy.status, copy.town, copy.gives_authority) == ("draft", "Leipzig", "edit")
    assert (copy.signature_sha256, copy.decision_note) == ("", "")
