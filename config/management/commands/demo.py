"""Three constructed employers, insured, billed and collected; then the portal."""

import time
from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount, total
from aupolicy.kernel.month import Month
from aupolicy.management.command import ProductCommand
from aupolicy.models import User
from billing.models import BillingRun
from billing.queries.runs import get_run_progress
from billing.tasks import send_work
from config import (
    demonstration,
    demonstration_api,
    demonstration_claims,
    demonstration_money,
    demonstration_rooms,
)
from config.demonstration import Example

_PATIENCE_SECONDS = 120
_ADDRESS = "127.0.0.1:8000"
_ROOM_SIGN_INS = demonstration_rooms.SIGN_INS
_SIGN_INS = (
    *_ROOM_SIGN_INS,
    *demonstration_claims.SIGN_INS,
    *demonstration_money.SIGN_INS,
)


class Command(ProductCommand):
    """Run the demonstration. Run again, it changes nothing and says so."""

    help = "Vorführung: drei erfundene Arbeitgeber vom Vertrag bis zur Bankdatei"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the files go and whether the portal is served."""
        super().add_arguments(parser)
        folder = Path(settings.BASE_DIR) / "var" / "demo"
        parser.add_argument("--out", type=Path, default=folder, metavar="DIR")
        parser.add_argument("--no-serve", action="store_true", help="end after the files")

    def run(self, options: dict[str, Any]) -> None:
        """Insure, bill, collect, print, sum up, serve."""
        if not settings.DEBUG:
            self.refuse(_("Die Vorführung läuft nur in der Entwicklungsumgebung."))
        call_command("migrate", verbosity=0)
        folder: Path = options["out"].resolve()
        changes = self._make_files(folder)
        self._report(folder / "summary.json", changed=changes > 0)
        if not options["no_serve"]:
            self._serve()

    def _make_files(self, folder: Path) -> int:
        """All steps; returns how many things are new."""
        today = timezone.localdate()
        self.tell(_("1/8 Arbeitgeber, Verträge und Versicherte"))
        examples = demonstration.load_employers(today)
        month = Month.of(examples[0].contract.period.first_day)
        self.tell(_("2/8 Ein Arbeitgeber, der seit Monaten abgerechnet wird"))
        history = demonstration_money.play_months(today, folder)
        self.tell(_("3/8 Abrechnungslauf %(month)s") % {"month": month})
        run, new_run = demonstration.bill(month, send_work)
        self._wait(run)
        self.tell(_("4/8 Lastschriftdatei"))
        clerk = demonstration_rooms.provide_clerk(today)
        files, new_files = demonstration.collect(run, folder, clerk)
        self.tell(_("5/8 Beitragsabrechnungen und SEPA-Mandate"))
        statements, new_statements = demonstration.write_statements(run, folder)
        for example in examples:
            demonstration.write_mandate_forms(example.contract, folder)
        self.tell(_("6/8 Versicherungsbestätigungen"))
        confirmations, new_papers = self._confirm(examples, folder)
        self.tell(_("7/8 Anmeldungen und was auf sie wartet"))
        contracts = [example.contract for example in examples]
        waiting = demonstration_rooms.furnish(contracts, timezone.now(), today)
        self.tell(_("8/8 Ein Arbeitgeber mit Leistungsfällen"))
        people = {each.name: User.objects.get(username=each.name) for each in _ROOM_SIGN_INS}
        waiting += demonstration_claims.furnish_claims(people, today, folder)
        waiting += history + demonstration_money.close_books(today)
        large = examples[-1].contract
        waiting += demonstration_api.furnish_api(large, people["personal"], timezone.now())
        summary = demonstration.describe(month, examples, files, statements, confirmations)
        demonstration.write_summary(summary, folder / "summary.json")
        self.summary = summary
        created = sum(example.created for example in examples)
        return created + new_run + new_files + new_statements + new_papers + waiting

    def _confirm(self, examples: list[Example], folder: Path) -> tuple[dict[str, Any], int]:
        papers, new, archives = 0, 0, []
        for example in examples:
            count, archive, created = demonstration.write_confirmations(
                example.contract, folder, self._progress
            )
            papers, new = papers + count, new + created
            archives.append(archive)
        # Two copies each: one for the insured person, one for the employer's file.
        return {"count": papers // 2, "papers": papers, "zip": archives}, new

    def _progress(self, done: int, of: int) -> None:
        self.tell(_("    %(done)d von %(all)d Papieren") % {"done": done, "all": of})

    def _wait(self, run: BillingRun) -> None:
        """Until the workers have posted the run."""
        waited = 0.0
        while not (progress := get_run_progress(run)).posted:
            if waited > _PATIENCE_SECONDS:
                self.refuse(_("Kein Arbeiter meldet sich. Läuft Celery? (make worker)"))
            self.tell(
                _("    %(done)d von %(all)d Personen")
                % {"done": progress.members_done, "all": progress.members}
            )
            time.sleep(0.5)
            waited += 0.5

    def _report(self, path: Path, *, changed: bool) -> None:
        summary = self.summary
        self.answer(
            {**summary, "changed": changed},
            "",
            *_table(summary),
            "",
            _("Bankdatei:           %s") % summary["collection_file"],
            *(_("Beitragsabrechnung:  %s") % name for name in summary["statements"]),
            *(_("Bestätigungen:       %s") % name for name in summary["confirmations"]["zip"]),
            _("Zusammenfassung:     %s") % demonstration.shown(path),
            "" if changed else _("Alles war schon da; nichts wurde geändert."),
        )

    def _serve(self) -> None:
        self.answer(
            {},
            "",
            _("Das Portal: http://%s") % _ADDRESS,
            _("Anmeldungen, alle mit dem Kennwort %s:") % demonstration_rooms.PASSWORD,
            *(f"  {each.name:<16} {each.sees}" for each in _SIGN_INS),
            _("Die Schnittstelle, mit einem Schlüssel für Luftdruck AG:"),
            f'  curl -H "Authorization: Bearer {demonstration_api.KEY}"'
            f" http://{_ADDRESS}/api/v1/me",
            _("Mit Strg+C beenden."),
        )
        call_command("runserver", _ADDRESS, use_reloader=False)


def _table(summary: dict[str, Any]) -> list[str]:
    """The summary as lines of a table."""
    employers = summary["employers"]
    rows = [
        (e["name"], str(e["insured"]), Decimal(e["payroll"]), Decimal(e["premium"]))
        for e in employers
    ]
    sums = (
        _("Summe"),
        str(sum(e["insured"] for e in employers)),
        total(row[2] for row in rows),
        Decimal(summary["premium_total"]),
    )
    head = f"{_('Arbeitgeber'):<32}{_('Versicherte'):>12}{_('Lohnsumme €'):>16}{_('Beitrag €'):>13}"
    return [
        head,
        *(
            f"{name:<32}{insured:>12}{format_amount(payroll):>16}{format_amount(premium):>13}"
            for name, insured, payroll, premium in [*rows, sums]
        ),
    ]
