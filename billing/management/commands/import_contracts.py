"""Record signed contracts from a file."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.kernel.month import Month
from aupolicy.management.command import ProductCommand
from aupolicy.models import Broker, GroupContract
from aupolicy.operations import UnableToAgree, register_broker
from aupolicy.queries import UnknownTariff
from billing.operations.contracts import record_contract
from billing.parsing.contract_file import ContractEntry, UnableToReadContracts, parse_contracts
from billing.words import describe_contract_problem


class Command(ProductCommand):
    """Record all contracts of a file that are not there yet, or none with the reasons."""

    help = "Unterschriebene Verträge mit Arbeitgeber, Konditionen und Mandat aus YAML übernehmen"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file and what it leaves open."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--start",
            type=date.fromisoformat,
            help="first day of contracts that name none, YYYY-MM-DD (the first of next month)",
        )
        parser.add_argument("--dry-run", action="store_true", help="check the file, keep nothing")

    def run(self, options: dict[str, Any]) -> None:
        """Read the whole file first, then record it in one transaction."""
        try:
            file = parse_contracts(self.read(options["file"]))
        except UnableToReadContracts as error:
            self.refuse(*map(describe_contract_problem, error.problems))
        today = timezone.localdate()
        start = options["start"] or Month.of(today).plus(1).first_day
        with transaction.atomic():
            broker = register_broker(Broker(**file.broker)) if file.broker else None
            new = [entry for entry in file.entries if not _is_known(entry)]
            for entry in new:
                self._record(entry, broker, start, today)
            if options["dry_run"]:
                transaction.set_rollback(True)
        known = len(file.entries) - len(new)
        data = {
            "dry_run": options["dry_run"],
            "recorded": [entry.number for entry in new],
            "already_known": known,
        }
        self.answer(
            data,
            _("%(new)d Verträge übernommen, %(known)d waren schon da.")
            % {"new": len(new), "known": known},
        )

    def _record(
        self, entry: ContractEntry, broker: Broker | None, start: date, today: date
    ) -> None:
        try:
            record_contract(
                entry,
                broker=broker,
                start=start,
                signed_on=today,
                creditor_identifier=settings.INSURER["creditor_identifier"],
            )
        except UnknownTariff as error:
            known = _("Tarif %(key)s gibt es nicht. Bekannt sind: %(known)s.") % error.params
            self.refuse(f"{entry.number}: {known}")
        except UnableToAgree as error:
            self.refuse(f"{entry.number}: {error}")
        except ValidationError as error:
            self.refuse(*(f"{entry.number}: {message}" for message in error.messages))


def _is_known(entry: ContractEntry) -> bool:
    return GroupContract.objects.filter(number=entry.number).exists()
