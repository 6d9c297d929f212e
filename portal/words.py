"""The words a page uses for the values of the domain. German is the source of every text."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aupolicy.facts import Party
from aupolicy.models import Role
from aupolicy.queries import ContractState
from billing.facts.debit import Scheme
from claims.facts import AssistanceKind
from claims.models import MedicalDocument, MedicalRead
from documents.facts import DocumentKind
from members.facts import (
    Channel,
    EndReason,
    NoticeStatus,
    ShownStatus,
    UploadKind,
    UploadStatus,
)

ROLE_WORDS = {
    Role.CLERK: _("Sachbearbeitung"),
    Role.EXAMINER: _("Leistungsprüfung"),
    Role.FINANCE: _("Finanzen"),
    Role.AUDITOR: _("Revision, nur lesen"),
    Role.BROKER: _("Vermittlung"),
    Role.EMPLOYER_ADMIN: _("Verwaltung"),
    Role.EMPLOYER_EDITOR: _("Meldungen"),
    Role.EMPLOYER_READER: _("Einsicht"),
}

CONTRACT_STATES = {
    ContractState.AGREED: ("waiting", _("vereinbart")),
    ContractState.IN_FORCE: ("done", _("in Kraft")),
    ContractState.CANCELLED: ("attention", _("gekündigt")),
    ContractState.ENDED: ("off", _("beendet")),
}
"""Mark and word of each state of a contract."""

NOTICE_STATUSES = {
    NoticeStatus.APPLIED: ("done", pgettext_lazy("Meldung", "wirksam")),
    NoticeStatus.NEEDS_CLERK: ("attention", _("zu klären")),
    NoticeStatus.REFUSED: ("off", _("abgelehnt")),
    NoticeStatus.WITHDRAWN: ("off", _("storniert")),
}
"""Mark and word of each status of a notice."""

SHOWN_STATUSES = {
    ShownStatus.RECEIVED: ("waiting", _("eingegangen")),
    ShownStatus.APPLIED: NOTICE_STATUSES[NoticeStatus.APPLIED],
    ShownStatus.NEEDS_CLERK: NOTICE_STATUSES[NoticeStatus.NEEDS_CLERK],
    ShownStatus.REFUSED: NOTICE_STATUSES[NoticeStatus.REFUSED],
    ShownStatus.WITHDRAWN: NOTICE_STATUSES[NoticeStatus.WITHDRAWN],
}
"""Mark and word of what a reader is told of a notice on a day."""

CHANNELS = {
    Channel.FORM: _("Formular"),
    Channel.FILE: _("Datei"),
    Channel.API: _("Schnittstelle"),
    Channel.COMMAND: _("Befehlszeile"),
}
"""Which way a notice came in."""

END_REASONS = {
    EndReason.EMPLOYMENT_ENDED: _("Arbeitsverhältnis beendet"),
    EndReason.DEATH: _("verstorben"),
    EndReason.PARENTAL_LEAVE: _("Elternzeit"),
    EndReason.RETIREMENT_AGE: _("Regelaltersgrenze"),
    EndReason.CONTRACT_ENDED: _("Vertragsende"),
    EndReason.OTHER: _("anderer Grund"),
}

PARTIES = {
    Party.POLICYHOLDER: _("Versicherungsnehmer"),
    Party.INSURER: _("Versicherer"),
}

SCHEMES = {
    Scheme.CORE: _("Basislastschrift"),
    Scheme.B2B: _("Firmenlastschrift"),
}

RUN_STATES = {
    "computing": ("running", _("wird berechnet")),
    "preview": ("attention", _("Vorschau")),
    "posting": ("running", _("wird gebucht")),
    "posted": ("done", _("gebucht")),
}
"""Mark and word of each state of a billing run."""

PAYMENT_STATES = {
    "preview": ("waiting", _("Vorschau")),
    "collected": ("done", _("im Einzug")),
    "open": ("attention", _("offen")),
    "returned": ("attention", _("zurückgekommen")),
    "paid": ("done", _("bezahlt")),
    "credit": ("off", _("Guthaben")),
    "nothing": ("off", _("nichts fällig")),
}
"""Mark and word of how a statement is settled."""

VERIFICATIONS = {
    "RCVC": ("done", _("Name und Konto passen")),
    "RVMC": ("attention", _("Name passt beinahe")),
    "RVNM": ("attention", _("Name passt nicht")),
    "RVNA": ("off", _("nicht prüfbar")),
    "": ("waiting", _("nicht geprüft")),
}
"""Mark and word of what the bank said about a name and its account."""

ORDER_STATES = {
    "waiting": ("attention", _("wartet auf Freigabe")),
    "released": ("done", _("freigegeben")),
    "discarded": ("off", _("verworfen")),
}
"""Mark and word of where an order to the bank stands."""

SLICE_STATES = {
    "computed": ("waiting", pgettext_lazy("Leistung", "berechnet")),
    "ordered": ("running", _("im Auftrag")),
    "paid": ("done", _("bezahlt")),
    "set_off": ("done", _("verrechnet")),
    "returned": ("attention", _("zurückgekommen")),
    "cancelled": ("off", _("storniert")),
}
"""Mark and word of where the payment of a month stands."""

DOCUMENT_KINDS = {
    DocumentKind.STATEMENT: _("Beitragsabrechnung"),
    DocumentKind.STATEMENT_ANNEX: _("Anlage zur Beitragsabrechnung"),
    DocumentKind.CONFIRMATION: _("Versicherungsbestätigung"),
    DocumentKind.CONFIRMATION_EMPLOYER: _("Versicherungsbestätigung für die Personalakte"),
    DocumentKind.QUOTE: _("Angebot"),
    DocumentKind.MANDATE_FORM: _("SEPA-Mandat"),
    DocumentKind.BENEFIT_GRANT: _("Bewilligung"),
    DocumentKind.BENEFIT_REFUSAL: _("Ablehnung"),
    DocumentKind.BENEFIT_END: _("Ende der Leistung"),
    DocumentKind.BENEFIT_CORRECTION: _("Berichtigung"),
    DocumentKind.CLAIM_REQUEST: _("Anforderung von Unterlagen"),
    DocumentKind.CLAIM_LINK: _("Zugang der versicherten Person"),
    DocumentKind.ARREARS_REQUEST: _("Zahlungsaufforderung"),
    DocumentKind.ARREARS_FIRST: _("Mitteilung zum Erstbeitrag"),
    DocumentKind.ARREARS_REMINDER: _("Mahnung"),
    DocumentKind.ARREARS_TERMINATION: _("Kündigung wegen Verzugs"),
    DocumentKind.ARREARS_WITHDRAWAL: _("Rücktritt wegen des Erstbeitrags"),
    DocumentKind.ARREARS_SETTLED: _("Bestätigung der Zahlung"),
    DocumentKind.COMMISSION: _("Courtageabrechnung"),
}

SOURCES = {
    "published": _("veröffentlicht"),
    "derived": _("aus veröffentlichten Beispielen abgeleitet"),
    "constructed": _("nicht veröffentlicht, selbst gesetzt"),
    "wording": _("Bedingungstext"),
    "choice": _("im Bedingungstext offen, vom Versicherer zu bestätigen"),
    "vvg": _("Versicherungsvertragsgesetz"),
}
"""Where a value of a tariff comes from, by its key in the file."""

UNITS = {
    "EUR gross per month": _("€ brutto im Monat"),
    "EUR per month": _("€ im Monat"),
    "percent of monthly insured pay": _("% des monatlichen Entgelts"),
    "calendar days": _("Kalendertage"),
    "days of the leave": _("Tage der Arbeitsunfähigkeit"),
    "months": _("Monate"),
    "years": _("Jahre"),
    "kinds of employment": "",
    "occupations": "",
    "rule": "",
}
"""The units of a tariff's values, by their text in the file."""

