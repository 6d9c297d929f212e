"""Price a payroll file."""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.facts import Quote, TariffVersion
from aupolicy.kernel.money import format_amount
from aupolicy.management.command import ProductCommand
from aupolicy.queries import UnknownTariff, get_tariff
from aupolicy.rules import compute_quote
from members.facts import Ineligibility
from members.parsing.notice_file import parse_payroll
from members.parsing.table import UnableToReadTable
from members.queries.payroll import split_payroll
from members.words import describe_code, describe_problem


class Command(ProductCommand):
    """Price a payroll; people who cannot be insured are named and left out."""

    help = "Beitrag einer Lohnliste berechnen (CSV, nötig ist nur die Spalte Bruttoentgelt)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, tariff and day."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--tariff", default="bau-2016", help="key of the tariff")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, help="day of the prices, YYYY-MM-DD (today)"
        )

    def run(self, options: dict[str, Any]) -> None:
        """Read, leave out who cannot be insured, price."""
        as_of: date = options["as_of"] or timezone.localdate()
        tariff = self._tariff(options["tariff"], as_of)
        try:
            rows = parse_payroll(self.read(options["file"]))
        except UnableToReadTable as error:
            self.refuse(*map(describe_problem, error.problems))
        payroll = split_payroll(rows, tariff=tariff, as_of=as_of)
        quote = compute_quote(tariff, payroll.counts)
        self._answer(options, tariff, quote, payroll.left_out)

    def _tariff(self, key: str, as_of: date) -> TariffVersion:
        try:
            version = get_tariff(key).version_on(as_of)
        except UnknownTariff as error:
            self.refuse(_("Tarif %(key)s gibt es nicht. Bekannt sind: %(known)s.") % error.params)
        if version is None:
            self.refuse(_("Tarif %(key)s gilt an diesem Tag noch nicht.") % {"key": key})
        return version

    def _answer(
        self,
        options: dict[str, Any],
        tariff: TariffVersion,
        quote: Quote,
        left_out: Mapping[int, Ineligibility],
    ) -> None:
        data = {
            "tariff": tariff.key,
            "valid_from": tariff.valid_from,
            "insured": quote.insured,
            "payroll": quote.payroll,
            "premium": quote.premium,
            "rate_percent": quote.rate_percent,
            "bands": [
                {
                    "band": band.band,
                    "insured": band.insured,
                    "payroll": band.payroll,
                    "premium": band.premium,
                }
                for band in quote.by_band
            ],
            "left_out": [{"row": row, "reason": reason} for row, reason in left_out.items()],
        }
        headline = _(
            "%(insured)d Personen, Lohnsumme %(payroll)s €: Beitrag %(premium)s € im Monat"
            " (%(rate)s %% der Lohnsumme)"
        ) % {
            "insured": quote.insured,
            "payroll": format_amount(quote.payroll),
            "premium": format_amount(quote.premium),
            "rate": str(quote.rate_percent).replace(".", ","),
        }
        self.answer(data, headline, *_band_lines(quote), *_left_out_lines(left_out))


def _band_lines(quote: Quote) -> list[str]:
    return [
        _("  Lohnstufe %(band)d: %(insured)5d Personen  %(premium)12s €")
        % {
            "band": band.band,
            "insured": band.insured,
            "premium": format_amount(band.premium),
        }
        for band in quote.by_band
        if band.band is not None
    ]


def _left_out_lines(left_out: Mapping[int, Ineligibility]) -> list[str]:
    return [
        _("  Zeile %(row)d nicht mitgerechnet: %(reason)s")
        % {"row": row, "reason": describe_code(reason.value)}
        for row, reason in left_out.items()
    ]
