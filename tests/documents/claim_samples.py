"""Constructed letters about a claim: no real people, sums of the published tariff."""

from datetime import date, timedelta
from decimal import Decimal

from aupolicy.kernel.period import Period
from claims.exports.day_counter import list_counter_rows
from claims.facts import DayState, InsuredSpan, Leave, Piece
from documents.facts import (
    Address,
    CorrectedMonth,
    CorrectionContext,
    CounterView,
    EndContext,
    GrantContext,
    LegalNotice,
    LinkContext,
    MonthRow,
    Refusal,
    RefusalContext,
    RequestContext,
    SumTerms,
)
from tests.documents.samples import INSURER

NAME = "Çiğdem Großmann-Öztürk"
WRITTEN_ON = date(2026, 5, 11)
LEGAL = LegalNotice(
    ombudsman="Schlichtungsstelle Muster e. V., Musterplatz 2, 12345 Musterstadt",
    supervisor="Aufsichtsamt Muster, Musterplatz 3, 12345 Musterstadt",
    limitation_years=3,
)
HEAD = {
    "insurer": INSURER,
    "recipient": Address((NAME, "Lockengasse 3", "48143 Münster")),
    "person_name": NAME,
    "claim_number": "L-2026-000001",
    "written_on": WRITTEN_ON,
}
SUM = Decimal("335.00")


def counter(*stretches: tuple[DayState, int, int], first: date = date(2026, 1, 1)) -> CounterView:
    """The day counter of stretches (state, days, percent) one after the other."""
    day, number, pieces = first, 1, []
    for state, days, percent in stretches:
        last = day + timedelta(days=days - 1)
        counted = None if state is DayState.GAP else number
        pieces.append(Piece(Period(day, last), state, counted, percent))
        day, number = last + timedelta(days=1), number + (days if counted else 0)
    span = InsuredSpan(
        period=Period(date(2025, 1, 1)),
        benefit=SUM,
        pay=Decimal("2400.00"),
        band=4,
        tariff_key="bau-2016",
        tariff_from=date(2016, 8, 1),
    )
    leave = Leave(
        episodes=(1,),
        period=Period(first, pieces[-1].period.last_day),
        brought=0,
        sum_since=first,
        span=span,
        pieces=tuple(pieces),
    )
    return CounterView(leave.pieces, tuple(list_counter_rows(leave)))


SHORT = counter((DayState.DEFERRAL, 42, 0), (DayState.PAID, 109, 100))
LONG = counter(
    (DayState.DEFERRAL, 42, 0),
    (DayState.PAID, 60, 100),
    (DayState.GAP, 3, 0),
    (DayState.HELD, 46, 50),
    (DayState.REINTEGRATION, 92, 100),
    (DayState.PAID, 306, 100),
    (DayState.EXHAUSTED, 20, 0),
)
MONTHS = (
    MonthRow(date(2026, 2, 1), 17, "335,00\u00a0€ × 17 / 30", Decimal("189.83")),
    MonthRow(date(2026, 3, 1), 31, "voller Monat", SUM),
    MonthRow(date(2026, 4, 1), 30, "voller Monat", SUM),
)
TOTAL = Decimal("859.83")
NO_EVIDENCE = Refusal(
    days=None,
    reason="Uns liegt für diese Tage keine ärztliche Bescheinigung Ihrer Arbeitsunfähigkeit vor.",
    wording="",
    words="Für Juni haben wir zweimal nachgefragt.",
)
EXCLUDED = Refusal(
    days=None,
    reason="Für diese Arbeitsunfähigkeit schließen die Versicherungsbedingungen eine Leistung aus.",
    wording="Arbeitsunfähigkeit durch einen Unfall infolge von Trunkenheit.",
    words="",
)


def grant(
    *,
    months: tuple[MonthRow, ...] = MONTHS,
    view: CounterView = SHORT,
    refusal: Refusal | None = None,
    granted: Period | None = None,
    needs_account: bool = False,
    brought_days: int = 0,
) -> GrantContext:
    """A grant of band 4 from 12 February 2026, the day 43 of 1 January."""
    return GrantContext(
        **HEAD,  # type: ignore[arg-type]
        granted=granted or Period(date(2026, 2, 12)),
        leave_first_day=date(2026, 1, 1),
        certified_until=view.rows[-1].last_day,
        brought_days=brought_days,
        first_paid=date(2026, 2, 12) if months else None,
        deferral_days=42,
        benefit_until_day=546,
        terms=SumTerms(
            since=date(2026, 1, 1),
            monthly_sum=SUM,
            tariff_name="bAU-Gruppentarif 2016",
            pay=Decimal("2400.00"),
            band=4,
            above=Decimal("2000.00"),
            up_to=Decimal("2500.00"),
        ),
        settled_through=date(2026, 4, 30),
        months=months,
        total=sum((row.amount for row in months), start=Decimal("0.00")),
        counter=view,
        needs_account=needs_account,
        refusal=refusal,
        legal=LEGAL,
    )


def refusal(reason: Refusal = EXCLUDED) -> RefusalContext:
    """A refusal of everything."""
    return RefusalContext(
        **HEAD,  # type: ignore[arg-type]
        reported_on=date(2026, 2, 2),
        leave_first_day=date(2026, 1, 1),
        certified=(
            Period(date(2026, 1, 1), date(2026, 1, 31)),
            Period(date(2026, 2, 1), date(2026, 5, 31)),
        ),
        covers=(Period(date(2025, 1, 1)),),
        tariff_name="bAU-Gruppentarif 2016",
        refusal=reason,
        legal=LEGAL,
    )


def end(view: CounterView | None = SHORT) -> EndContext:
    """The end of benefit by recovery."""
    return EndContext(
        **HEAD,  # type: ignore[arg-type]
        last_paid=date(2026, 4, 30),
        reason="Ihre Arbeitsunfähigkeit ist beendet.",
        words="",
        months=MONTHS,
        total=TOTAL,
        counter=view,
        legal=LEGAL,
    )


def correction(mode: str = "offset", instalment: Decimal | None = None) -> CorrectionContext:
    """March was paid in full and turns out to be a half."""
    return CorrectionContext(
        **HEAD,  # type: ignore[arg-type]
        months=(
            CorrectedMonth(date(2026, 3, 1), 31, SUM, 15, Decimal("167.50"), SUM),
            CorrectedMonth(date(2026, 4, 1), 30, SUM, 0, Decimal("0.00"), SUM),
        ),
        total_back=Decimal("670.00"),
        still_open=Decimal("670.00"),
        mode=mode,
        instalment=instalment,
        pay_until=date(2026, 5, 25),
        counter=LONG,
        legal=LEGAL,
    )


def request(
    kind: str = "gap", *, reminder: int = 0, words: str = "", days: Period | None = None
) -> RequestContext:
    """Something that is asked for; the second reminder is the last."""
    return RequestContext(
        **HEAD,  # type: ignore[arg-type]
        kind=kind,
        days=days or Period(date(2026, 4, 11), date(2026, 4, 13)),
        words=words,
        asked_on=date(2026, 4, 20),
        due_on=date(2026, 5, 25),
        reminder=reminder,
        is_last_reminder=reminder >= 2,
    )


def link(*, url: str = "", code: str = "") -> LinkContext:
    """The sheet with a link; without one the copy that is kept."""
    return LinkContext(
        **HEAD,  # type: ignore[arg-type]
        url=url,
        code=code,
        valid_until=date(2026, 11, 7),
    )
