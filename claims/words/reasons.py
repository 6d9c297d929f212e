"""Why nothing, not everything or nothing more is paid; what is asked for; the exclusions."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aupolicy.facts import BenefitExclusion
from aupolicy.queries import get_tariff
from claims.facts import ReasonCode
from claims.models import DocumentRequest

_GERMAN, _ENGLISH = "de", "en"


def describe_reason(code: ReasonCode) -> str:
    """A reason in a few words, for lists and choices."""
    return {
        ReasonCode.NOT_INSURED_AT_ONSET: _("bei Beginn nicht versichert"),
        ReasonCode.COVER_ENDED: _("Versicherung beendet"),
        ReasonCode.WITHIN_DEFERRAL: _("innerhalb der Karenzzeit"),
        ReasonCode.EXCLUSION: _("Leistungsausschluss"),
        ReasonCode.NO_EVIDENCE: _("kein Nachweis"),
        ReasonCode.PREMIUM_DEFAULT: _("leistungsfrei wegen Beitragsverzugs (§ 38 VVG)"),
        ReasonCode.MAXIMUM_REACHED: _("Höchstdauer erreicht"),
        ReasonCode.RECOVERED: _("wieder arbeitsfähig"),
        ReasonCode.DEATH: _("verstorben"),
        ReasonCode.RETIREMENT: _("Renteneintritt"),
        ReasonCode.OTHER: _("anderer Grund"),
    }[code]


def explain_reason(code: ReasonCode) -> str:
    """A reason as the insured person reads it, one or two sentences with the clause."""
    return (_cover_reasons() | _leave_reasons())[code]


def _cover_reasons() -> dict[ReasonCode, str]:
    return {
        ReasonCode.NOT_INSURED_AT_ONSET: _(
            "Am ersten Tag Ihrer Arbeitsunfähigkeit waren Sie bei uns nicht versichert. Versichert"
            " sind nach den Versicherungsbedingungen nur Arbeitsunfähigkeiten, die während des"
            " Schutzes beginnen."
        ),
        ReasonCode.COVER_ENDED: _(
            "Ihr Versicherungsschutz ist beendet. Nach den Versicherungsbedingungen endet mit dem"
            " Schutz auch eine laufende Leistung."
        ),
        ReasonCode.PREMIUM_DEFAULT: _(
            "Als Ihre Arbeitsunfähigkeit begann, war Ihr Arbeitgeber mit dem Beitrag in Verzug und"
            " die gesetzte Zahlungsfrist war abgelaufen. Dann sind wir von der Leistung frei (§ 38"
            " Absatz 2 VVG)."
        ),
        ReasonCode.RETIREMENT: _(
            "Sie haben die Regelaltersgrenze erreicht (§§ 35, 235 SGB VI). Damit endet nach den"
            " Versicherungsbedingungen Ihr Schutz und mit ihm die Leistung."
        ),
        ReasonCode.DEATH: _(
            "Der Versicherungsschutz und die Leistung enden nach den Versicherungsbedingungen mit"
            " dem Tod der versicherten Person."
        ),
    }


def _leave_reasons() -> dict[ReasonCode, str]:
    return {
        ReasonCode.WITHIN_DEFERRAL: _(
            "Ihre Arbeitsunfähigkeit war beendet, bevor die Karenzzeit ablief. Erst danach beginnt"
            " nach dem Tarif die Leistung; bis dahin zahlt in der Regel der Arbeitgeber das"
            " Entgelt weiter (§ 3 EFZG)."
        ),
        ReasonCode.EXCLUSION: _(
            "Für diese Arbeitsunfähigkeit schließen die Versicherungsbedingungen eine Leistung aus."
        ),
        ReasonCode.NO_EVIDENCE: _(
            "Uns liegt für diese Tage keine ärztliche Bescheinigung Ihrer Arbeitsunfähigkeit vor."
            " Ohne sie können wir nicht feststellen, dass ein Anspruch besteht. Reichen Sie sie"
            " nach, prüfen wir neu."
        ),
        ReasonCode.MAXIMUM_REACHED: _(
            "Wir haben bis zu dem Tag gezahlt, bis zu dem der Tarif längstens eine Leistung"
            " vorsieht."
        ),
        ReasonCode.RECOVERED: _(
            "Ihre Arbeitsunfähigkeit ist beendet. Die Leistung endet mit dem letzten"
            " bescheinigten Tag."
        ),
        ReasonCode.OTHER: _("Den Grund nennen wir Ihnen im Folgenden."),
    }


def describe_request(kind: str) -> str:
    """What was asked for; `kind` is a value of `DocumentRequest.Kind`."""
    kinds = DocumentRequest.Kind
    return {
        kinds.CERTIFICATE: _("AU-Bescheinigung"),
        kinds.GAP: _("Bescheinigung für eine Lücke"),
        kinds.EVIDENCE: _("Unterlagen zur Ursache"),
        kinds.REINTEGRATION: _("Wiedereingliederungsplan"),
        kinds.ACCOUNT: _("Bankverbindung und Einwilligung"),
        kinds.OTHER: _("andere Unterlagen"),
    }[kinds(kind)]


def list_exclusions(tariff_key: str, day: date) -> list[tuple[str, str, str]]:
    """The exclusions of a tariff on a day: code, wording, the evidence it needs."""
    found = _exclusions(tariff_key, day)
    return [(exclusion.code, *describe_exclusion(exclusion)) for exclusion in found]


def describe_exclusion(exclusion: BenefitExclusion) -> tuple[str, str]:
    """The wording of an exclusion and the evidence it needs, in the reader's language."""
    return _in_language(exclusion.text), _in_language(exclusion.evidence)


def explain_exclusion(code: str, tariff_key: str, day: date) -> str:
    """The wording of an exclusion as it was agreed on a day; "" where the tariff has none."""
    found = (each for each in _exclusions(tariff_key, day) if each.code == code)
    return next((_in_language(exclusion.text) for exclusion in found), "")


def _exclusions(tariff_key: str, day: date) -> tuple[BenefitExclusion, ...]:
    tariff = get_tariff(tariff_key)
    return (tariff.version_on(day) or tariff.versions[0]).exclusions


def _in_language(text: Mapping[str, str]) -> str:
    german = (get_language() or _GERMAN).startswith(_GERMAN)
    return text[_GERMAN if german else _ENGLISH]
