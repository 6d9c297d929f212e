"""Apply a file of notices or a complete payroll to a contract, with its effect shown first."""

import hashlib
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aupolicy.kernel.file_store import FileStore
from aupolicy.kernel.money import format_amount
from aupolicy.management.command import ProductCommand
from aupolicy.models import GroupContract
from billing.operations.uploads import check_upload
from members.facts import Channel, UploadKind, UploadStatus
from members.models import Upload
from members.operations.statistics import refresh_statistics
from members.operations.uploads import (
    UnableToTakeUpload,
    apply_upload,
    receive_upload,
    release_upload,
)
from members.queries.uploads import describe_row, is_small, list_notes, list_problems, list_rows
from members.words import describe_problem, describe_upload_refusal


class Command(ProductCommand):
    """Apply a file: every row, or none with the reasons; or only the valid rows."""

    help = "Meldungen oder eine vollständige Lohnliste aus einer Tabelle übernehmen"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """File, contract and what is done with it."""
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--contract", required=True, metavar="NO", help="contract number")
        parser.add_argument(
            "--kind",
            choices=[kind.value.lower() for kind in UploadKind],
            default=UploadKind.CHANGES.value.lower(),
            help="single notices, or everybody in the payroll",
        )
        parser.add_argument(
            "--effective",
            type=date.fromisoformat,
            help="first day of rows that name none, or the day of the payroll, YYYY-MM-DD",
        )
        parser.add_argument("--dry-run", action="store_true", help="show the effect, keep nothing")
        parser.add_argument(
            "--skip-failed", action="store_true", help="leave out the rows that have errors"
        )

    def run(self, options: dict[str, Any]) -> None:
        """The steps of an upload, one after the other, in one transaction."""
        contract = self.find_contract(options["contract"])
        content = self.read(options["file"])
        kept = FileStore(Path(settings.FILES_ROOT)).path(hashlib.sha256(content).hexdigest())
        was_kept = kept.exists()
        with transaction.atomic():
            upload = self._receive(contract, content, options)
            check_upload(upload_id=upload.pk, now=timezone.now())
            upload.refresh_from_db()
            errors = self._list_errors(upload, skip=options["skip_failed"])
            was_applied = upload.status == UploadStatus.APPLIED
            if not errors and upload.status == UploadStatus.CHECKED:
                self._apply(upload, skip=options["skip_failed"])
            answer = _describe(upload, was_applied=was_applied)
            if errors or options["dry_run"]:
                transaction.set_rollback(True)
        if (errors or options["dry_run"]) and not was_kept:
            kept.unlink(missing_ok=True)
        if errors:
            self.refuse(*errors, _("Nichts wurde übernommen."), **answer)
        self._tell(answer | {"dry_run": options["dry_run"]}, was_applied=was_applied)

    def _receive(self, contract: GroupContract, content: bytes, options: dict[str, Any]) -> Upload:
        try:
            return receive_upload(
                contract=contract,
                kind=UploadKind(options["kind"].upper()),
                file_name=options["file"].name,
                content=content,
                effective=options["effective"],
                sender=None,
                now=timezone.now(),
                channel=Channel.COMMAND,
            )
        except UnableToTakeUpload as error:
            self.refuse(describe_upload_refusal(error.code, error.params))

    @staticmethod
    def _list_errors(upload: Upload, *, skip: bool) -> list[str]:
        if upload.problems:
            return [describe_problem(problem) for problem in list_problems(upload)]
        return [] if skip else [describe_row(row) for row in list_rows(upload, "failed")]

    @staticmethod
    def _apply(upload: Upload, *, skip: bool) -> None:
        outcomes = upload.summary["outcomes"]
        if outcomes["apply"] or outcomes["clerk"]:
            release_upload(upload=upload, skips_failed_rows=skip, by=None, now=timezone.now())
            apply_upload(upload_id=upload.pk, now=timezone.now())
            if not is_small(upload):
                refresh_statistics()

    def _tell(self, data: dict[str, Any], *, was_applied: bool) -> None:
        if data["dry_run"]:
            headline = _(
                "Probe: %(applied)d Meldungen würden wirksam, %(known)d sind schon bekannt."
            )
        else:
            headline = _("%(applied)d Meldungen sind wirksam, %(known)d waren schon bekannt.")
        sentences = [headline % {"applied": data["applied"], "known": data["already_known"]}]
        if not was_applied:
            sentences.append(
                _("Wirkung auf die Abrechnung %(month)s: %(effect)s €.")
                % {"month": data["month"], "effect": format_amount(data["effect"])}
            )
        sentences += [*data["needs_clerk"], *data["warnings"]]
        if data["left_out"]:
            sentences.append(
                ngettext(
                    "%(count)d Zeile ist fehlerhaft und bleibt außen vor:",
                    "%(count)d Zeilen sind fehlerhaft und bleiben außen vor:",
                    len(data["left_out"]),
                )
                % {"count": len(data["left_out"])}
            )
        self.answer(data, *sentences, *data["left_out"])


def _describe(upload: Upload, *, was_applied: bool) -> dict[str, Any]:
    """What the file does, as values and sentences."""
    summary = upload.summary
    if not summary:
        return {}
    outcomes = summary["outcomes"]
    taken = outcomes["apply"] + outcomes["clerk"]
    return {
        "applied": 0 if was_applied else outcomes["apply"],
        "already_known": outcomes["known"] + (taken if was_applied else 0),
        "unchanged": outcomes["none"],
        "kinds": summary["kinds"],
        "errors": summary["errors"],
        "effect": Decimal(summary["effect"]),
        "month": summary["month"],
        "needs_clerk": [describe_row(row) for row in list_rows(upload, "clerk")],
        "warnings": [describe_row(row) for row in list_rows(upload, "apply", with_findings=True)]
        + [describe_problem(note) for note in list_notes(upload)],
        "left_out": [describe_row(row) for row in list_rows(upload, "failed")],
    }
