"""Why a statement differs from the one before. The parts add up to the difference, to the cent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from aupolicy.facts import TariffVersion
from aupolicy.kernel.money import ZERO
from aupolicy.kernel.month import Month
from aupolicy.rules import compute_price
from billing.facts.line_reasons import (
    ContractLife,
    LineState,
    PersonLife,
    Piece,
    PieceKind,
    Reason,
    ReasonKind,
    ReasonSum,
)
from billing.rules.premium import prorate
from members.facts import Cover, EndReason, NoticeKind, PayPeriod

Tariffs = Mapping[int, TariffVersion]
"""Tariff versions as they were applied, by the id of their snapshot."""

_ENDS = {
    EndReason.DEATH: ReasonKind.DEATH,
    EndReason.PARENTAL_LEAVE: ReasonKind.PARENTAL_LEAVE,
    EndReason.RETIREMENT_AGE: ReasonKind.RETIREMENT_AGE,
    EndReason.CONTRACT_ENDED: ReasonKind.CONTRACT_END,
}
_BEGINS = frozenset({NoticeKind.JOIN, NoticeKind.RETURN})
_PAYS = frozenset({*_BEGINS, NoticeKind.PAY_CHANGE})


def explain_difference(
    *, pieces: Sequence[Piece], life: PersonLife, contract: ContractLife, tariffs: Tariffs
) -> tuple[Reason, ...]:
    """The reasons of one person's difference, largest first; together they are the difference.

    A piece in which tariff, pay and covered days changed at once is split in this order, each
    step priced by the rule of the run.
    """
    found: dict[Reason, tuple[Decimal, int]] = {}
    for piece in pieces:
        for reason in _explain_piece(piece, life, contract, tariffs):
            key = replace(reason, amount=ZERO)
            amount, months = found.get(key, (ZERO, 0))
            corrected = piece.kind is PieceKind.CORRECTED
            found[key] = (amount + reason.amount, months + corrected)
    reasons = (
        replace(key, amount=amount, months=months)
        for key, (amount, months) in found.items()
        if amount or months
    )
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.amount)))


def sum_reasons(by_person: Iterable[Sequence[Reason]]) -> tuple[ReasonSum, ...]:
    """The reasons of many people by kind, in the order of the kinds."""
    sums: dict[ReasonKind, tuple[int, Decimal]] = {}
    for reasons in by_person:
        for kind in {reason.kind for reason in reasons}:
            people, amount = sums.get(kind, (0, ZERO))
            more = sum((r.amount for r in reasons if r.kind is kind), ZERO)
            sums[kind] = (people + 1, amount + more)
    return tuple(ReasonSum(kind, *sums[kind]) for kind in ReasonKind if kind in sums)


def _explain_piece(
    piece: Piece, life: PersonLife, contract: ContractLife, tariffs: Tariffs
) -> list[Reason]:
    if piece.kind is PieceKind.ONE_OFF:
        return [Reason(ReasonKind.ONE_OFF, piece.amount)]
    if piece.kind is PieceKind.CAUGHT_UP and not contract.is_new:
        return [Reason(ReasonKind.CAUGHT_UP, piece.amount)]
    if not piece.now.covered_days:
        return [replace(_find_end(piece.month, life), amount=piece.amount)]
    if not piece.before.covered_days:
        return [replace(_find_begin(piece.month, life, contract), amount=piece.amount)]
    return _split(piece, life, contract, tariffs)


def _split(
    piece: Piece, life: PersonLife, contract: ContractLife, tariffs: Tariffs
) -> list[Reason]:
    """Tariff, pay, days, one after the other; what cannot be priced so is the last part."""
    before, now = piece.before, piece.now
    new_tariff = before._replace(tariff_id=now.tariff_id)
    new_pay = new_tariff._replace(pay=now.pay)
    worth = [_price(state, piece.month_before, tariffs) for state in (before, new_tariff, new_pay)]
    by_tariff, by_pay = worth[1] - worth[0], worth[2] - worth[1]
    reasons = []
    if by_tariff:
        reasons.append(replace(_find_terms(piece, contract, tariffs), amount=by_tariff))
    if by_pay:
        reasons.append(replace(_find_pay_change(piece, life), amount=by_pay))
    rest = piece.amount - by_tariff - by_pay
    if rest:
        reasons.append(replace(_find_other_days(piece, life), amount=rest))
    return reasons


def _price(state: LineState, month: Month, tariffs: Tariffs) -> Decimal:
    """What the run's rule asks for such a month."""
    tariff = tariffs.get(state.tariff_id or 0)
    if tariff is None or state.pay is None:
        return ZERO
    premium = compute_price(tariff, state.pay).premium
    return prorate(premium, covered_days=state.covered_days, month_days=month.last_day.day)


