"""Which column of a file means what: headings in German and English, ready and remembered."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from members.facts import UploadKind

# Field -> headings that mean it, as people and programs write them; the first is our own.
_PERSON: Mapping[str, tuple[str, ...]] = {
    "personnel_number": (
        "Personalnummer",
        "Personal-Nr.",
        "Pers.-Nr.",
        "PNR",
        "PersNr",
        "Mitarbeiternummer",
        "Mitarbeiter-Nr.",
        "MA-Nr.",
        "Employee number",
        "Employee ID",
        "Personnel number",
        "Staff number",
    ),
    "last_name": ("Nachname", "Name", "Familienname", "Zuname", "Surname", "Last name"),
    "first_name": ("Vorname", "Rufname", "First name", "Given name"),
    "birth_date": (
        "Geburtsdatum",
        "Geburtstag",
        "Geb.-Datum",
        "geboren am",
        "Date of birth",
        "Birthday",
        "DOB",
    ),
    "pay": (
        "Bruttoentgelt",
        "Bruttogehalt",
        "Monatsbrutto",
        "Gesamtbrutto",
        "Grundgehalt",
        "Monatsgehalt",
        "Bruttolohn",
        "Brutto",
        "Gehalt",
        "Lohn",
        "Entgelt",
        "Bemessungsentgelt",
        "Gross pay",
        "Monthly gross",
        "Monthly pay",
        "Salary",
        "Fix salary",
        "Fixgehalt",
    ),
    "pay_interval": (
        "Gehaltsintervall",
        "Zahlungsintervall",
        "Lohnart Zeitraum",
        "Pay interval",
        "Salary interval",
        "Fix salary interval",
    ),
    "employment": (
        "Beschäftigungsart",
        "Beschäftigung",
        "Personengruppenschlüssel",
        "Personengruppe",
        "PGR",
        "Employment type",
        "Employment",
    ),
    "occupation": (
        "Tätigkeit",
        "Beruf",
        "Position",
        "Stellenbezeichnung",
        "Job title",
        "Occupation",
    ),
    "health_insurance": ("Krankenversicherung", "Krankenkasse", "Health insurance"),
}
_CHANGES: Mapping[str, tuple[str, ...]] = {
    "kind": ("Meldung", "Meldeart", "Art der Meldung", "Notice", "Kind of notice"),
    "effective": (
        "Wirksam ab",
        "wirksam",
        "Wirksamkeitsdatum",
        "Gültig ab",
        "Gültigkeitsdatum",
        "Eintritt",
        "Eintrittsdatum",
        "Stichtag",
        "Effective date",
        "Effective",
        "Valid from",
        "Hire date",
        "Start date",
    ),
    "reason": ("Grund", "Abgangsgrund", "Austrittsgrund", "Reason", "Termination reason"),
    "reference": ("Referenz", "Ihre Referenz", "Reference", "Your reference"),
    "corrects": (
        "Berichtigt Referenz",
        "Referenz der berichtigten Meldung",
        "Storniert Referenz",
        "Corrects reference",
        "Corrects",
    ),
}
_FULL_LIST: Mapping[str, tuple[str, ...]] = {
    "entry_date": (
        "Eintrittsdatum",
        "Eintritt",
        "Einstellungsdatum",
        "beschäftigt seit",
        "Hire date",
        "Entry date",
        "Start date",
    ),
    "exit_date": (
        "Austrittsdatum",
        "Austritt",
        "beschäftigt bis",
        "Termination date",
        "Exit date",
        "End date",
        "Last working day",
    ),
}
FIELDS: Mapping[UploadKind, Mapping[str, tuple[str, ...]]] = {
    UploadKind.CHANGES: {**_PERSON, **_CHANGES},
    UploadKind.FULL_LIST: {**_PERSON, **_FULL_LIST},
}


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of one file mean.

    `fields` maps a field to the index of its column, `headings` are all headings of the file.
    `profile` names the program whose export this seems to be ("datev", "personio", "lexware",
    "" for none). `twice` lists (field, first heading, second heading) where two columns mean the
    same; the first one is taken, and the page lets people choose.
    """

    headings: tuple[str, ...]
    fields: Mapping[str, int]
    profile: str = ""
    twice: tuple[tuple[str, str, str], ...] = field(default=())

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Headings that mean nothing to us, in the order of the file."""
        used = set(self.fields.values())
        return tuple(h for i, h in enumerate(self.headings) if h and i not in used)

    def heading(self, name: str) -> str:
        """How the file calls a field; where it has no such column, how we do."""
        if name in self.fields:
            return self.headings[self.fields[name]]
        return next((names[name][0] for names in FIELDS.values() if name in names), name)

    def to_dict(self) -> dict[str, str]:
        """The mapping to remember and to pass in again: heading -> field."""
        by_index = {index: name for name, index in self.fields.items()}
        return {self.headings[i]: name for i, name in sorted(by_index.items())}


def guess_mapping(
    headings: Sequence[str], *, kind: UploadKind, remembered: Mapping[str, str] | None = None
) -> Columns:
    """What the headings of a file mean, as far as they are known.

    `remembered` (heading -> field, "" for a column to leave out) wins over what is guessed; it
    may name headings that this file does not have. Fields are the keys of FIELDS[kind]; others
    are ignored.
    """
    raise NotImplementedError


def plain(text: str) -> str:
    """A heading or word without case, spaces, punctuation and umlaut spelling."""
    lowered = text.strip().casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", lowered))
