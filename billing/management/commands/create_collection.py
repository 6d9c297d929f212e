"""Write the pain.008 file of a due date."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount, total
from aupolicy.management.command import ProductCommand
from billing.exports.sepa_rules import UnableToWriteDebitFile
from billing.models import Collection
from billing.operations import UnableToCollect, create_collections
from billing.operations.collect import CollectionReport, read_file
from billing.queries.creditor import get_creditor
from billing.words import describe_collect_refusal, describe_finding, describe_not_collected


class Command(ProductCommand):
    """Collect all statements due by a day; run again, it writes the same file again."""

    help = "Lastschriftdatei (pain.008.001.08) für einen Fälligkeitstag erstellen"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Day and file."""
        super().add_arguments(parser)
        parser.add_argument("--due", type=date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def run(self, options: dict[str, Any]) -> None:
        """Collect what is due and write the file, or files where two schemes are in use."""
        try:
            report = create_collections(
                due=options["due"], now=timezone.now(), creditor=get_creditor()
            )
        except UnableToCollect as error:
            self.refuse(describe_collect_refusal(error.code, error.params), code=error.code)
        except UnableToWriteDebitFile as error:
            self.refuse(*map(describe_finding, error.findings))
        left = [describe_not_collected(item) for item in report.not_collected]
        collections = report.created or report.existing
        if not collections:
            self.refuse(_("Zu diesem Tag ist nichts einzuziehen."), *left)
        files = self._write(options["out"], collections)
        self._answer(report, files, left)

    def _write(self, out: Path, collections: tuple[Collection, ...]) -> list[Path]:
        out.parent.mkdir(parents=True, exist_ok=True)
        files = []
        for index, collection in enumerate(collections):
            name = out if index == 0 else out.with_stem(f"{out.stem}-{collection.message_id}")
            name.write_bytes(read_file(collection))
            files.append(name)
        return files

    def _answer(self, report: CollectionReport, files: list[Path], left: list[str]) -> None:
        collections = report.created or report.existing
        control_sum = total(collection.control_sum for collection in collections)
        debits = sum(collection.debit_count for collection in collections)
        data = {
            "due": report.due,
            "new": bool(report.created),
            "debits": debits,
            "control_sum": control_sum,
            "files": files,
            "not_collected": left,
        }
        if report.created:
            headline = _("%(debits)d Lastschriften über %(sum)s €, fällig am %(due)s: %(files)s")
        else:
            headline = _(
                "Nichts Neues einzuziehen; dieselbe Datei mit %(debits)d Lastschriften über"
                " %(sum)s €, fällig am %(due)s, liegt wieder in %(files)s"
            )
        words = {
            "debits": debits,
            "sum": format_amount(control_sum),
            "due": f"{report.due:%d.%m.%Y}",
            "files": ", ".join(map(str, files)),
        }
        self.answer(data, headline % words, *left)
