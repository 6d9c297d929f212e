"""Why a month of benefit is what it is, read from what the slice says about itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aupolicy.kernel.period import Period
from claims.facts import DayState
from claims.models import BenefitSlice
from claims.words import describe_day

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class WhyPiece:
    """Neighbouring days that count alike: `number` is the first one's in the day counter."""

    period: Period
    days: int
    number: int | None
    percent: int
    word: str


@dataclass(frozen=True, slots=True)
class SliceWhy:
    """Inputs, arithmetic and rule of a slice; amounts in EUR.

    `weighted_days` are the paid days, each times the part of the sum that is paid for it.
    """

    full_sum: Decimal
    pay: Decimal | None
    band: int | None
    tariff: str
    tariff_from: date | None
    sum_since: date
    days: int
    month_days: int
    weighted_days: Decimal
    divisor: int
    amount: Decimal
    pieces: tuple[WhyPiece, ...]

    @property
    def is_full(self) -> bool:
        """Whether every day of the month is paid in full, so that the whole sum is due."""
        return self.weighted_days == self.month_days

    @property
    def is_capped(self) -> bool:
        """Whether the days would come to more than the sum."""
        return not self.is_full and self.amount == self.full_sum


def explain_slice(each: BenefitSlice) -> SliceWhy:
    """What went into a slice."""
    parts, terms = each.parts, each.terms
    return SliceWhy(
        full_sum=Decimal(terms["sum"]),
        pay=Decimal(terms["pay"]) if terms["pay"] else None,
        band=terms["band"],
        tariff=terms["tariff"],
        tariff_from=date.fromisoformat(terms["tariff_from"]) if terms["tariff_from"] else None,
        sum_since=date.fromisoformat(terms["sum_since"]),
        days=parts["days"],
        month_days=parts["month_days"],
        weighted_days=Decimal(parts["percent_days"]) / _PERCENT,
        divisor=terms["divisor"],
        amount=each.amount,
        pieces=tuple(_list_pieces(each)),
    )


def _list_pieces(each: BenefitSlice) -> Iterator[WhyPiece]:
    for piece in each.parts["pieces"]:
        period = Period(date.fromisoformat(piece["first"]), date.fromisoformat(piece["last"]))
        yield WhyPiece(
            period=period,
            days=period.days or 0,
            number=piece["first_number"],
            percent=piece["percent"],
            word=describe_day(DayState(piece["state"])),
        )
