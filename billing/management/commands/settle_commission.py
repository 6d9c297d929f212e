"""What commission payments have brought brokers, and the statements that are due."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.operations.commission import settle_commission


class Command(BaseCommand):
    """`manage.py settle_commission`: once a day; again it does nothing."""

    help = "Records commission on what was paid; on the first working day states the last month."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run and say what was done."""
        report = settle_commission(now=timezone.now())
        numbers = ", ".join(statement.number for statement in report.statements) or "none"
        self.stdout.write(f"{report.entries} entries; statements: {numbers}")
