"""Read files of the bank."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aupolicy.management.command import ProductCommand
from billing.models import BankFile
from billing.operations.bank_files import BankFileReport, receive_bank_file
from billing.parsing.bank_files import UnableToReadBankFile
from billing.words.bank import describe_bank_file_error, describe_outcome


class Command(ProductCommand):
    """Read, match and book each file; the first that is refused ends it, those before stay."""

    help = "Dateien der Bank einlesen (pain.002, camt.054, camt.053, auch als ZIP)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files."""
        super().add_arguments(parser)
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")

    def run(self, options: dict[str, Any]) -> None:
        """Read them in the order given."""
        data, sentences = [], []
        for path in options["paths"]:
            report = self._read(path)
            data.append({"file": path.name, "new": report.is_new, "outcomes": report.counts})
            sentences += _describe(path, report)
        self.answer({"files": data}, *sentences)

    def _read(self, path: Path) -> BankFileReport:
        try:
            return receive_bank_file(
                content=self.read(path),
                name=path.name,
                source=BankFile.Source.FOLDER,
                user=None,
                now=timezone.now(),
            )
        except UnableToReadBankFile as error:
            told = describe_bank_file_error(error.code, error.params)
            self.refuse(f"{path.name}: {told}", code=error.code, params=dict(error.params))


def _describe(path: Path, report: BankFileReport) -> list[str]:
    if not report.is_new:
        return [_("%(name)s wurde schon eingelesen.") % {"name": path.name}]
    total = sum(report.counts.values())
    lines = [
        ngettext(
            "%(name)s: %(count)s Angabe der Bank eingelesen.",
            "%(name)s: %(count)s Angaben der Bank eingelesen.",
            total,
        )
        % {"name": path.name, "count": total}
    ]
    lines += [f"  {describe_outcome(key)}: {count}" for key, count in report.counts.items()]
    if report.matched_later:
        lines.append(_("  Wartende Zahlungen zugeordnet: %(n)s") % {"n": report.matched_later})
    return lines
