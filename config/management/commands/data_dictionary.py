"""Write the data dictionary and the headings of the portal's CSV files into the documentation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from aupolicy.management.command import ProductCommand
from config.data_export.dictionary import write_dictionary
from portal.exports.table_list import describe_tables

BEGIN, END = "<!-- written from portal/exports/tables.py -->", "<!-- end of what is written -->"


class Command(ProductCommand):
    """Write what the code says; a test compares the committed files with it."""

    help = "Datenverzeichnis und Überschriften der CSV-Dateien in die Dokumentation schreiben"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the documentation is."""
        super().add_arguments(parser)
        parser.add_argument("--docs", type=Path, default=settings.BASE_DIR / "docs", metavar="DIR")

    def run(self, options: dict[str, Any]) -> None:
        """Write both files."""
        dictionary = options["docs"] / "data-dictionary.md"
        dictionary.write_text("\n".join(write_dictionary()) + "\n", encoding="utf-8")
        formats = options["docs"] / "formats.md"
        text = replace_tables(self.read(formats).decode())
        formats.write_text(text, encoding="utf-8")
        files = [dictionary, formats]
        self.answer(
            {"files": files}, _("Geschrieben: %(files)s") % {"files": ", ".join(map(str, files))}
        )


def replace_tables(text: str) -> str:
    """The page of formats with the headings as the code has them now."""
    before, rest = text.split(BEGIN)
    _old, after = rest.split(END)
    tables = "\n".join(describe_tables())
    return f"{before}{BEGIN}\n\n{tables}\n{END}{after}"