SINGLE_UNITS = {"months": _("Monat"), "years": _("Jahr"), "calendar days": _("Kalendertag")}
"""The same for a value of one."""

PARAMETERS = {
    "proration": (
        _("Teil eines Monats"),
        _("Ein voller Monat kostet den vollen Beitrag, ein Teil seinen Anteil (§ 39 VVG)."),
    ),
    "band_day": (
        _("Stichtag der Lohnstufe"),
        _("Es gilt das Entgelt des ersten versicherten Tages im Monat."),
    ),
    "retro_months": (
        _("Rückwirkung einer Meldung"),
        _("Vor dem Monat des Eingangs; was weiter zurückreicht, entscheidet die Sachbearbeitung."),
    ),
    "ahead_months": (
        _("Voraus gemeldet"),
        _("Nach dem Tag des Eingangs; was später wirkt, entscheidet die Sachbearbeitung."),
    ),
    "cancellation_months": (_("Kündigungsfrist"), _("Zum Ende des Vertragsjahrs, beiderseits.")),
    "minimum_age": (_("Mindestalter"), ""),
    "insurable_employment": (_("Versicherbar"), ""),
    "insurable_by_agreement": (
        _("Versicherbar nach Vereinbarung"),
        _("Nur wenn der Vertrag die Geschäftsführung mitversichert."),
    ),
    "excluded_occupations": (_("Nicht versicherbar"), ""),
    "deferral_days": (_("Karenzzeit"), _("Die Leistung beginnt am Tag danach.")),
    "relapse": (_("Rückfall"), _("Zeiten derselben Krankheit werden zusammengezählt.")),
    "benefit_until_day": (_("Leistung längstens bis Tag"), ""),
    "benefit_proration": (_("Leistung für einen Teil des Monats"), ""),
    "run_off": (_("Nach dem Ende der Versicherung"), ""),
    "premium_percent": (_("Beitrag"), ""),
    "benefit_percent": (_("Leistung"), ""),
    "largest_benefit": (_("höchste Leistung"), ""),
}
"""Label and explanation of a tariff's parameters, by their key in the file."""

