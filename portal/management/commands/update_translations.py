"""Bring the English catalogue in line with the texts in the source, and compile it."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

from portal.parsing import Message, find_in_calls, find_in_python

APPS = ("aupolicy", "members", "claims", "billing", "documents", "portal", "api", "config")
CATALOGUE = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"
# Letters are contracts in German; they have no other language.
_GERMAN_ONLY = "documents"
_HEADER = {
    "Project-Id-Version": "bau",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


class Command(BaseCommand):
    help = "Englische Übersetzungen nachführen: neue Texte aufnehmen, alte streichen, übersetzen"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Nothing but the choice to look only."""
        parser.add_argument("--check", action="store_true", help="nur prüfen, nichts schreiben")

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = merge(find_messages(), polib.pofile(str(CATALOGUE)))
        if not options["check"]:
            catalogue.save(str(CATALOGUE))
            catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
        for entry in list_untranslated(catalogue):
            self.stdout.write(entry.msgid)
        self.stdout.write(f"{len(catalogue)} Texte, {len(list_untranslated(catalogue))} offen")


def find_messages() -> dict[Message, list[str]]:
    """Every text to translate with the files it stands in."""
    found: dict[Message, list[str]] = {}
    for path, messages in _read_sources():
        name = path.relative_to(settings.BASE_DIR).as_posix()
        for message in messages:
            places = found.setdefault(message, [])
            if name not in places:
                places.append(name)
    return found


def _read_sources() -> Iterator[tuple[Path, list[Message]]]:
    root = Path(settings.BASE_DIR)
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            yield path, list(find_in_python(path.read_text(encoding="utf-8")))
    templates = (root / "templates").rglob("*.*")
    for path in sorted(p for p in templates if p.suffix in {".html", ".txt"}):
        if path.relative_to(root / "templates").parts[0] != _GERMAN_ONLY:
            calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield path, list(find_in_calls(calls))


def merge(messages: dict[Message, list[str]], known: polib.POFile) -> polib.POFile:
    """A catalogue of exactly these texts, with the translations known so far."""
    catalogue = polib.POFile(wrapwidth=98)
    catalogue.metadata = dict(_HEADER)
    for message in sorted(messages):
        old = known.find(message.text, msgctxt=message.context or False)
        entry = polib.POEntry(
            msgid=message.text,
            msgctxt=message.context or None,
            occurrences=[(place, "") for place in messages[message]],
        )
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = old.msgstr_plural if old else {0: "", 1: ""}
        else:
            entry.msgstr = old.msgstr if old else ""
        catalogue.append(entry)
    return catalogue


def list_untranslated(catalogue: polib.POFile) -> list[polib.POEntry]:
    """Texts without an English wording."""
    return [
        entry
        for entry in catalogue
        if not (all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr)
    ]
