"""Which column of a file means what: headings in German and English, ready and remembered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from members.facts import UploadKind
from members.parsing.plain_words import plain
from members.parsing.profiles import PROFILES, Profile, find_profile

_LONGEST_HEADING = 80

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
    twice: tuple[tuple[str, str, str], ...] = ()

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

    `remembered` (heading -> field, "" for a column to leave out) wins over the ready profile of
    a program, and that over single headings; it may name headings that this file does not have.
    Fields are the keys of FIELDS[kind]; others are left out.
    """
    fields = FIELDS[kind]
    names = [plain(heading) for heading in headings]
    own = {plain(heading): name for heading, name in (remembered or {}).items()}
    profile = find_profile(names)
    found: dict[str, int] = {}
    twice: list[tuple[str, str, str]] = []
    _take(found, twice, [own.get(name) for name in names], fields, headings)
    if profile:
        _take_preferred(found, names, own, profile, fields)
    # What somebody or a profile chose is not put in doubt by another column's heading.
    chosen, known = set(found), _by_name(kind)
    guesses = [None if name in own else known.get(name) for name in names]
    open_guesses = [None if name in chosen else name for name in guesses]
    _take(found, twice, open_guesses, fields, headings)
    return Columns(tuple(headings), found, profile.name if profile else "", tuple(twice))


def _take(
    found: dict[str, int],
    twice: list[tuple[str, str, str]],
    names: Sequence[str | None],
    fields: Collection[str],
    headings: Sequence[str],
) -> None:
    """Give each named field its column; a second column for it is noted."""
    for index, name in enumerate(names):
        if not name or name not in fields:
            continue
        if name in found:
            twice.append((name, headings[found[name]], headings[index]))
        else:
            found[name] = index


def _take_preferred(
    found: dict[str, int],
    names: Sequence[str],
    own: Mapping[str, str],
    profile: Profile,
    fields: Collection[str],
) -> None:
    """Give fields the first of the headings that a program's export has for them."""
    for name, choices in profile.fields.items():
        if name in found or name not in fields:
            continue
        for choice in map(plain, choices):
            if choice in names and choice not in own:
                found[name] = names.index(choice)
                break


def known_headings(remembered: Mapping[str, str]) -> frozenset[str]:
    """Every heading that means something to us, written plainly."""
    known = {plain(heading) for heading, name in remembered.items() if name}
    for kind in FIELDS:
        known.update(_by_name(kind))
    for profile in PROFILES:
        known.update(plain(h) for choices in profile.fields.values() for h in choices)
    return frozenset(known)


def count_known(cells: Iterable[str], known: Collection[str]) -> int:
    """How many different cells of a row are known headings."""
    return len({name for cell in cells if (name := plain(cell[:_LONGEST_HEADING])) in known})


@cache
def _by_name(kind: UploadKind) -> Mapping[str, str]:
    return {plain(n): key for key, names in FIELDS[kind].items() for n in (key, *names)}
