"""Let every mandate name the insurer as the settings do now."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.utils.translation import ngettext

from aupolicy.management.command import ProductCommand
from billing.operations.mandates import amend_creditor
from billing.queries.creditor import get_creditor


class Command(ProductCommand):
    """A new name or creditor identifier: a version of every mandate; a second call finds none."""

    help = "SEPA-Mandate auf den Gläubiger der Einstellungen umstellen (neuer Name, neue Nummer)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From which day on."""
        super().add_arguments(parser)
        parser.add_argument(
            "--from", type=date.fromisoformat, required=True, metavar="DATE", dest="first_day"
        )

    def run(self, options: dict[str, Any]) -> None:
        """Give the mandates their versions; the next debit of each tells the bank."""
        creditor = get_creditor()
        count = amend_creditor(creditor=creditor, first_day=options["first_day"])
        text = ngettext(
            "%(count)d Mandat nennt ab %(day)s %(name)s.",
            "%(count)d Mandate nennen ab %(day)s %(name)s.",
            count,
        )
        day = f"{options['first_day']:%d.%m.%Y}"
        data = {"mandates": count, "from": options["first_day"]}
        self.answer(data, text % {"count": count, "day": day, "name": creditor.name})
