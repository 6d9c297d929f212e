"""Seal health data anew after a new key was put in front."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aupolicy.management.command import ProductCommand
from claims.operations.reseal import ResealReport, reseal_all


class Command(ProductCommand):
    """Seal diagnoses, medical notes and documents anew under the first key; only counts are told.

    It may be broken off and called again at any time.
    """

    help = "Gesundheitsdaten unter dem ersten Schlüssel neu verschlüsseln"

    def run(self, options: dict[str, Any]) -> None:
        """See it through, and say whether a former key may go."""
        report = reseal_all(tell=self._tell)
        counts = {
            "texts": report.texts,
            "documents": report.documents,
            "failed": report.failed,
            "key": next(iter(settings.FIELD_ENCRYPTION_KEYS)),
        }
        if report.failed:
            self.refuse(
                ngettext(
                    "%(count)d Eintrag ließ sich mit keinem Schlüssel öffnen und blieb, wie er war."
                    " Behalten Sie alle früheren Schlüssel.",
                    "%(count)d Einträge ließen sich mit keinem Schlüssel öffnen und blieben, wie"
                    " sie waren. Behalten Sie alle früheren Schlüssel.",
                    report.failed,
                )
                % {"count": report.failed},
                **counts,
            )
        self.answer(
            counts,
            _(
                "Neu verschlüsselt: %(texts)d Texte, %(documents)d Unterlagen."
                " Gesundheitsdaten brauchen nur noch den Schlüssel %(key)s."
            )
            % counts,
        )

    def _tell(self, report: ResealReport) -> None:
        self.tell(f"{report.texts} + {report.documents}")
