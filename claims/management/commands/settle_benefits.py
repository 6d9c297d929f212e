"""Settle the benefit of a month."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount
from aupolicy.kernel.month import Month, UnableToReadMonth
from aupolicy.management.command import ProductCommand
from claims.operations.runs import (
    UnableToStartBenefitRun,
    get_run,
    start_benefit_run,
    work_run,
)


class Command(ProductCommand):
    """Settle all claims through the end of a month; run again, it finds nothing to do."""

    help = "Leistungen aller Fälle bis zum Ende eines Monats (YYYY-MM) berechnen"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The month."""
        super().add_arguments(parser)
        parser.add_argument("--month", required=True, metavar="YYYY-MM")

    def run(self, options: dict[str, Any]) -> None:
        """Start or take up the run of the month and see it through."""
        try:
            month = Month.parse(options["month"])
            run = start_benefit_run(month=month, user=None, now=timezone.now())
        except UnableToReadMonth as error:
            self.refuse(
                _("%(text)s ist kein Monat. Erwartet JJJJ-MM, zum Beispiel 2026-12.")
                % {"text": error.text}
            )
        except UnableToStartBenefitRun as error:
            self.refuse(
                _("%(month)s ist noch nicht vorbei. Gezahlt wird nachträglich.") % {"month": month},
                code=error.code,
            )
        while work_run(run=run, now=timezone.now()):
            run = get_run(run.pk)
            self.tell(
                _("%(done)d von %(all)d Leistungsfällen")
                % {"done": run.done_count, "all": run.claim_count}
            )
        run = get_run(run.pk)
        data = {
            "month": str(month),
            "claims": run.done_count,
            "created": run.slice_count,
            "cancelled": run.cancelled_count,
            "amount": run.amount,
        }
        words = {**data, "amount": format_amount(run.amount)}
        self.answer(
            data,
            _(
                "%(month)s: %(claims)d Leistungsfälle, %(created)d neue Abschnitte,"
                " %(cancelled)d stornierte, zusammen %(amount)s €."
            )
            % words,
        )
