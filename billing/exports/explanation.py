"""The explanation of a premium line as JSON: money as strings, days as YYYY-MM-DD."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from billing.facts.explanation import LineExplanation, PaySource, Recorded, Step, TariffSource
from billing.facts.line_reasons import Reason

Json = Mapping[str, Any]


def write_explanation(explained: LineExplanation) -> Json:
    """An explanation as plain values: text, numbers of days and months, None.

    Amounts are EUR as text with a point and two places; codes are those of the facts.
    """
    covered = explained.covered
    return {
        "statement": {
            "id": explained.statement_id,
            "number": explained.statement_number or None,
            "month": str(explained.statement_month),
            "issued_on": _day(explained.issued_on),
        },
        "person": {
            "personnel_number": explained.personnel_number,
            "last_name": explained.last_name,
            "first_name": explained.first_name,
        },
        "month": str(explained.month),
        "covered": {
            "days": covered.days,
            "month_days": covered.month_days,
            "first_day": _day(covered.first_day),
            "last_day": _day(covered.last_day),
        },
        "pay": _write_pay(explained.pay) if explained.pay else None,
        "tariff": _write_tariff(explained.tariff) if explained.tariff else None,
        "arithmetic": [_write_step(step) for step in explained.steps],
        "owed": str(explained.owed),
        "recorded_before": [_write_recorded(recorded) for recorded in explained.recorded],
        "amount": str(explained.amount),
        "reasons": [_write_reason(reason) for reason in explained.reasons],
    }


def _write_pay(pay: PaySource) -> Json:
    notice = pay.notice
    return {
        "amount": str(pay.amount),
        "since": _day(pay.since),
        "notice": None
        if notice is None
        else {
            "id": notice.public_id,
            "kind": notice.kind.value,
            "effective": _day(notice.effective),
            "received_on": _day(notice.received_on),
            "channel": notice.channel.value,
        },
    }


def _write_tariff(tariff: TariffSource) -> Json:
    band = tariff.band
    return {
        "key": tariff.key,
        "valid_from": _day(tariff.valid_from),
        "sha256": tariff.digest,
        "band": None
        if band is None
        else {"number": band.number, "above": str(band.above), "up_to": _amount(band.up_to)},
        "value": str(tariff.value),
        "unit": tariff.unit,
        "source": tariff.source,
    }


def _write_step(step: Step) -> Json:
    return {
        "kind": step.kind.value,
        "left": str(step.left),
        "right": str(step.right),
        "divisor": step.divisor,
        "result": str(step.result),
        "rounded_half_up": step.is_rounded,
    }


def _write_recorded(recorded: Recorded) -> Json:
    return {
        "statement": {
            "id": recorded.public_id,
            "number": recorded.number,
            "month": str(recorded.month),
            "issued_on": _day(recorded.issued_on),
        },
        "amount": str(recorded.amount),
    }


def _write_reason(reason: Reason) -> Json:
    return {
        "kind": reason.kind.value,
        "day": _day(reason.day),
        "months_corrected": reason.months,
        "band_before": reason.band_before,
        "band": reason.band,
        "pay_before": _amount(reason.pay_before),
        "pay": _amount(reason.pay),
        "withdrawn": reason.withdrawn.value if reason.withdrawn else None,
        "amount": str(reason.amount),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
