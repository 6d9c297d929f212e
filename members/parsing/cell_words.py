"""The words of cells and what they mean, in German and English; our own word comes first."""

from collections.abc import Mapping

from members.facts import Employment, EndReason, NoticeKind

KIND_WORDS: Mapping[NoticeKind, tuple[str, ...]] = {
    NoticeKind.JOIN: ("Zugang", "Eintritt", "Neueintritt", "Join", "Joining", "Hire"),
    NoticeKind.LEAVE: ("Abgang", "Austritt", "Leave", "Leaving", "Termination"),
    NoticeKind.PAY_CHANGE: (
        "Gehaltsänderung",
        "Entgeltänderung",
        "Lohnänderung",
        "Pay change",
        "Salary change",
    ),
    NoticeKind.PARENTAL_LEAVE: ("Elternzeit", "Beginn Elternzeit", "Parental leave"),
    NoticeKind.RETURN: ("Rückkehr", "Wiederkehr", "Ende Elternzeit", "Return"),
    NoticeKind.DEATH: ("Todesfall", "Tod", "Death"),
    NoticeKind.NAME_CHANGE: ("Namensänderung", "Name geändert", "Name change"),
    NoticeKind.CORRECTION: ("Berichtigung", "Korrektur", "Storno", "Correction", "Cancellation"),
}
EMPLOYMENT_WORDS: Mapping[Employment, tuple[str, ...]] = {
    Employment.REGULAR: (
        "Arbeitnehmer",
        "Arbeitnehmerin",
        "Angestellt",
        "Angestellte",
        "Angestellter",
        "Arbeiter",
        "Arbeiterin",
        "Vollzeit",
        "Teilzeit",
        "unbefristet",
        "befristet",
        "versicherungspflichtig",
        "Employee",
        "Full time",
        "Part time",
        "Internal",
        "101",
    ),
    Employment.TRAINEE: (
        "Auszubildende",
        "Auszubildender",
        "Azubi",
        "Ausbildung",
        "Trainee",
        "Apprentice",
        "102",
    ),
    Employment.MARGINAL: (
        "Minijob",
        "geringfügig",
        "geringfügig beschäftigt",
        "geringfügig entlohnt",
        "kurzfristig",
        "kurzfristig beschäftigt",
        "Marginal",
        "109",
        "110",
    ),
    Employment.DIRECTOR: (
        "Geschäftsführer",
        "Geschäftsführerin",
        "Geschäftsführung",
        "Managing director",
    ),
    Employment.OWNER: ("Inhaber", "Inhaberin", "Owner"),
}
REASON_WORDS: Mapping[EndReason, tuple[str, ...]] = {
    EndReason.EMPLOYMENT_ENDED: (
        "Arbeitsverhältnis beendet",
        "Kündigung",
        "Austritt",
        "Aufhebungsvertrag",
        "Befristung",
        "Employment ended",
        "Resignation",
    ),
    EndReason.DEATH: ("Tod", "Todesfall", "verstorben"),
    EndReason.PARENTAL_LEAVE: ("Elternzeit", "Parental leave"),
    EndReason.RETIREMENT_AGE: ("Rente", "Renteneintritt", "Regelaltersgrenze", "Retirement"),
    EndReason.OTHER: ("Sonstiges", "anderer Grund", "Other"),
}
# How often the pay is paid; others are refused, since the months differ in hours and weeks.
MONTHLY, YEARLY = "monthly", "yearly"
INTERVAL_WORDS: Mapping[str, tuple[str, ...]] = {
    MONTHLY: ("monatlich", "Monat", "month", "pro Monat"),
    YEARLY: ("jährlich", "Jahr", "year", "annual", "annually", "pro Jahr"),
}
OCCUPATIONS: Mapping[str, str] = {
    "berufssoldat": "professional_soldier",
    "berufssoldatin": "professional_soldier",
    "berufsfeuerwehrmann": "professional_firefighter",
    "berufsfeuerwehrfrau": "professional_firefighter",
    "berufstaucher": "professional_diver",
    "berufstaucherin": "professional_diver",
}