def _find_terms(piece: Piece, contract: ContractLife, tariffs: Tariffs) -> Reason:
    before, now = (tariffs.get(s.tariff_id or 0) for s in (piece.before, piece.now))
    if before is not None and now is not None and before.key == now.key:
        return Reason(ReasonKind.TARIFF, ZERO, now.valid_from)
    begun = [day for day in contract.terms if day <= piece.month.last_day]
    return Reason(ReasonKind.TERMS, ZERO, max(begun, default=None))


def _find_pay_change(piece: Piece, life: PersonLife) -> Reason:
    before, now = piece.before, piece.now
    pay = _find_pay(piece.month, life.covers)
    day = pay.period.first_day if pay else None
    found = Reason(
        ReasonKind.PAY_CHANGE,
        ZERO,
        day,
        band_before=before.band if before.band != now.band else None,
        band=now.band if before.band != now.band else None,
        pay_before=before.pay,
        pay=now.pay,
    )
    if life.withdrawal and not any((kind, day) in life.news for kind in _PAYS):
        return replace(
            found,
            kind=ReasonKind.WITHDRAWN,
            day=life.withdrawal.effective,
            withdrawn=life.withdrawal.kind,
        )
    return found


def _find_pay(month: Month, covers: Sequence[Cover]) -> PayPeriod | None:
    """The pay of the first covered day of a month, which the premium follows."""
    inside = (pay for cover in covers for pay in cover.pays)
    reaching = (pay for pay in inside if pay.period.intersection(month.period))
    return min(reaching, key=lambda pay: pay.period.first_day, default=None)


def _find_end(month: Month, life: PersonLife) -> Reason:
    """Why nobody is covered in a month in which somebody was."""
    ended = [cover for cover in life.covers if cover.period.first_day <= month.last_day]
    if ended:
        return _end_of(ended[-1])
    if life.covers:
        # The cover begins later than was thought.
        return _begin_of(life.covers[0], life)
    return _withdrawn(life)


def _end_of(cover: Cover) -> Reason:
    kind = _ENDS.get(cover.end_reason or EndReason.OTHER, ReasonKind.LEAVE)
    return Reason(kind, ZERO, cover.period.last_day)


def _find_begin(month: Month, life: PersonLife, contract: ContractLife) -> Reason:
    """Why somebody is covered in a month in which nobody was."""
    cover = next((c for c in life.covers if c.period.intersection(month.period)), None)
    if cover is None:
        return Reason(ReasonKind.OTHER, ZERO)
    if contract.is_new and cover.period.first_day == contract.period.first_day:
        return Reason(ReasonKind.CONTRACT_BEGIN, ZERO, contract.period.first_day)
    is_reported = any((kind, cover.period.first_day) in life.news for kind in _BEGINS)
    if life.withdrawal and not is_reported:
        return _withdrawn(life)
    return _begin_of(cover, life)


def _begin_of(cover: Cover, life: PersonLife) -> Reason:
    day = cover.period.first_day
    return Reason(ReasonKind.RETURN if day in life.returns else ReasonKind.JOIN, ZERO, day)


def _withdrawn(life: PersonLife) -> Reason:
    if life.withdrawal is None:
        return Reason(ReasonKind.OTHER, ZERO)
    notice = life.withdrawal
    return Reason(ReasonKind.WITHDRAWN, ZERO, notice.effective, withdrawn=notice.kind)


def _find_other_days(piece: Piece, life: PersonLife) -> Reason:
    """Why more or fewer days are covered, in the same month or in the one before."""
    month = piece.month
    inside = [c for c in life.covers if c.period.intersection(month.period)]
    if not inside:
        return _withdrawn(life)
    first, last = inside[0], inside[-1]
    if _ends_inside(last, month.last_day) and piece.amount < 0:
        return _end_of(last)
    if first.period.first_day > month.first_day:
        return _begin_of(first, life)
    if first.period.first_day > piece.month_before.first_day:
        return Reason(ReasonKind.FULL_MONTH, ZERO, first.period.first_day)
    if len(inside) > 1:
        return _begin_of(last, life)
    if _ends_inside(last, month.last_day):
        return _end_of(last)
    return _withdrawn(life)


def _ends_inside(cover: Cover, last_day: date) -> bool:
    return cover.period.last_day is not None and cover.period.last_day < last_day
