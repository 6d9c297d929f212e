"""What all commands share: --json, the language, clear errors and their exit status."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from aupolicy.kernel.month import Month
from aupolicy.models import GroupContract

FAILED, MISUSED = 1, 2


class ProductCommand(BaseCommand):
    """A command that answers people in sentences and programs in JSON.

    Exit status: 0 done, 1 refused with reasons, 2 called wrongly.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of every command."""
        parser.add_argument("--json", action="store_true", help="answer as JSON on stdout")
        parser.add_argument(
            "--language", choices=["de", "en"], default="de", help="language of the answer"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run in the wanted language."""
        self.as_json = options["json"]
        with translation.override(options["language"]):
            self.run(options)

    def run(self, options: dict[str, Any]) -> None:
        """What the command does."""
        raise NotImplementedError

    def answer(self, data: dict[str, Any], *sentences: str) -> None:
        """Give the result: `data` for programs, `sentences` for people."""
        if self.as_json:
            self.stdout.write(json.dumps(data, default=_plain, ensure_ascii=False, indent=2))
        else:
            for sentence in sentences:
                self.stdout.write(sentence)

    def refuse(self, *errors: str, **data: Any) -> NoReturn:
        """End with errors: each in a line of its own, nothing changed."""
        if self.as_json:
            content = {**data, "errors": list(errors)}
            self.stdout.write(json.dumps(content, default=_plain, ensure_ascii=False, indent=2))
            sys.exit(FAILED)
        raise CommandError("\n".join(errors), returncode=FAILED)

    def tell(self, text: str) -> None:
        """Progress for people, on stderr, so that stdout stays the answer."""
        if not self.as_json:
            self.stderr.write(text, ending="\n")

    def read(self, path: Path) -> bytes:
        """The content of a file the user named."""
        try:
            return path.read_bytes()
        except OSError as error:
            self.refuse(
                _("Datei %(path)s ist nicht lesbar: %(reason)s")
                % {"path": path, "reason": error.strerror or error}
            )

    def find_contract(self, number: str) -> GroupContract:
        """The contract of a number the user gave."""
        contract = GroupContract.objects.filter(number=number).first()
        if contract is None:
            self.refuse(_("Vertrag %(number)s gibt es nicht.") % {"number": number})
        return contract


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | date | Path | Month):
        return str(value)
    raise TypeError(type(value).__name__)
