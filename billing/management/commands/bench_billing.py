"""Measure the monthly run against bare SQL."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from benchmarks.billing_run import Bench, Order
from benchmarks.database import Server
from benchmarks.report import tell


class Command(BaseCommand):
    """Measure the monthly run in databases made for it on the server of DATABASE_URL."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Sizes, repetitions and where the figures go."""
        parser.add_argument("--members", type=int, default=100_000)
        parser.add_argument("--contracts", type=int, default=1_000)
        parser.add_argument("--rounds", type=int, default=4, help="of one floor and one run each")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--workers", type=int, default=2, help="processes besides the one")
        parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, and tell in the end."""
        order = Order(
            members=options["members"],
            contracts=options["contracts"],
            rounds=options["rounds"],
            seed=options["seed"],
            workers=options["workers"],
        )
        server = Server(os.environ["DATABASE_URL"])
        report = Bench(server=server, order=order, say=self.stdout.write).run()
        for line in tell(report):
            self.stdout.write(line)
        if options["json"]:
            options["json"].write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
