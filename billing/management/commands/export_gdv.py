"""Write a broker's portfolio as a GDV file."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount
from aupolicy.management.command import ProductCommand
from aupolicy.models import Broker
from billing.queries.broker_portfolio import (
    PortfolioReport,
    UnableToWritePortfolio,
    write_portfolio,
)
from billing.queries.broker_portfolio.words import describe_portfolio_refusal


class Command(ProductCommand):
    """Write the file under another name first, so that a half written one never lies there."""

    help = "Bestandsdatei eines Vermittlers (GDV-Datensatz VU-Vermittler, Release 2023) schreiben"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Broker, day, period and file."""
        super().add_arguments(parser)
        parser.add_argument("--broker", required=True, metavar="NUMBER")
        parser.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="DAY")
        parser.add_argument(
            "--from", dest="since", type=date.fromisoformat, required=True, metavar="DAY"
        )
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")

    def run(self, options: dict[str, Any]) -> None:
        """Find the broker and write its file."""
        broker = Broker.objects.filter(registration_number=options["broker"]).first()
        if broker is None:
            self.refuse(
                _("Einen Vermittler mit der Registernummer %(number)s gibt es nicht.")
                % {"number": options["broker"]}
            )
        try:
            report = self._write(broker, options)
        except UnableToWritePortfolio as error:
            self.refuse(describe_portfolio_refusal(error.code, error.params), code=error.code)
        self._answer(report, options["out"])

    def _write(self, broker: Broker, options: dict[str, Any]) -> PortfolioReport:
        out: Path = options["out"]
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
                unfinished = Path(file.name)
                try:
                    report = write_portfolio(
                        broker=broker,
                        as_of=options["as_of"],
                        since=options["since"],
                        today=timezone.localdate(),
                        file=file,
                    )
                    file.close()
                    unfinished.replace(out)
                finally:
                    unfinished.unlink(missing_ok=True)
        except OSError as error:
            self.refuse(
                _("Datei %(path)s ist nicht zu schreiben: %(reason)s")
                % {"path": out, "reason": error.strerror or error}
            )
        return report

    def _answer(self, report: PortfolioReport, out: Path) -> None:
        data = {
            "file": out,
            "contracts": report.contracts,
            "without_names": report.without_names,
            "people": report.people,
            "statements": report.statements,
            "records": report.totals.record_count,
            "premium_total": report.totals.premium_total,
        }
        text = _(
            "%(records)d Sätze in %(file)s: %(contracts)d Verträge (%(without_names)d davon ohne"
            " Vollmacht und Namen), %(people)d Personen, %(statements)d Abrechnungen;"
            " Gesamtbeitrag im Monat %(sum)s €"
        )
        self.answer(data, text % {**data, "sum": format_amount(report.totals.premium_total)})
