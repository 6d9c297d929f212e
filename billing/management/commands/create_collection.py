"""Write the pain.008 file of a due date."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.kernel.money import format_amount, total
from aupolicy.management.command import ProductCommand
from aupolicy.models import User
from billing.exports.sepa_rules import UnableToWriteDebitFile
from billing.models import Collection
from billing.operations import UnableToCollect, create_collections
from billing.operations.collect import CollectionReport
from billing.operations.collection_files import read_released_file
from billing.operations.collection_release import release_collection
from billing.queries.creditor import get_creditor
from billing.words import describe_finding, describe_not_collected
from billing.words.mandates import describe_collect_refusal


class Command(ProductCommand):
    """Collect all statements due by a day; run again, it writes the same file again.

    A file is written out only once somebody has released it.
    """

    help = "Lastschriftdatei (pain.008.001.08) für einen Fälligkeitstag erstellen"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Day and file, and who releases it."""
        super().add_arguments(parser)
        parser.add_argument("--due", type=date.fromisoformat, required=True, metavar="DATE")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument("--release-by", metavar="USER")

    def run(self, options: dict[str, Any]) -> None:
        """Collect what is due and write the file, or files where two schemes are in use."""
        user = self._find_user(options["release_by"])
        try:
            report = create_collections(
                due=options["due"], now=timezone.now(), creditor=get_creditor()
            )
        except UnableToCollect as error:
            self.refuse(describe_collect_refusal(error.code, error.params), code=error.code)
        except UnableToWriteDebitFile as error:
            self.refuse(*map(describe_finding, error.findings))
        left = [describe_not_collected(item) for item in report.not_collected]
        collections = report.created or report.existing
        if not collections:
            self.refuse(_("Zu diesem Tag ist nichts einzuziehen."), *left)
        if user is not None:
            self._release(collections, user)
        released = Collection.objects.filter(
            pk__in=[each.pk for each in collections], released_at__isnull=False
        )
        files = self._write(options["out"], tuple(released.order_by("pk")))
        self._answer(report, files, left)

    def _find_user(self, name: str | None) -> User | None:
        if name is None:
            return None
        user = User.objects.filter(username=name).first()
        if user is None:
            self.refuse(_("Diese Person gibt es nicht: %(name)s") % {"name": name})
        return user

    def _release(self, collections: tuple[Collection, ...], user: User) -> None:
        for collection in collections:
            if collection.released_at is not None:
                continue
            try:
                release_collection(collection=collection, user=user, now=timezone.now())
            except UnableToCollect as error:
                self.refuse(describe_collect_refusal(error.code, error.params), code=error.code)

    def _write(self, out: Path, collections: tuple[Collection, ...]) -> list[Path]:
        out.parent.mkdir(parents=True, exist_ok=True)
        files = []
        for index, collection in enumerate(collections):
            name = out if index == 0 else out.with_stem(f"{out.stem}-{collection.message_id}")
            name.write_bytes(read_released_file(collection))
            files.append(name)
        return files

    def _answer(self, report: CollectionReport, files: list[Path], left: list[str]) -> None:
        collections = report.created or report.existing
        control_sum = total(collection.control_sum for collection in collections)
        debits = sum(collection.debit_count for collection in collections)
        data = {
            "due": report.due,
            "new": bool(report.created),
            "debits": debits,
            "control_sum": control_sum,
            "files": files,
            "waiting": len(collections) - len(files),
            "not_collected": left,
        }
        if report.created:
            headline = _("%(debits)d Lastschriften über %(sum)s €, fällig am %(due)s: %(files)s")
        else:
            headline = _(
                "Nichts Neues einzuziehen; dieselbe Datei mit %(debits)d Lastschriften über"
                " %(sum)s €, fällig am %(due)s, liegt wieder in %(files)s"
            )
        words = {
            "debits": debits,
            "sum": format_amount(control_sum),
            "due": f"{report.due:%d.%m.%Y}",
            "files": ", ".join(map(str, files)) or _("keine Datei"),
        }
        waiting = len(collections) - len(files)
        notes = [_("%(count)d Dateien warten auf ihre Freigabe.") % {"count": waiting}]
        self.answer(data, headline % words, *(notes if waiting else []), *left)
