"""Prove the books."""

import time
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from aupolicy.management.command import ProductCommand
from billing.queries.audit import Audit, audit_ledger
from billing.words.audit import describe_check, describe_difference


class Command(ProductCommand):
    """Compare lines, statements, bookings, debits and bank over the whole book."""

    help = "Das ganze Hauptbuch prüfen; Abweichungen mit Schlüssel und Betrag, dann Status 1"

    def run(self, options: dict[str, Any]) -> None:
        """Prove everything, and say so in one line or list what differs."""
        start = time.perf_counter()
        audit = audit_ledger()
        seconds = round(time.perf_counter() - start, 1)
        words = _words(audit, seconds)
        if audit.is_clean:
            data = asdict(audit) | {"clean": True, "seconds": seconds}
            text = _(
                "Hauptbuch geprüft: %(runs)s Läufe, %(statements)s Abrechnungen, %(lines)s Zeilen,"
                " %(bookings)s Buchungen, %(debits)s Lastschriften, %(checks)s Vergleiche in"
                " %(seconds)s s, alles stimmt."
            )
            self.answer(data, text % words)
            return
        headline = _(
            "Hauptbuch geprüft: %(lines)s Zeilen, %(bookings)s Buchungen in %(seconds)s s –"
            " %(different)s Abweichungen."
        )
        sums = [f"{describe_check(code)}: {count}" for code, count in audit.broken.items()]
        lines = [describe_difference(each) for each in audit.differences]
        self.refuse(headline % words, *sums, *lines, **_plain(audit), seconds=seconds)


def _words(audit: Audit, seconds: float) -> dict[str, str]:
    return {
        **{
            name: _count(getattr(audit, name))
            for name in ("runs", "statements", "lines", "bookings", "debits")
        },
        "checks": str(len(audit.checks)),
        "different": _count(sum(audit.broken.values())),
        "seconds": f"{seconds:.1f}".replace(".", ","),
    }


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _plain(audit: Audit) -> dict[str, Any]:
    return {**asdict(audit), "clean": False}
