"""What the figures of a gap calculation read as, in the user's language."""

from django.utils.translation import gettext as _

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
