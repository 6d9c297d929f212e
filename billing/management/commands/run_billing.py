"""Bill a month."""

import time
from argparse import ArgumentParser
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount
from aupolicy.kernel.month import Month, UnableToReadMonth
from aupolicy.management.command import ProductCommand
from billing.models import BillingRun
from billing.operations import (
    UnableToStartRun,
    fill_slice,
    post_run,
    request_posting,
    start_run,
)
from billing.queries.runs import get_run_progress, get_run_sum, list_statements_of_run
from billing.tasks import send_work
from billing.words import describe_run_refusal


class Command(ProductCommand):
    """Bill a month: lines, numbered statements, ledger. Run again, it finds nothing to do."""

    help = "Abrechnungslauf eines Monats (YYYY-MM); mit --dry-run nur die Vorschau"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Month and manner."""
        super().add_arguments(parser)
        parser.add_argument("month", metavar="YYYY-MM")
        parser.add_argument("--dry-run", action="store_true", help="show the result, keep nothing")
        parser.add_argument(
            "--workers",
            action="store_true",
            help="leave the work to running Celery workers and wait for them",
        )

    def run(self, options: dict[str, Any]) -> None:
        """Start or take up the run of the month and see it through."""
        try:
            month = Month.parse(options["month"])
        except UnableToReadMonth as error:
            self.refuse(
                _("%(text)s ist kein Monat. Erwartet JJJJ-MM, zum Beispiel 2026-12.")
                % {"text": error.text}
            )
        try:
            if options["dry_run"]:
                self._preview(month)
            else:
                self._bill(month, by_workers=options["workers"])
        except UnableToStartRun as error:
            self.refuse(describe_run_refusal(error.code, error.params), code=error.code)

    def _preview(self, month: Month) -> None:
        with transaction.atomic():
            run = start_run(month=month, now=timezone.now())
            if run.posted_at is None:
                self._fill(run)
            self._answer(run, preview=True, new=run.posted_at is None)
            transaction.set_rollback(True)

    def _bill(self, month: Month, *, by_workers: bool) -> None:
        run = start_run(month=month, now=timezone.now(), post=True)
        new = run.posted_at is None
        if new:
            run = request_posting(run=run, now=timezone.now())
            if by_workers:
                self._wait(run)
            else:
                self._fill(run)
                post_run(run=run, now=timezone.now())
        self._answer(run, preview=False, new=new)

    def _fill(self, run: BillingRun) -> None:
        while fill_slice(run=run, now=timezone.now()):
            self._progress(run)

    def _progress(self, run: BillingRun) -> None:
        progress = get_run_progress(run)
        self.tell(
            _("%(done)d von %(all)d Personen")
            % {"done": progress.members_done, "all": progress.members}
        )

    def _wait(self, run: BillingRun) -> None:
        send_work(run)
        while not get_run_progress(run).posted:
            self._progress(run)
            time.sleep(0.5)

    def _answer(self, run: BillingRun, *, preview: bool, new: bool) -> None:
        sums = get_run_sum(run)
        statements = [
            {
                "number": statement.number,
                "contract": statement.contract.number,
                "employer": statement.contract.employer.legal_name,
                "insured": statement.insured_count,
                "total": statement.total,
                "due_date": statement.due_date,
            }
            for statement in list_statements_of_run(run)
        ]
        data = {
            "month": str(sums.month),
            "dry_run": preview,
            "new": new,
            "insured": sums.insured,
            "lines": sums.lines,
            "payroll": sums.payroll,
            "total": sums.total,
            "statements": statements,
        }
        self.answer(data, _headline(preview=preview, new=new) % _words(data, len(statements)))


def _headline(*, preview: bool, new: bool) -> str:
    if not new:
        return _(
            "%(month)s ist schon abgerechnet: %(statements)d Abrechnungen, %(insured)d Personen,"
            " %(total)s €. Nichts zu tun."
        )
    if preview:
        return _(
            "Vorschau %(month)s: %(statements)d Abrechnungen, %(insured)d Personen, %(total)s €."
            " Nichts wurde gebucht."
        )
    return _("%(month)s: %(statements)d Abrechnungen, %(insured)d Personen, %(total)s € gebucht.")


def _words(data: dict[str, Any], statements: int) -> dict[str, Any]:
    return {**data, "statements": statements, "total": format_amount(data["total"])}
