"""Write the employer's side of posted statements as a DATEV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aupolicy.kernel.money import format_amount
from aupolicy.kernel.month import Month
from aupolicy.management.command import ProductCommand
from billing.exports.extf import UnableToWriteBatch
from billing.queries.bookkeeping import Batch, build_batch
from billing.words import describe_bookkeeping_refusal


class Command(ProductCommand):
    """Book the statements of a contract that were issued from one month to another."""

    help = "Beitragsabrechnungen eines Vertrags als DATEV-Buchungsstapel (EXTF) schreiben"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Contract, months and file."""
        super().add_arguments(parser)
        parser.add_argument("--contract", required=True, metavar="NUMBER")
        parser.add_argument("--from", type=Month.parse, required=True, metavar="YYYY-MM")
        parser.add_argument("--to", type=Month.parse, required=True, metavar="YYYY-MM")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def run(self, options: dict[str, Any]) -> None:
        """Build the whole file, then write it."""
        contract = self.find_contract(options["contract"])
        if options["to"] < options["from"]:
            self.refuse(_("Der letzte Monat liegt vor dem ersten."))
        try:
            batch = build_batch(
                employer=contract.employer,
                contract=contract,
                first=options["from"],
                last=options["to"],
                created_at=timezone.localtime(),
            )
        except UnableToWriteBatch as error:
            self.refuse(describe_bookkeeping_refusal(error.code, error.params), code=error.code)
        path: Path = options["out"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(batch.content)
        self._answer(batch, path)

    def _answer(self, batch: Batch, path: Path) -> None:
        data = {
            "file": path,
            "suggested_name": batch.file_name,
            "bookings": batch.bookings,
            "total": batch.total,
            "left_out": list(batch.left_out),
        }
        headline = ngettext(
            "%(count)d Buchung über %(total)s €: %(file)s",
            "%(count)d Buchungen über zusammen %(total)s €: %(file)s",
            batch.bookings,
        )
        words = {"count": batch.bookings, "total": format_amount(batch.total), "file": path}
        left = [
            _("Nicht gebucht, weil nichts zu zahlen ist: %(number)s") % {"number": number}
            for number in batch.left_out
        ]
        self.answer(data, headline % words, *left)
