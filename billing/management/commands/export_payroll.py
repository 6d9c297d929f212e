"""Write the file that an employer's payroll program imports: the benefit in kind of each person."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aupolicy.kernel.money import format_amount
from aupolicy.kernel.month import Month, UnableToReadMonth
from aupolicy.management.command import ProductCommand
from aupolicy.models import Employer
from billing.facts.payroll_file import PayrollFormat
from billing.models import PayrollFile
from billing.operations.payroll_files import UnableToMakePayrollFile, create_payroll_file
from billing.queries.payroll_files import (
    PayrollPreview,
    get_file_name,
    get_payroll_target,
    preview_payroll_file,
    read_payroll_file,
)
from billing.words import describe_payroll_refusal


class Command(ProductCommand):
    """Make the file of a month and write it into a folder; or only tell what would be in it."""

    help = "Geldwerten Vorteil eines Monats als Datei für die Lohnabrechnung schreiben"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose file, of which month, in which format and where to."""
        super().add_arguments(parser)
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--contract", metavar="NUMBER", help="number of one of its contracts")
        whose.add_argument("--employer", metavar="NAME", help="the employer's full legal name")
        parser.add_argument("--month", required=True, metavar="YYYY-MM")
        parser.add_argument(
            "--format",
            choices=[item.value for item in PayrollFormat],
            help="payroll program; without it the one of the employer's settings",
        )
        parser.add_argument("--out", type=Path, metavar="DIR", help="folder, made if missing")
        parser.add_argument("--dry-run", action="store_true", help="tell, and make nothing")

    def run(self, options: dict[str, Any]) -> None:
        """Preview, or make and write."""
        employer = self._find_employer(options)
        month = self._read_month(options["month"])
        chosen = PayrollFormat(options["format"]) if options["format"] else None
        try:
            if options["dry_run"]:
                self._tell(preview_payroll_file(employer=employer, month=month, file_format=chosen))
            elif options["out"] is None:
                self.refuse(_("Nennen Sie mit --out den Ordner für die Datei."))
            else:
                self._make(employer, month, chosen, options["out"])
        except UnableToMakePayrollFile as error:
            self.refuse(describe_payroll_refusal(error.code, error.params), code=error.code)

    def _find_employer(self, options: dict[str, Any]) -> Employer:
        if options["contract"]:
            return self.find_contract(options["contract"]).employer
        found = list(Employer.objects.filter(legal_name=options["employer"])[:2])
        if not found:
            self.refuse(_("Arbeitgeber %(name)s gibt es nicht.") % {"name": options["employer"]})
        if len(found) > 1:
            self.refuse(
                _("So heißen mehrere Arbeitgeber. Nennen Sie mit --contract einen Vertrag.")
            )
        return found[0]

    def _read_month(self, text: str) -> Month:
        try:
            return Month.parse(text)
        except UnableToReadMonth:
            self.refuse(
                _("Diesen Monat gibt es nicht: %(text)s. Erwartet JJJJ-MM.") % {"text": text}
            )

    def _make(
        self, employer: Employer, month: Month, chosen: PayrollFormat | None, folder: Path
    ) -> None:
        saved = get_payroll_target(employer)
        file_format = chosen or (saved.file_format if saved else PayrollFormat.CSV)
        # A file that could not be written out is not made either.
        with transaction.atomic():
            file = create_payroll_file(
                employer=employer,
                month=month,
                file_format=file_format,
                by=None,
                now=timezone.now(),
            )
            path = self._write(file, folder)
        data = {
            "file": path,
            "number": file.number,
            "sha256": file.sha256,
            "people": file.people,
            "amount": file.amount,
        }
        text = ngettext(
            "%(file)s: %(amount)s € für eine Person.",
            "%(file)s: %(amount)s € für %(people)d Personen.",
            file.people,
        )
        words = {"file": path, "people": file.people, "amount": format_amount(file.amount)}
        self.answer(data, text % words)

    def _write(self, file: PayrollFile, folder: Path) -> Path:
        path = folder / get_file_name(file)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Never over another file: the same name may be another employer's.
            with path.open("xb") as target:
                target.write(read_payroll_file(file))
        except FileExistsError:
            self.refuse(_("%(path)s gibt es schon; nichts wurde erstellt.") % {"path": path})
        except OSError as error:
            self.refuse(
                _("%(path)s ist nicht zu schreiben: %(reason)s. Nichts wurde erstellt.")
                % {"path": path, "reason": error.strerror or error}
            )
        return path

    def _tell(self, preview: PayrollPreview) -> None:
        file = preview.get_file()
        data = {
            "suggested_name": file.name,
            "people": preview.people,
            "amount": preview.amount,
            "corrections": preview.corrections,
            "over_limit": preview.over_limit,
            "dry_run": True,
        }
        text = ngettext(
            "Probe: %(amount)s € für eine Person, davon Änderungen früherer Monate: %(changes)d.",
            "Probe: %(amount)s € für %(people)d Personen, davon Änderungen früherer Monate:"
            " %(changes)d.",
            preview.people,
        )
        words = {"people": preview.people, "changes": preview.corrections}
        self.answer(data, text % {**words, "amount": format_amount(preview.amount)})
