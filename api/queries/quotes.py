"""Priced payrolls as programs read them."""

from typing import Any

from api.queries.tariffs import write_percent
from aupolicy.facts.quote import BandRow
from aupolicy.queries.offers import PricedOffer


def write_quote(priced: PricedOffer, number: str | None) -> dict[str, Any]:
    """A quote as an answer tells it."""
    figures, payroll = priced.figures, priced.payroll
    return {
        "number": number,
        "tariff": priced.tariff.key,
        "tariff_valid_from": priced.tariff.valid_from,
        "start": priced.offer.start,
        "insured": payroll.insured,
        "payroll": payroll.payroll,
        "premium": payroll.premium,
        "yearly_premium": priced.yearly_premium,
        "percent_of_payroll": write_percent(payroll.rate_percent),
        "average_pay": figures.average_pay,
        "average_premium": figures.average_premium,
        "bands": [_write_band(row) for row in figures.bands],
    }


def _write_band(row: BandRow) -> dict[str, Any]:
    return {
        "number": row.band,
        "above": row.above,
        "up_to": row.up_to,
        "premium": row.premium,
        "benefit": row.benefit,
        "insured": row.insured,
        "payroll": row.payroll,
        "total_premium": row.total_premium,
        "percent_of_people": f"{row.share_percent:.1f}",
    }
