"""Run a folder of acceptance cases."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from aupolicy.management.command import ProductCommand
from aupolicy.operations import UnableToAgree
from aupolicy.queries import UnknownTariff
from config.cases.checking import Difference, check_case
from config.cases.kinds import LATER_KINDS
from config.cases.reading import Case, UnableToReadCase, case_files, read_case


class Command(ProductCommand):
    """Run every case of a folder through the real rules; nothing stays in the database."""

    help = "Abnahmefälle (YAML) eines Ordners durch die echten Regeln laufen lassen"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder."""
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path, metavar="DIR")

    def run(self, options: dict[str, Any]) -> None:
        """Read all, run all, then report every difference."""
        files = case_files(options["folder"])
        if not files:
            self.refuse(_("In %(folder)s liegt kein Fall.") % options)
        cases, errors = self._read(files)
        later = [case for case in cases if case.kind in LATER_KINDS]
        checked = [case for case in cases if case.kind not in LATER_KINDS]
        differences: list[Difference] = []
        for case in checked:
            try:
                differences += check_case(case)
            except (UnknownTariff, UnableToAgree, ValueError) as error:
                errors.append(f"{case.path.name}: {error}")
        data = {
            "checked": len(checked),
            "not_checked": [{"case": case.path.name, "kind": case.kind} for case in later],
            "differences": [
                {"case": d.case.path.name, "key": d.key, "expected": d.expected, "got": d.got}
                for d in differences
            ],
        }
        if differences or errors:
            self.refuse(*errors, *map(_describe, differences), **data)
        counts = {"checked": len(checked), "later": len(later)}
        self.answer(
            data,
            _("%(checked)d Fälle stimmen.") % counts,
            *(
                _("Nicht geprüft: %(case)s (Art %(kind)s ist noch nicht gebaut)")
                % {"case": case.path.name, "kind": case.kind}
                for case in later
            ),
        )

    def _read(self, files: list[Path]) -> tuple[list[Case], list[str]]:
        cases, errors = [], []
        for path in files:
            try:
                cases.append(read_case(path))
            except UnableToReadCase as error:
                errors.append(str(error))
        return cases, errors


def _describe(difference: Difference) -> str:
    return _("%(case)s: %(key)s erwartet %(expected)s, erhalten %(got)s") % {
        "case": difference.case.path.name,
        "key": difference.key,
        "expected": difference.expected,
        "got": difference.got,
    }
