"""What our own workbook says, in two languages: headings, explanations, a constructed example."""

from collections.abc import Mapping
from typing import NamedTuple

from members.facts import Employment, EndReason, NoticeKind, UploadKind


class TemplateColumn(NamedTuple):
    """A column: its field, what a cell holds, and per language heading, meaning and example.

    `holds` is text, day, money, or the name of a list of words.
    """

    field: str
    holds: str
    texts: Mapping[str, tuple[str, str, str]]


SHEETS: Mapping[str, tuple[str, str]] = {
    "de": ("Meldungen", "Erläuterung"),
    "en": ("Notices", "Explanation"),
}
EXPLANATION_HEADINGS: Mapping[str, tuple[str, str, str]] = {
    "de": ("Spalte", "Was hineingehört", "Beispiel (erfunden)"),
    "en": ("Column", "What belongs there", "Example (made up)"),
}
WRONG_CELL: Mapping[str, Mapping[str, str]] = {
    "de": {
        "day": "Bitte ein Datum eintragen, zum Beispiel 01.12.2026.",
        "money": "Bitte Euro im Monat eintragen, zum Beispiel 2.400,00.",
        "list": "Bitte einen Eintrag der Liste wählen.",
    },
    "en": {
        "day": "Please enter a date, for example 2026-12-01.",
        "money": "Please enter euros a month, for example 2400.00.",
        "list": "Please choose an entry of the list.",
    },
}
# The words to choose from; the readers know them (tests/parsing/test_template.py).
LISTS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "kind": {
        "de": {
            NoticeKind.JOIN: "Zugang",
            NoticeKind.LEAVE: "Abgang",
            NoticeKind.PAY_CHANGE: "Gehaltsänderung",
            NoticeKind.PARENTAL_LEAVE: "Elternzeit",
            NoticeKind.RETURN: "Rückkehr",
            NoticeKind.DEATH: "Todesfall",
            NoticeKind.NAME_CHANGE: "Namensänderung",
            NoticeKind.CORRECTION: "Berichtigung",
        },
        "en": {
            NoticeKind.JOIN: "Join",
            NoticeKind.LEAVE: "Leave",
            NoticeKind.PAY_CHANGE: "Pay change",
            NoticeKind.PARENTAL_LEAVE: "Parental leave",
            NoticeKind.RETURN: "Return",
            NoticeKind.DEATH: "Death",
            NoticeKind.NAME_CHANGE: "Name change",
            NoticeKind.CORRECTION: "Correction",
        },
    },
    "employment": {
        "de": {
            Employment.REGULAR: "Arbeitnehmer",
            Employment.TRAINEE: "Auszubildende",
            Employment.MARGINAL: "Minijob",
            Employment.DIRECTOR: "Geschäftsführer",
            Employment.OWNER: "Inhaber",
        },
        "en": {
            Employment.REGULAR: "Employee",
            Employment.TRAINEE: "Trainee",
            Employment.MARGINAL: "Marginal",
            Employment.DIRECTOR: "Managing director",
            Employment.OWNER: "Owner",
        },
    },
    "reason": {
        "de": {
            EndReason.EMPLOYMENT_ENDED: "Arbeitsverhältnis beendet",
            EndReason.RETIREMENT_AGE: "Rente",
            EndReason.DEATH: "Tod",
            EndReason.OTHER: "Sonstiges",
        },
        "en": {
            EndReason.EMPLOYMENT_ENDED: "Employment ended",
            EndReason.RETIREMENT_AGE: "Retirement",
            EndReason.DEATH: "Death",
            EndReason.OTHER: "Other",
        },
    },
}
_PERSON = (
    TemplateColumn(
        "personnel_number",
        "text",
        {
            "de": ("Personalnummer", "Ihre Nummer der Person, in jeder Zeile nötig.", "0017"),
            "en": ("Personnel number", "Your number of the person, needed in every row.", "0017"),
        },
    ),
    TemplateColumn(
        "last_name",
        "text",
        {
            "de": ("Nachname", "Nötig bei Zugang; bei Namensänderung der neue.", "Muster"),
            "en": ("Last name", "Needed for Join; for Name change the new one.", "Muster"),
        },
    ),
    TemplateColumn(
        "first_name",
        "text",
        {
            "de": ("Vorname", "Nötig bei Zugang; bei Namensänderung der neue.", "Erika"),
            "en": ("First name", "Needed for Join; for Name change the new one.", "Erika"),
        },
    ),
    TemplateColumn(
        "birth_date",
        "day",
        {
            "de": ("Geburtsdatum", "Nötig bei Zugang.", "24.12.1990"),
            "en": ("Date of birth", "Needed for Join.", "1990-12-24"),
        },
    ),
)
_PAY = TemplateColumn(
    "pay",
    "money",
    {
        "de": (
            "Bruttoentgelt",
            "Brutto in Euro im Monat; nötig bei Zugang und Gehaltsänderung.",
            "2.400,00",
        ),
        "en": (
            "Monthly gross",
            "Gross pay in euros a month; needed for Join and Pay change.",
            "2400.00",
        ),
    },
)
_EMPLOYMENT = TemplateColumn(
    "employment",
    "employment",
    {
        "de": ("Beschäftigungsart", "Leer heißt Arbeitnehmer.", "Arbeitnehmer"),
        "en": ("Employment type", "Empty means employee.", "Employee"),
    },
)
_OCCUPATION = TemplateColumn(
    "occupation",
    "text",
    {
        "de": ("Tätigkeit", "Freiwillig.", "Kauffrau für Büromanagement"),
        "en": ("Occupation", "Voluntary.", "Office clerk"),
    },
)
_KIND = TemplateColumn(
    "kind",
    "kind",
    {
        "de": ("Meldung", "Was sich geändert hat.", "Zugang"),
        "en": ("Notice", "What has changed.", "Join"),
    },
)
_EFFECTIVE = TemplateColumn(
    "effective",
    "day",
    {
        "de": (
            "Wirksam ab",
            "Erster Tag des Neuen; bei Abgang und Todesfall der letzte Tag.",
            "01.12.2026",
        ),
        "en": (
            "Effective date",
            "First day of what is new; for Leave and Death the last day.",
            "2026-12-01",
        ),
    },
)
_CHANGES_END = (
    TemplateColumn(
        "reason",
        "reason",
        {
            "de": ("Grund", "Nur bei Abgang.", "Rente"),
            "en": ("Reason", "Only for Leave.", "Retirement"),
        },
    ),
    TemplateColumn(
        "reference",
        "text",
        {
            "de": ("Referenz", "Ihr Zeichen dieser Meldung, freiwillig.", "2026-12/17"),
            "en": ("Reference", "Your mark of this notice, voluntary.", "2026-12/17"),
        },
    ),
    TemplateColumn(
        "corrects",
        "text",
        {
            "de": (
                "Berichtigt Referenz",
                "Nur bei Berichtigung: Ihr Zeichen der Meldung, die nicht gelten soll.",
                "2026-11/03",
            ),
            "en": (
                "Corrects reference",
                "Only for Correction: your mark of the notice that shall not hold.",
                "2026-11/03",
            ),
        },
    ),
)
_FULL_LIST_END = (
    TemplateColumn(
        "entry_date",
        "day",
        {
            "de": ("Eintrittsdatum", "Erster Tag der Beschäftigung, freiwillig.", "01.03.2015"),
            "en": ("Entry date", "First day of employment, voluntary.", "2015-03-01"),
        },
    ),
    TemplateColumn(
        "exit_date",
        "day",
        {
            "de": ("Austrittsdatum", "Letzter Tag der Beschäftigung, wenn bekannt.", "31.12.2026"),
            "en": ("Exit date", "Last day of employment, if known.", "2026-12-31"),
        },
    ),
)
COLUMNS: Mapping[UploadKind, tuple[TemplateColumn, ...]] = {
    UploadKind.CHANGES: (
        _KIND,
        *_PERSON,
        _EFFECTIVE,
        _PAY,
        _EMPLOYMENT,
        _OCCUPATION,
        *_CHANGES_END,
    ),
    UploadKind.FULL_LIST: (*_PERSON, _PAY, _EMPLOYMENT, _OCCUPATION, *_FULL_LIST_END),
}
