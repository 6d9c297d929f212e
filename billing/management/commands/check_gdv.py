"""Say what a GDV file holds and what is wrong in it."""

from argparse import ArgumentParser
from collections import deque
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount
from aupolicy.management.command import ProductCommand
from billing.exports.gdv import list_tables
from billing.parsing.gdv import GdvReader
from billing.queries.broker_portfolio import get_portfolio_settings
from billing.queries.broker_portfolio.words import describe_gdv_fault


class Command(ProductCommand):
    """Read a whole file, count its kinds of records and look for faults; change nothing."""

    help = "GDV-Datei (VU-Vermittler, Release 2023) lesen und prüfen; Status 1 bei Fehlern"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the line of business that uses the general records."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--line", metavar="NUMBER", help="line of business of the general records 0210 and 0220"
        )

    def run(self, options: dict[str, Any]) -> None:
        """Read, tell what there is, then the faults."""
        reader = self._read(options["file"], options["line"] or get_portfolio_settings().line)
        holds = [self._describe_kind(*item) for item in sorted(reader.kinds.items())]
        sentences = [*holds, self._describe_totals(reader)]
        data = {
            "kinds": reader.kinds,
            "records": reader.totals.record_count,
            "premium_total": reader.totals.premium_total,
            "collected_total": reader.totals.collected_total,
        }
        if not reader.faults:
            self.answer({**data, "faults": []}, *sentences, _("Keine Fehler gefunden."))
            return
        if not self.as_json:
            self.answer({}, *sentences)
        faults = [
            {"record": f.record, "position": f.position, "code": f.code} for f in reader.faults
        ]
        self.refuse(*map(describe_gdv_fault, reader.faults), **data, faults=faults)

    def _read(self, path: Path, line: str) -> GdvReader:
        try:
            with path.open("rb") as file:
                reader = GdvReader(file, general_line=line)
                # Nothing is kept of the records; the reader counts and checks on its way.
                deque(reader, maxlen=0)
        except OSError as error:
            self.refuse(
                _("Datei %(path)s ist nicht lesbar: %(reason)s")
                % {"path": path, "reason": error.strerror or error}
            )
        return reader

    def _describe_kind(self, name: str, count: int) -> str:
        known = {table.name for table in list_tables()}
        text = _("Satzart %(name)s: %(count)d")
        if name not in known:
            text = _("Satzart %(name)s: %(count)d (unbekannt, nicht geprüft)")
        return text % {"name": name, "count": count}

    def _describe_totals(self, reader: GdvReader) -> str:
        return _(
            "%(records)d Sätze ohne Vor- und Nachsatz, Gesamtbeitrag %(premium)s, Inkasso"
            " %(collected)s"
        ) % {
            "records": reader.totals.record_count,
            "premium": format_amount(reader.totals.premium_total),
            "collected": format_amount(reader.totals.collected_total),
        }