PARAMETER_VALUES = {
    "days_30": _("versicherte Kalendertage / 30"),
    "first": _("erster versicherter Tag"),
    "efzg": _("wie bei der Entgeltfortzahlung (§ 3 EFZG)"),
    "stop": _("keine Leistung mehr"),
    "regular": _("Arbeitnehmer"),
    "trainee": _("Auszubildende"),
    "director": _("Geschäftsführer"),
    "owner": _("Inhaber"),
    "professional_soldier": _("Berufssoldaten"),
    "professional_firefighter": _("Berufsfeuerwehrleute"),
    "professional_diver": _("Berufstaucher"),
}

UPLOAD_KINDS = {
    UploadKind.CHANGES: _("Änderungen: jede Zeile ist eine Meldung"),
    UploadKind.FULL_LIST: _("die vollständige Lohnliste: wir finden heraus, was sich geändert hat"),
}

UPLOAD_KIND_WORDS = {
    UploadKind.CHANGES: _("Änderungen"),
    UploadKind.FULL_LIST: _("vollständige Lohnliste"),
}

UPLOAD_STATUSES = {
    UploadStatus.RECEIVED: ("running", _("wird geprüft")),
    UploadStatus.CHECKED: ("attention", _("wartet auf Freigabe")),
    UploadStatus.RELEASED: ("running", _("wird übernommen")),
    UploadStatus.APPLIED: ("done", _("übernommen")),
    UploadStatus.REFUSED: ("off", _("nicht lesbar")),
    UploadStatus.DISCARDED: ("off", _("verworfen")),
}
"""Mark and word of where a file stands."""

UPLOAD_OUTCOMES = {
    "apply": ("done", _("wird übernommen")),
    "clerk": ("attention", _("geht zur Klärung")),
    "known": ("off", _("ist schon bekannt")),
    "none": ("off", _("keine Änderung")),
    "failed": ("attention", _("fehlerhaft")),
}
"""Mark and word of what becomes of a row."""

