"""Apply a file of notices to a contract, all or nothing."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.management.command import ProductCommand
from members.facts import NoticeReport, NoticeStatus
from members.operations import apply_notices
from members.parsing.notice_file import Defaults, parse_notices
from members.parsing.table import UnableToReadTable
from members.words import describe_problem, describe_result


class Command(ProductCommand):
    """Apply a file of notices: every row, or none with the reasons."""

    help = "Meldungen (Zugang, Abgang, Gehaltsänderung ...) aus einer CSV-Datei übernehmen"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, contract and what is done with it."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--contract", required=True, metavar="NO", help="contract number")
        parser.add_argument(
            "--effective",
            type=date.fromisoformat,
            help="first day of rows that name none, YYYY-MM-DD",
        )
        parser.add_argument("--dry-run", action="store_true", help="show the effect, keep nothing")
        parser.add_argument(
            "--keep-unclear",
            action="store_true",
            help="take the rest when some notices have to go to a clerk",
        )

    def run(self, options: dict[str, Any]) -> None:
        """Read the whole file first, then apply it in one transaction."""
        contract = self.find_contract(options["contract"])
        path: Path = options["file"]
        defaults = Defaults(received_at=timezone.now(), effective=options["effective"])
        try:
            notices = parse_notices(self.read(path), defaults=defaults)
        except UnableToReadTable as error:
            self.refuse(*map(describe_problem, error.problems))
        with transaction.atomic():
            report = apply_notices(contract=contract, notices=notices, source_name=path.name)
            errors = _errors(report, keep_unclear=options["keep_unclear"])
            if errors or options["dry_run"]:
                transaction.set_rollback(True)
        if errors:
            self.refuse(*errors, _("Nichts wurde übernommen."))
        self._answer(report, dry_run=options["dry_run"])

    def _answer(self, report: NoticeReport, *, dry_run: bool) -> None:
        applied = report.count(NoticeStatus.APPLIED)
        unclear = [r for r in report.results if r.status is NoticeStatus.NEEDS_CLERK]
        data = {
            "dry_run": dry_run,
            "applied": applied,
            "already_known": report.duplicates,
            "needs_clerk": [describe_result(result) for result in unclear],
        }
        if dry_run:
            headline = _(
                "Probe: %(applied)d Meldungen würden wirksam, %(known)d sind schon bekannt."
            )
        else:
            headline = _("%(applied)d Meldungen sind wirksam, %(known)d waren schon bekannt.")
        counts = {"applied": applied, "known": report.duplicates}
        self.answer(data, headline % counts, *map(describe_result, unclear))


def _errors(report: NoticeReport, *, keep_unclear: bool) -> list[str]:
    stops = {NoticeStatus.REFUSED} if keep_unclear else set(NoticeStatus) - {NoticeStatus.APPLIED}
    return [describe_result(result) for result in report.results if result.status in stops]
