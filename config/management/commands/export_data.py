"""Export every entity for the insurer's own systems, whole or what changed since."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.management.command import ProductCommand
from config.data_export.export import UnableToExport, export_data
from config.data_export.files import Format


class Command(ProductCommand):
    """Write a folder with a file for each table, a manifest and the data dictionary."""

    help = "Alle Daten als CSV oder Parquet ausgeben, ganz oder was sich seither geändert hat"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Folder, format, and the earlier export to go on from."""
        super().add_arguments(parser)
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument(
            "--format", choices=[str(each) for each in Format], default=str(Format.PARQUET)
        )
        parser.add_argument(
            "--since", type=Path, metavar="DIR", help="an earlier export; its manifest is enough"
        )

    def run(self, options: dict[str, Any]) -> None:
        """Export and say how much."""
        try:
            export = export_data(
                folder=options["out"],
                file_format=Format(options["format"]),
                now=timezone.now(),
                since=options["since"],
            )
        except UnableToExport as error:
            self.refuse(_describe(error), code=error.code)
        data = {
            "folder": export.folder,
            "kind": export.kind,
            "tables": export.tables,
            "rows": export.rows,
        }
        sentences = {
            "full": _("%(tables)d Tabellen mit %(rows)d Zeilen liegen vollständig in %(folder)s"),
            "incremental": _(
                "%(rows)d neue oder geänderte Zeilen aus %(tables)d Tabellen liegen in %(folder)s"
            ),
        }
        self.answer(data, sentences[export.kind] % data)


def _describe(error: UnableToExport) -> str:
    texts = {
        "FOLDER_EXISTS": _("%(folder)s gibt es schon. Geben Sie einen neuen Ordner an."),
        "NO_EARLIER": _("In %(folder)s liegt kein Export, von dem aus es weitergehen kann."),
        "OTHER_DATABASE": _(
            "Der frühere Export stammt aus einer anderen Datenbank. Beginnen Sie mit einem"
            " vollständigen Export."
        ),
        "OTHER_PAST": _(
            "Die Datenbank wurde seit dem früheren Export auf einen älteren Stand gebracht."
            " Beginnen Sie mit einem vollständigen Export."
        ),
    }
    return texts[error.code] % error.params
