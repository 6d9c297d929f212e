"""Words of the day counter: what a day counts as and why, why benefit ends."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.exports.day_counter import CounterWords
from claims.facts import DayState, LeaveEnd
from members.facts import EndReason

_NO_BREAK_SPACE = "\u00a0"


def describe_day(state: DayState) -> str:
    """What a day counts as, in a word or two."""
    return {
        DayState.DEFERRAL: _("Karenzzeit"),
        DayState.PAID: _("Leistung"),
        DayState.REINTEGRATION: _("Wiedereingliederung"),
        DayState.HELD: _("vorläufig angehalten"),
        DayState.NOT_DECIDED: _("noch nicht entschieden"),
        DayState.REFUSED: _("ohne Leistung"),
        DayState.GAP: _("Lücke"),
        DayState.EXCLUDED: _("ausgeschlossen"),
        DayState.EXHAUSTED: _("Höchstdauer erreicht"),
        DayState.NOT_INSURED: _("nicht versichert"),
        DayState.COVER_ENDED: _("Schutz beendet"),
    }[state]


def explain_day(state: DayState) -> str:
    """Why a day counts as it does, in one sentence with the clause."""
    return (_paid_reasons() | _unpaid_reasons())[state]


def _paid_reasons() -> dict[DayState, str]:
    return {
        DayState.DEFERRAL: _(
            "Diese Tage zählen, sind aber noch ohne Leistung: In der Regel zahlt der Arbeitgeber"
            " das Entgelt weiter (§ 3 EFZG)."
        ),
        DayState.PAID: _("Bescheinigt und bewilligt; für diese Tage wird gezahlt."),
        DayState.REINTEGRATION: _(
            "Stufenweise zurück in die Arbeit (§ 74 SGB V); gezahlt wird in voller Höhe, bis die"
            " Arbeitsfähigkeit ganz wiederhergestellt ist."
        ),
        DayState.HELD: _(
            "Vorläufig entschieden: Bis zur Überprüfung wird nichts oder nur ein Teil gezahlt."
        ),
        DayState.NOT_DECIDED: _("Über diese Tage ist noch nicht entschieden."),
    }


def _unpaid_reasons() -> dict[DayState, str]:
    return {
        DayState.REFUSED: _("Für diese Tage ist die Leistung abgelehnt oder beendet."),
        DayState.GAP: _(
            "Für diese Tage liegt keine AU-Bescheinigung vor; sie zählen nicht und werden nicht"
            " gezahlt."
        ),
        DayState.EXCLUDED: _(
            "Ein Leistungsausschluss der Versicherungsbedingungen gilt; die Tage zählen, werden"
            " aber nicht gezahlt."
        ),
        DayState.EXHAUSTED: _("Die Höchstdauer der Leistung nach dem Tarif ist überschritten."),
        DayState.NOT_INSURED: _("Am ersten Tag der Arbeitsunfähigkeit bestand kein Schutz."),
        DayState.COVER_ENDED: _("Mit dem Versicherungsschutz endet nach dem Tarif die Leistung."),
    }


def describe_cover_end(reason: str) -> str:
    """Why cover ended; `reason` is a value of EndReason, "" gives ""."""
    words = {
        EndReason.EMPLOYMENT_ENDED.value: _("Das Arbeitsverhältnis ist beendet."),
        EndReason.DEATH.value: _("Die versicherte Person ist verstorben."),
        EndReason.PARENTAL_LEAVE.value: _("Die Elternzeit hat begonnen."),
        EndReason.RETIREMENT_AGE.value: _(
            "Die Regelaltersgrenze ist erreicht (§§ 35, 235 SGB VI)."
        ),
        EndReason.CONTRACT_ENDED.value: _("Der Gruppenvertrag ist beendet."),
        EndReason.OTHER.value: _("Der Versicherungsschutz ist beendet."),
    }
    return words.get(reason, "")


def describe_row_cause(state: DayState, cause: str) -> str:
    """What to say of days with a cause: why cover ended, else the reason of their state."""
    return describe_cover_end(cause) or explain_day(state)


def describe_leave_end(end: LeaveEnd | None) -> str:
    """Why benefit of a leave ends, in a sentence; "" while no end is known."""
    if end is None:
        return ""
    return {
        LeaveEnd.RECOVERED: _("Die Arbeitsunfähigkeit ist beendet."),
        LeaveEnd.MAXIMUM_REACHED: _("Die Höchstdauer der Leistung nach dem Tarif ist erreicht."),
        LeaveEnd.COVER_ENDED: _("Der Versicherungsschutz ist beendet."),
        LeaveEnd.EXCLUSION: _("Ein Leistungsausschluss der Versicherungsbedingungen gilt."),
        LeaveEnd.NOT_INSURED: _("Am ersten Tag der Arbeitsunfähigkeit bestand kein Schutz."),
    }[end]


def counter_words() -> CounterWords:
    """The words of the picture in the language that is active."""
    return CounterWords(
        title=_("Tageszähler der Arbeitsunfähigkeit"),
        description=_(
            "Vom ersten bis zum letzten bescheinigten Tag: was jeder Tag zählt. Dieselben Angaben"
            " stehen in der Tabelle."
        ),
        labels={state: describe_day(state) for state in DayState},
        reasons={state: explain_day(state) for state in DayState},
        causes={reason.value: describe_cover_end(reason.value) for reason in EndReason},
        first_benefit=_("%(number)d. Tag: %(day)s"),
        cover_ends=_("Schutz bis %(day)s"),
        ends=_("bescheinigt bis %(day)s"),
        stretch=_("%(first)s bis %(last)s"),
        numbers=_("Tag %(first)d bis %(last)d"),
        one_number=_("Tag %(first)d"),
        write_day=_write_day,
        write_tick=_write_tick,
    )


def _is_german() -> bool:
    return (get_language() or "de").startswith("de")


def _write_day(day: date) -> str:
    if _is_german():
        return f"{day:%d.%m.%Y}"
    return date_format(day, "j M Y").replace(" ", _NO_BREAK_SPACE)


def _write_tick(day: date) -> str:
    return (
        f"{day:%d.%m.}" if _is_german() else date_format(day, "j M").replace(" ", _NO_BREAK_SPACE)
    )