UPLOAD_FIELDS = {
    "personnel_number": _("Personalnummer"),
    "last_name": _("Nachname"),
    "first_name": _("Vorname"),
    "birth_date": _("Geburtsdatum"),
    "kind": _("Meldung"),
    "effective": _("Wirksam ab"),
    "pay": _("Bruttoentgelt im Monat"),
    "pay_interval": _("Zeitraum des Entgelts"),
    "employment": _("Beschäftigungsart"),
    "occupation": _("Tätigkeit"),
    "health_insurance": _("Krankenversicherung"),
    "reason": _("Grund des Abgangs"),
    "reference": _("Ihre Referenz"),
    "corrects": _("Referenz der berichtigten Meldung"),
    "entry_date": _("Eintritt"),
    "exit_date": _("Austritt"),
}
"""What a column of a file can mean."""

PAYROLL_PROGRAMS = {"datev": "DATEV", "personio": "Personio", "lexware": "Lexware"}
"""Names of the programs whose exports are recognised."""

UPLOAD_WARNINGS = {
    "PAY_JUMP": _("großer Sprung im Entgelt"),
    "PAY_UNUSUAL": _("ungewöhnlich hohes Entgelt"),
    "LEAVE_WITHOUT_DAY": _("Abgang ohne Datum"),
    "SAME_PERSON": _("vielleicht dieselbe Person"),
    "MASS_LEAVE": _("viele Abgänge auf einmal"),
    "ENTRY_LONG_AGO": _("Eintritt liegt weit zurück"),
    "BIRTH_DATE_DIFFERS": _("anderes Geburtsdatum"),
    "OTHER_PERSON": _("andere Person unter dieser Nummer"),
    "MARGINAL_NOW": _("jetzt geringfügig beschäftigt"),
    "NOT_INSURABLE_NOW": _("nicht mehr versicherbar"),
}
"""What warnings about rows are about, for their counts."""

ASSISTANCE_KINDS = {
    AssistanceKind.HOTLINE: (
        _("medizinische Telefonauskunft"),
        _("Fachleute beantworten Fragen zu Behandlung, Arznei und Ärzten in Ihrer Nähe."),
    ),
    AssistanceKind.MEALS: (_("Menüservice"), _("Warme Mahlzeiten, nach Hause gebracht.")),
    AssistanceKind.SHOPPING: (_("Einkäufe"), _("Jemand kauft für Sie ein und bringt es.")),
    AssistanceKind.ESCORT: (
        _("Begleitung und Fahrdienst"),
        _("Zu Ärzten, Behandlungen und Behörden, hin und zurück."),
    ),
    AssistanceKind.CLEANING: (
        _("Reinigung und Wäsche"),
        _("Wohnung und Wäsche, solange Sie es selbst nicht können."),
    ),
    AssistanceKind.CHILD_CARE: (
        _("Kinderbetreuung"),
        _("Für Ihre Kinder, wenn Sie in Behandlung sind oder Ruhe brauchen."),
    ),
}
"""Each kind of help with what it is."""

ASSISTANCE_OUTCOMES = {
    "done": _("erbracht"),
    "not_needed": _("nicht mehr gebraucht"),
    "not_possible": _("nicht möglich"),
}
"""How a case of assistance ended."""

MEDICAL_DOCUMENT_KINDS = {
    MedicalDocument.Kind.CERTIFICATE: _("AU-Bescheinigung"),
    MedicalDocument.Kind.HOSPITAL: _("Krankenhausbericht"),
    MedicalDocument.Kind.PLAN: _("Wiedereingliederungsplan"),
    MedicalDocument.Kind.EVIDENCE: _("Unterlage zur Ursache"),
    MedicalDocument.Kind.OTHER: _("sonstige Unterlage"),
}
"""What a paper about somebody's health is called."""

READ_REASONS = {
    MedicalRead.Reason.EXAMINE: _("Prüfung des Leistungsanspruchs"),
    MedicalRead.Reason.EXCLUSION: _("Prüfung eines Ausschlusses"),
    MedicalRead.Reason.REVIEW: _("Nachprüfung"),
    MedicalRead.Reason.COMPLAINT: _("Beschwerde oder Rechtsstreit"),
    MedicalRead.Reason.PERSON_ASKED: _("Auskunft an die versicherte Person"),
}
"""Why somebody opened health data, as examiners choose it."""
