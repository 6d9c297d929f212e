"""Look at all open claims."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.management.command import ProductCommand
from claims.operations.daily import LookReport, look_after_claims


class Command(ProductCommand):
    """Look at all open claims: where they stand, what is missing, what has come due."""

    help = "Täglicher Blick auf alle offenen Leistungsfälle; mit --dry-run nur die Vorschau"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether anything is kept."""
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="show the result, keep nothing")

    def run(self, options: dict[str, Any]) -> None:
        """Look and tell what was found, as numbers only."""
        report = self._preview() if options["dry_run"] else self._look()
        data = {
            "people": report.people,
            "requested": len(report.requested),
            "reminded": len(report.reminded),
            "reviews": len(report.reviews),
        }
        sentence = _(
            "%(people)d Personen mit offenem Leistungsfall. Nachweise angefordert: %(requested)d,"
            " erinnert: %(reminded)d, fällige Nachprüfungen: %(reviews)d."
        )
        self.answer({**data, "dry_run": options["dry_run"]}, sentence % data)

    def _look(self) -> LookReport:
        now = timezone.now()
        return look_after_claims(today=timezone.localdate(now), now=now)

    def _preview(self) -> LookReport:
        with transaction.atomic():
            report = self._look()
            transaction.set_rollback(True)
        return report
