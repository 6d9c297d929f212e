"""What arrears bring today: open cases, take steps, close what is paid."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from billing.operations.arrears import look_after_arrears


class Command(BaseCommand):
    """`manage.py look_after_arrears [--day 2026-12-01]`: once a day; again it does nothing."""

    help = "Opens cases of arrears, takes the steps that are due, closes what is paid."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day to act as of, else today."""
        parser.add_argument("--day", type=date.fromisoformat, default=None)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run and say what was done."""
        today = options["day"] or timezone.localdate()
        report = look_after_arrears(today=today, now=timezone.now())
        steps = ", ".join(f"{kind} {count}" for kind, count in sorted(report.steps.items()))
        self.stdout.write(f"{today}: {report.opened} cases opened; steps: {steps or 'none'}")
