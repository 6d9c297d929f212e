"""Issue the confirmations of a contract and put them into one ZIP."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.management.command import ProductCommand
from documents.exports.filenames import file_name
from documents.operations import (
    ArchiveReport,
    IssueReport,
    UnableToIssue,
    issue_confirmations,
    zip_papers,
)
from documents.queries import document_path

COPIES_A_PERSON = 2


class Command(ProductCommand):
    """Set what says something new, write the ZIP; run again, it writes the same ZIP again."""

    help = "Versicherungsbestätigungen eines Vertrags ausstellen, für Personen und Arbeitgeber"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Contract and folder."""
        super().add_arguments(parser)
        parser.add_argument(
            "--contract", required=True, metavar="NO", help="number of the contract"
        )
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder")
        parser.add_argument(
            "--single-files", action="store_true", help="write each PDF beside the ZIP as well"
        )

    def run(self, options: dict[str, Any]) -> None:
        """Issue as of today, then write the ZIP."""
        contract = self.find_contract(options["contract"])
        today = timezone.localdate()
        out: Path = options["out"]
        if out.exists() and not out.is_dir():
            self.refuse(_("%(path)s ist kein Ordner.") % {"path": out})
        report = issue_confirmations(contract=contract, as_of=today, progress=self._progress)
        name = file_name("Versicherungsbestaetigungen", contract.number, suffix="zip")
        try:
            archive = zip_papers(contract=contract, as_of=today, out=out / name)
        except UnableToIssue:
            self.refuse(
                _("Unter Vertrag %(number)s ist am %(day)s niemand versichert.")
                % {"number": contract.number, "day": f"{today:%d.%m.%Y}"}
            )
        if options["single_files"]:
            _write_single_files(out, report)
        self._answer(contract.number, report, archive)

    def _progress(self, done: int, count: int) -> None:
        self.tell(_("%(done)d von %(count)d Bestätigungen") % {"done": done, "count": count})

    def _answer(self, number: str, report: IssueReport, archive: ArchiveReport) -> None:
        count = len(report.documents)
        data = {
            "contract": number,
            "persons": count // COPIES_A_PERSON,
            "count": count,
            "new": report.created,
            "zip": archive.path,
        }
        words = {
            "count": count,
            "new": report.created,
            "persons": count // COPIES_A_PERSON,
            "zip": archive.path,
        }
        if report.created:
            headline = _(
                "%(new)d neue von %(count)d Bestätigungen für %(persons)d Personen, alle in %(zip)s"
            )
        else:
            headline = _(
                "Nichts Neues: %(count)d Bestätigungen für %(persons)d Personen liegen wieder in"
                " %(zip)s"
            )
        self.answer(data, headline % words)


def _write_single_files(folder: Path, report: IssueReport) -> None:
    for document in report.documents:
        (folder / document.file_name).write_bytes(document_path(document).read_bytes())
