"""Order the transfer of benefit that is due, or release such an order."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aupolicy.kernel.money import format_amount
from aupolicy.management.command import ProductCommand
from aupolicy.models import User
from billing.exports.sepa_check import UnableToWriteFile
from billing.models import PayoutOrder
from billing.operations.payouts import (
    PayoutReport,
    UnableToPay,
    create_order,
    read_order_file,
    release_order,
)
from billing.queries.creditor import get_creditor
from billing.words import describe_pay_refusal, describe_transfer_finding, describe_waiting


class Command(ProductCommand):
    """Make the order of an execution day; another person releases it and gets its file."""

    help = "Leistungen auszahlen: Überweisungsauftrag (pain.001.001.09) anlegen oder freigeben"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who acts, and the day to pay on or the order to release with the file to write."""
        super().add_arguments(parser)
        parser.add_argument("--user", required=True, metavar="NAME")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--day", type=date.fromisoformat, metavar="DATE")
        what.add_argument("--release", metavar="MESSAGE")
        parser.add_argument("--ask-verification", action="store_true")
        parser.add_argument("--out", type=Path, metavar="FILE")

    def run(self, options: dict[str, Any]) -> None:
        """Order or release."""
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            self.refuse(_("Diese Person gibt es nicht: %(name)s") % {"name": options["user"]})
        try:
            if options["day"]:
                self._order(user, options["day"], ask=options["ask_verification"])
            else:
                self._release(user, options["release"], options["out"])
        except UnableToPay as error:
            self.refuse(describe_pay_refusal(error.code, error.params), code=error.code)
        except UnableToWriteFile as error:
            self.refuse(*map(describe_transfer_finding, error.findings))

    def _order(self, user: User, day: date, *, ask: bool) -> None:
        report = create_order(
            execution_date=day,
            user=user,
            now=timezone.now(),
            debtor=get_creditor(),
            ask_verification=ask,
        )
        waiting = list(map(describe_waiting, report.waiting))
        data = {
            "execution_date": report.execution_date,
            "order": report.order.message_id if report.order else None,
            "transfers": len(report.payouts),
            "control_sum": report.order.control_sum if report.order else None,
            "set_off": len(report.set_off),
            "waiting": waiting,
        }
        self.answer(data, _describe(report), *waiting)

    def _release(self, user: User, message_id: str, out: Path | None) -> None:
        order = PayoutOrder.objects.filter(message_id=message_id).first()
        if order is None:
            self.refuse(_("Diesen Auftrag gibt es nicht: %(id)s") % {"id": message_id})
        order = release_order(order=order, user=user, now=timezone.now())
        if out is not None:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(read_order_file(order))
        text = _("Auftrag %(id)s ist freigegeben.") % {"id": order.message_id}
        self.answer({"order": order.message_id, "file": out}, text)


def _describe(report: PayoutReport) -> str:
    if report.order is None:
        return _("Zu diesem Tag ist nichts zu überweisen.")
    return ngettext(
        "Auftrag %(id)s: eine Überweisung über %(sum)s €, Ausführung am %(day)s. Er wartet auf die"
        " Freigabe durch eine zweite Person.",
        "Auftrag %(id)s: %(count)d Überweisungen über %(sum)s €, Ausführung am %(day)s. Er wartet"
        " auf die Freigabe durch eine zweite Person.",
        report.order.transfer_count,
    ) % {
        "id": report.order.message_id,
        "count": report.order.transfer_count,
        "sum": format_amount(report.order.control_sum),
        "day": f"{report.execution_date:%d.%m.%Y}",
    }
