"""How values are written, and that every value of the domain has its words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from aupolicy.queries import ContractState
from billing.facts.mandate import MandateStanding, NoDebitReason
from billing.words.mandates import NO_DEBIT_REASONS, STANDINGS
from claims.facts import AssistanceKind
from claims.models import AssistanceCase, MedicalDocument, MedicalRead
from documents.facts import DocumentKind
from members.facts import EndReason, NoticeStatus
from portal import words
from portal.exports.charts import Bar, Stripe, Tick, draw_bars, draw_timeline
from portal.templatetags import portal as tags

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (Decimal("6245.70"), f"6.245,70{SPACE}€", "€6,245.70"),
        (Decimal("-3.5"), f"−3,50{SPACE}€", "−€3.50"),
        (Decimal(0), f"0,00{SPACE}€", "€0.00"),
        (None, "–", "–"),
    ],
)
def test_money(value: Decimal | None, german: str, english: str) -> None:
    with translation.override("de"):
        assert tags.money(value) == german
    with translation.override("en"):
        assert tags.money(value) == english


def test_days_and_moments() -> None:
    moment = datetime(2026, 12, 1, 12, 5, tzinfo=UTC)
    with translation.override("de"):
        assert tags.day(date(2026, 12, 1)) == "01.12.2026"
        assert tags.moment(moment) == "01.12.2026, 13:05 Uhr"
        assert tags.typed_day(date(2026, 12, 1)) == "01.12.2026"
    with translation.override("en"):
        assert tags.day(date(2026, 12, 1)).replace(SPACE, " ") == "1 Dec 2026"
        assert tags.typed_day(date(2026, 12, 1)) == "2026-12-01"


def test_counts_and_percents() -> None:
    with translation.override("de"):
        assert tags.count(3120) == "3.120"
        assert tags.signed_count(-4) == "−4"
        assert tags.percent(Decimal("0.4933")) == f"0,49{SPACE}%"
        assert tags.rate_percent(Decimal("5920"), Decimal("1200000")) == f"0,49{SPACE}%"
    assert tags.grouped_iban("DE02120300000000202051").replace(SPACE, " ") == (
        "DE02 1203 0000 0000 2020 51"
    )


def test_every_value_has_its_words() -> None:
    assert set(words.CONTRACT_STATES) == set(ContractState)
    assert set(words.NOTICE_STATUSES) == set(NoticeStatus)
    assert set(words.END_REASONS) == set(EndReason)
    assert set(NO_DEBIT_REASONS) == set(NoDebitReason)
    assert set(STANDINGS) == set(MandateStanding)
    assert set(words.DOCUMENT_KINDS) == set(DocumentKind)
    assert set(words.ASSISTANCE_KINDS) == set(AssistanceKind)
    outcomes = AssistanceCase._meta.get_field("outcome").choices or ()
    assert set(words.ASSISTANCE_OUTCOMES) == {value for value, _ in outcomes}
    assert set(words.MEDICAL_DOCUMENT_KINDS) == set(MedicalDocument.Kind)
    assert set(words.READ_REASONS) == set(MedicalRead.Reason)


def test_pictures_escape_what_they_write() -> None:
    bars = draw_bars([Bar("<b>", "&", Decimal(5))], title="<script>")
    assert "<script>" not in bars
    assert "&lt;script&gt;" in bars
    assert "style=" not in bars
    empty = draw_bars([], title="nothing")
    assert "<rect" not in empty


def test_a_timeline_ends_with_the_picture() -> None:
    drawing = draw_timeline(
        [Stripe(date(2026, 1, 1), None, "2.400,00 €")],
        [Tick(date(2026, 1, 1), "01.01.2026")],
        first_day=date(2026, 1, 1),
        last_day=date(2026, 12, 31),
        title="cover",
    )
    assert 'x="0.0" y="16.0" width="480.0"' in drawing
