"""Tell programs of what has happened, once, without a worker."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aupolicy.management.command import ProductCommand
from documents.operations.webhooks import EVENTS_A_ROUND, collect_messages, deliver_due


class Command(ProductCommand):
    """Collect what is new and make every call that is due; run again, it tells nothing twice."""

    help = "Ereignisse an die Empfangsadressen von Anbindungen senden"

    def run(self, options: dict[str, Any]) -> None:
        """Until nothing is due at this moment."""
        events, found = 0, EVENTS_A_ROUND
        while found >= EVENTS_A_ROUND:
            found = collect_messages(now=timezone.now())
            events += found
        delivered = failed = 0
        while not (report := deliver_due(now=timezone.now())).is_empty:
            delivered, failed = delivered + report.delivered, failed + report.failed
        said = {"events": events, "delivered": delivered, "failed": failed}
        text = _("Neue Ereignisse: %(events)s, zugestellt: %(delivered)s, gescheitert: %(failed)s.")
        self.answer(said, text % said)
