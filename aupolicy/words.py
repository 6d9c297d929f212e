"""What figures of a gap calculation, and scopes of programs, read as in the user's language."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from aupolicy.facts.machine import ApiScope
from aupolicy.facts.payroll import FigureKey, GapNote, InputKey
from aupolicy.queries.payroll import NoPayrollParameters
from aupolicy.rules import NotSubjectToInsurance


def describe_figure(key: FigureKey) -> str:
    """The name of a line of the calculation."""
    return (_pay_names() | _sick_pay_names())[key]


def describe_input(key: InputKey) -> str:
    """The name of what a line is computed from."""
    return (_input_amounts() | _input_rates())[key]


def describe_gap_note(note: GapNote) -> str:
    """What a reader should know about the calculation, one sentence."""
    return _notes()[note]


def describe_scope(scope: ApiScope) -> tuple[str, str]:
    """What a program may do, in a few words, and what it then sees."""
    return (_writing_scopes() | _reading_scopes())[scope]


def describe_machine_refusal(code: str, params: Mapping[str, str]) -> str:
    """Why a program or a key cannot be made so."""
    return _machine_refusals()[code] % params


def describe_no_gap(error: NotSubjectToInsurance | NoPayrollParameters) -> str:
    """Why no gap can be computed."""
    if isinstance(error, NotSubjectToInsurance):
        text = _(
            "Bis %(limit)s € im Monat ist die Beschäftigung geringfügig. Dann gibt es kein"
            " Krankengeld und keine Lücke zu berechnen."
        )
        return text % {"limit": error.params["limit"].replace(".", ",")}
    text = _("Für %(year)s fehlen die Werte von Steuer und Sozialversicherung. Es gibt: %(known)s.")
    return text % error.params


def _pay_names() -> dict[FigureKey, str]:
    return {
        FigureKey.GROSS: _("Bruttoentgelt"),
        FigureKey.WAGE_TAX: _("Lohnsteuer"),
        FigureKey.SOLIDARITY: _("Solidaritätszuschlag"),
        FigureKey.CHURCH_TAX: _("Kirchensteuer"),
        FigureKey.PENSION: _("Rentenversicherung"),
        FigureKey.UNEMPLOYMENT: _("Arbeitslosenversicherung"),
        FigureKey.HEALTH: _("Krankenversicherung"),
        FigureKey.CARE: _("Pflegeversicherung"),
        FigureKey.NET: _("Nettoentgelt"),
        FigureKey.GAP: _("Lücke im Monat"),
        FigureKey.BENEFIT: _("Versicherte Leistung im Monat"),
        FigureKey.REMAINING: _("Verbleibende Lücke im Monat"),
    }


def _sick_pay_names() -> dict[FigureKey, str]:
    return {
        FigureKey.DAILY_GROSS: _("Regelentgelt am Kalendertag"),
        FigureKey.DAILY_NET: _("Nettoentgelt am Kalendertag"),
        FigureKey.SICK_PAY: _("Krankengeld am Kalendertag, brutto"),
        FigureKey.SICK_PAY_PENSION: _("Rentenversicherung vom Krankengeld"),
        FigureKey.SICK_PAY_UNEMPLOYMENT: _("Arbeitslosenversicherung vom Krankengeld"),
        FigureKey.SICK_PAY_CARE: _("Pflegeversicherung vom Krankengeld"),
        FigureKey.SICK_PAY_NET: _("Krankengeld am Kalendertag, netto"),
        FigureKey.SICK_PAY_MONTH: _("Krankengeld im Monat, netto"),
    }


def _input_amounts() -> dict[InputKey, str]:
    return {
        InputKey.GROSS_MONTH: _("Bruttoentgelt im Monat"),
        InputKey.GROSS_YEAR: _("Bruttoentgelt im Jahr"),
        InputKey.ALLOWANCES: _("Pauschbeträge"),
        InputKey.PROVISION: _("Vorsorgepauschale"),
        InputKey.TAXABLE: _("Zu versteuern im Jahr"),
        InputKey.YEARLY_TAX: _("Jahreslohnsteuer"),
        InputKey.FREE_LIMIT: _("Freigrenze"),
        InputKey.BASE: _("Beitragspflichtig"),
        InputKey.SURCHARGE_BASE: _("Beitragspflichtig für den Zuschlag"),
        InputKey.DEDUCTIONS: _("Abzüge"),
        InputKey.CEILING: _("Beitragsbemessungsgrenze"),
        InputKey.NET_MONTH: _("Nettoentgelt im Monat"),
        InputKey.DAILY_GROSS: _("Regelentgelt am Kalendertag"),
        InputKey.DAILY_NET: _("Nettoentgelt am Kalendertag"),
        InputKey.DAILY_SICK_PAY: _("Krankengeld am Kalendertag"),
        InputKey.SICK_PAY_MONTH: _("Krankengeld im Monat, netto"),
        InputKey.GAP: _("Lücke im Monat"),
        InputKey.BENEFIT: _("Versicherte Leistung im Monat"),
        InputKey.INSURED_PAY: _("Bemessungsentgelt"),
    }


def _input_rates() -> dict[InputKey, str]:
    return {
        InputKey.PERCENT: _("Satz in Prozent"),
        InputKey.ADDITIONAL_PERCENT: _("Zusatzbeitrag in Prozent"),
        InputKey.SURCHARGE_PERCENT: _("Zuschlag für Kinderlose in Prozent"),
        InputKey.NET_PERCENT: _("Höchstens in Prozent vom Netto"),
        InputKey.DAYS: _("Tage"),
    }


def _notes() -> dict[GapNote, str]:
    return {
        GapNote.TRANSITION_ZONE: _(
            "Im Übergangsbereich sind die Beiträge ermäßigt; das Krankengeld richtet sich nach"
            " dem Netto ohne diese Ermäßigung."
        ),
        GapNote.ABOVE_HEALTH_CEILING: _(
            "Das Entgelt liegt über der Beitragsbemessungsgrenze der Krankenversicherung;"
            " Krankengeld gibt es nur bis zu ihr."
        ),
        GapNote.ABOVE_PENSION_CEILING: _(
            "Das Entgelt liegt über der Beitragsbemessungsgrenze der Rentenversicherung."
        ),
        GapNote.LIMITED_BY_NET: _("Das Krankengeld ist durch das Nettoentgelt begrenzt."),
        GapNote.AVERAGE_ADDITIONAL_CONTRIBUTION: _(
            "Gerechnet mit dem durchschnittlichen Zusatzbeitrag der Krankenkassen."
        ),
        GapNote.WITHOUT_ONE_OFF_PAY: _(
            "Einmalzahlungen wie Urlaubs- und Weihnachtsgeld sind nicht berücksichtigt."
        ),
        GapNote.BENEFIT_EXCEEDS_GAP: _("Die versicherte Leistung ist höher als die Lücke."),
    }


def _writing_scopes() -> dict[ApiScope, tuple[str, str]]:
    return {
        ApiScope.NOTICES_WRITE: (
            _("Meldungen senden"),
            _("Zugänge, Abgänge und Entgelte melden. Das ändert, wer versichert ist."),
        ),
        ApiScope.SICK_LEAVES_WRITE: (
            _("Krankmeldungen senden"),
            _("Wer seit wann krank ist, ohne Diagnose."),
        ),
        ApiScope.QUOTES_WRITE: (
            _("Angebote rechnen"),
            _("Beiträge für eine Lohnliste rechnen, ohne Namen."),
        ),
    }


def _reading_scopes() -> dict[ApiScope, tuple[str, str]]:
    return {
        ApiScope.NOTICES_READ: (
            _("Meldungen lesen"),
            _("Was gemeldet wurde und was daraus geworden ist, mit Namen und Entgelt."),
        ),
        ApiScope.MEMBERS_READ: (
            _("Versicherte lesen"),
            _("Namen, Personalnummern, Geburtstage, Entgelte und Zeiten."),
        ),
        ApiScope.CONTRACTS_READ: (
            _("Verträge lesen"),
            _("Laufzeit, Tarif und Zahlen, ohne Namen."),
        ),
        ApiScope.STATEMENTS_READ: (
            _("Abrechnungen lesen"),
            _("Beträge je Person, auch als PDF."),
        ),
        ApiScope.CONFIRMATIONS_READ: (
            _("Versicherungsbestätigungen lesen"),
            _("Die Bestätigungen der Versicherten als PDF."),
        ),
        ApiScope.PAYROLL_READ: (
            _("Sachbezug für die Lohnabrechnung lesen"),
            _("Was je Person und Monat auf den Lohnzettel gehört."),
        ),
        ApiScope.PAYROLL_WRITE: (
            _("Dateien für die Lohnabrechnung erstellen"),
            _("Was eine Datei übergeben hat, steht in der nächsten nicht noch einmal."),
        ),
    }


def _machine_refusals() -> dict[str, str]:
    return _program_refusals() | {
        "EXPIRES_TOO_LATE": _("Ein Schlüssel gilt höchstens %(days)s Tage."),
        "EXPIRES_IN_PAST": _("Dieser Tag ist vorbei."),
        "OVERLAP_TOO_LONG": _("Der alte Schlüssel gilt höchstens %(days)s Tage weiter."),
        "KEY_OVER": _("Dieser Schlüssel gilt nicht mehr. Legen Sie einen neuen an."),
        "HAS_SECRET": _("Dieses Programm hat schon ein Geheimnis. Sie können es erneuern."),
        "NO_SECRET": _("Dieses Programm hat kein Geheimnis."),
    }


def _program_refusals() -> dict[str, str]:
    return {
        "NO_NAME": _("Geben Sie dem Programm einen Namen."),
        "NAME_TOO_LONG": _("Der Name hat höchstens %(most)s Zeichen."),
        "NO_SCOPES": _("Wählen Sie, was das Programm darf."),
        "NOT_A_NETWORK": _("%(network)s ist keine Adresse und kein Netz wie 203.0.113.0/24."),
        "TOO_MANY_NETWORKS": _("Möglich sind höchstens %(most)s Adressen und Netze."),
        "ENDED": _("Diese Anbindung ist beendet."),
    }
