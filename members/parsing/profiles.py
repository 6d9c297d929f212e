"""How the exports of common payroll programs name their columns. The headings are constructed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from members.parsing.plain_words import plain


@dataclass(frozen=True, slots=True)
class Profile:
    """A program's export: field -> its headings, the preferred one first.

    `signs` are headings that tell the program; at least `needed` of them must be there.
    """

    name: str
    signs: tuple[str, ...]
    needed: int
    fields: Mapping[str, tuple[str, ...]]


PROFILES = (
    Profile(
        name="personio",
        signs=("fix_salary", "fix_salary_interval", "hire_date", "termination_date", "employee_id"),
        needed=2,
        fields={
            "personnel_number": ("employee_number", "personnel_number", "employee_id", "id"),
            "last_name": ("last_name",),
            "first_name": ("first_name",),
            "birth_date": ("birthday", "date_of_birth", "Geburtsdatum"),
            "pay": ("fix_salary",),
            "pay_interval": ("fix_salary_interval",),
            "employment": ("employment_type",),
            "occupation": ("position",),
            "entry_date": ("hire_date",),
            "effective": ("hire_date",),
            "exit_date": ("termination_date", "last_working_day"),
        },
    ),
    Profile(
        name="datev",
        signs=("Familienname", "Personengruppenschlüssel", "Gesamtbrutto", "Grundgehalt", "PGRS"),
        needed=2,
        fields={
            "personnel_number": ("Personalnummer", "PNR"),
            "last_name": ("Familienname",),
            "first_name": ("Vorname",),
            "birth_date": ("Geburtsdatum",),
            "pay": ("Gesamtbrutto", "Grundgehalt"),
            "employment": ("Personengruppenschlüssel", "PGRS"),
            "occupation": ("Tätigkeit", "Berufsbezeichnung"),
            "entry_date": ("Eintrittsdatum",),
            "effective": ("Eintrittsdatum",),
            "exit_date": ("Austrittsdatum",),
            "health_insurance": ("Krankenkasse",),
        },
    ),
    Profile(
        name="lexware",
        signs=("Pers.-Nr.", "Eintritt am", "Austritt am", "Geb.-Datum", "Pers.-Gruppe"),
        needed=3,
        fields={
            "personnel_number": ("Pers.-Nr.",),
            "last_name": ("Name", "Nachname"),
            "first_name": ("Vorname",),
            "birth_date": ("Geb.-Datum", "Geburtsdatum"),
            "pay": ("Bruttolohn", "Gesamtbrutto"),
            "employment": ("Pers.-Gruppe", "Personengruppe"),
            "occupation": ("Tätigkeit", "Ausgeübte Tätigkeit"),
            "entry_date": ("Eintritt am",),
            "effective": ("Eintritt am",),
            "exit_date": ("Austritt am",),
            "health_insurance": ("Krankenkasse",),
        },
    ),
)


def find_profile(names: Collection[str]) -> Profile | None:
    """The program whose export has these headings (written plainly), None for none."""
    scores = {
        profile.name: sum(plain(sign) in names for sign in profile.signs) for profile in PROFILES
    }
    fitting = [profile for profile in PROFILES if scores[profile.name] >= profile.needed]
    return max(fitting, key=lambda profile: scores[profile.name], default=None)
