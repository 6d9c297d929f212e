"""A slice explained as JSON: what every day counted as and how the amount came about.

Written once and never again, so that it can be explained whatever changes later; see
`claims.rules.replay` for the way back. Written as text by hand: a monthly run writes a hundred
thousand of them, and all values are days, numbers and codes.
"""

import json
from collections.abc import Iterable
from functools import lru_cache

from aupolicy.kernel.period import ONE_DAY, Period
from claims.facts import BenefitTerms, InsuredSpan, Leave, Piece, SliceDue


def write_parts(due: SliceDue) -> str:
    """The month piece by piece, with the operands of the amount.

    `percent_days` are the paid days, each times the percentage it is paid at.
    """
    return (
        f'{{"days":{due.days},"percent_days":{count_percent_days(due.parts)}'
        f',"month_days":{due.month.last_day.day},"amount":"{due.amount}"'
        f',"pieces":{write_pieces(due.parts)}}}'
    )


def count_percent_days(pieces: Iterable[Piece]) -> int:
    """Days times the percentage that each is paid at."""
    return sum(piece.percent * (piece.period.days or 0) for piece in pieces if piece.percent)


def write_pieces(pieces: Iterable[Piece]) -> str:
    """Neighbouring days that count alike, as a list."""
    return f"[{','.join([_write_piece(piece) for piece in pieces])}]"


def _write_piece(piece: Piece) -> str:
    number = "null" if piece.first_number is None else piece.first_number
    cause = f',"cause":{json.dumps(piece.cause)}' if piece.cause else ""
    return (
        f'{{"first":"{piece.period.first_day}","last":"{piece.period.last_day}"'
        f',"state":"{piece.state.value}","first_number":{number}'
        f',"percent":{piece.percent}{cause}}}'
    )


def write_terms(leave: Leave, terms: BenefitTerms) -> str:
    """The sum and where it comes from, and the parameters of the day counter."""
    return (
        f'{{"first_day":"{leave.period.first_day}","sum_since":"{leave.sum_since}"'
        f',"brought":{leave.brought},{write_parameters(terms)},{_write_span(leave.span)}}}'
    )


@lru_cache(maxsize=256)
def write_parameters(terms: BenefitTerms) -> str:
    """The parameters of the day counter, as the inside of an object."""
    return _without_braces(
        {
            "deferral_days": terms.deferral_days,
            "benefit_until_day": terms.benefit_until_day,
            "relapse": terms.relapse,
            "benefit_proration": terms.benefit_proration,
            "run_off": terms.run_off,
            "divisor": 30,
        }
    )


def _write_span(span: InsuredSpan | None) -> str:
    if span is None:
        return '"sum":"0.00","pay":null,"band":null,"tariff":"","tariff_from":null'
    band = "null" if span.band is None else span.band
    return (
        f'"sum":"{span.benefit}","pay":"{span.pay}","band":{band}'
        f',"tariff":{_quote(span.tariff_key)},"tariff_from":"{span.tariff_from}"'
    )


@lru_cache(maxsize=256)
def _quote(text: str) -> str:
    return json.dumps(text)


def _without_braces(values: dict[str, object]) -> str:
    return json.dumps(values)[1:-1]


def write_periods(periods: Iterable[Period]) -> str:
    """Closed periods as PostgreSQL writes a datemultirange."""
    parts = [f"[{each.first_day},{(each.last_day or each.first_day) + ONE_DAY})"
             for each in periods]  # fmt: skip
    return f"{{{','.join(parts)}}}"
