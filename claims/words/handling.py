"""Words of handling a claim: where it stands, what was decided, what the checks found."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.facts import (
    CertificateSource,
    Channel,
    CheckCode,
    CheckResult,
    ClaimStatus,
    DecisionKind,
    Finding,
)


def describe_status(status: ClaimStatus) -> str:
    """Where a claim stands."""
    return {
        ClaimStatus.REPORTED: _("gemeldet"),
        ClaimStatus.DEFERRAL: _("in der Karenzzeit"),
        ClaimStatus.TO_EXAMINE: _("zu prüfen"),
        ClaimStatus.APPROVAL: _("wartet auf zweite Freigabe"),
        ClaimStatus.PAYING: _("in Zahlung"),
        ClaimStatus.EVIDENCE_MISSING: _("Nachweis fehlt"),
        ClaimStatus.HELD: _("vorläufig angehalten"),
        ClaimStatus.REFUSED: _("abgelehnt"),
        ClaimStatus.ENDED: _("beendet"),
        ClaimStatus.JOINED: _("in anderem Fall aufgegangen"),
    }[status]


def describe_decision(kind: DecisionKind) -> str:
    """The name of a decision."""
    return {
        DecisionKind.GRANT: _("Bewilligung"),
        DecisionKind.PARTLY_GRANT: _("Teilbewilligung"),
        DecisionKind.REFUSE: _("Ablehnung"),
        DecisionKind.END: _("Beendigung"),
        DecisionKind.REOPEN: _("Wiederaufnahme"),
        DecisionKind.EXCLUDE: _("Ausschluss festgestellt"),
        DecisionKind.LIFT_EXCLUSION: _("Ausschluss aufgehoben"),
    }[kind]


def describe_channel(channel: Channel) -> str:
    """Which way something came in."""
    return {
        Channel.EMPLOYER: _("Arbeitgeber"),
        Channel.BROKER: _("Vermittler"),
        Channel.PERSON: _("versicherte Person"),
        Channel.EXAMINER: _("Leistungsprüfung"),
        Channel.API: _("Schnittstelle"),
    }[channel]


def describe_source(source: CertificateSource) -> str:
    """What a certificate was taken from."""
    return {
        CertificateSource.PAPER: _("Papier"),
        CertificateSource.EAU: _("eAU-Abruf"),
        CertificateSource.PORTAL: _("Portal"),
    }[source]


def describe_finding(finding: Finding) -> str:
    """How a check came out."""
    return {
        Finding.PASSED: _("in Ordnung"),
        Finding.ATTENTION: _("ansehen"),
        Finding.FAILED: _("nicht erfüllt"),
    }[finding]


def name_check(code: CheckCode) -> str:
    """What a check looks at."""
    return {
        CheckCode.INSURED_AT_ONSET: _("Versichert bei Beginn"),
        CheckCode.COVER_LASTS: _("Schutz besteht fort"),
        CheckCode.PREMIUM_PAID: _("Beitrag gezahlt"),
        CheckCode.NO_GAP: _("Nachweis ohne Lücke"),
        CheckCode.NO_OVERLAP: _("Keine Überschneidung"),
        CheckCode.WITHIN_LIMIT: _("Höchstdauer"),
        CheckCode.BELOW_AGE: _("Regelaltersgrenze"),
        CheckCode.JOINED_IN_TIME: _("Zugang vor der Erkrankung gemeldet"),
    }[code]


def describe_check(result: CheckResult) -> str:
    """What a check found, in one sentence with the days it looked at."""
    texts = {
        Finding.PASSED: _passed_texts,
        Finding.ATTENTION: _attention_texts,
        Finding.FAILED: _failed_texts,
    }[result.finding]()
    days = _describe_days(result.code, [_write_day(day) for day in result.days])
    return f"{texts[result.code]} ({days})" if days else texts[result.code]


def _describe_days(code: CheckCode, days: Sequence[str]) -> str:
    """The days of a finding: stretches by their first and last day, cover with its report."""
    if code in {CheckCode.NO_GAP, CheckCode.NO_OVERLAP}:
        pairs = zip(days[::2], days[1::2], strict=False)
        return ", ".join(
            first if first == last else _("%(first)s bis %(last)s") % {"first": first, "last": last}
            for first, last in pairs
        )
    if code is CheckCode.PREMIUM_PAID and len(days) > 1:
        words = _("seit %(since)s, Beginn der Arbeitsunfähigkeit %(onset)s")
        return words % {"since": days[0], "onset": days[1]}
    if code is CheckCode.JOINED_IN_TIME and len(days) > 1:
        words = _("Schutz ab %(first)s, gemeldet am %(told)s")
        return words % {"first": days[0], "told": days[1]}
    return ", ".join(days)


def _passed_texts() -> dict[CheckCode, str]:
    return {
        CheckCode.INSURED_AT_ONSET: _("Am ersten Tag der Arbeitsunfähigkeit bestand Schutz."),
        CheckCode.COVER_LASTS: _("Der Schutz endet nicht in absehbarer Zeit."),
        CheckCode.PREMIUM_PAID: _("Der Arbeitgeber ist mit keinem Beitrag in Verzug."),
        CheckCode.NO_GAP: _("Die Bescheinigungen schließen ohne Lücke aneinander an."),
        CheckCode.NO_OVERLAP: _("Keine Bescheinigung überschneidet sich mit einer anderen."),
        CheckCode.WITHIN_LIMIT: _("Die Höchstdauer ist nicht erreicht."),
        CheckCode.BELOW_AGE: _("Die Regelaltersgrenze ist noch nicht nahe."),
        CheckCode.JOINED_IN_TIME: _("Der Zugang wurde rechtzeitig vor der Erkrankung gemeldet."),
    }


def _attention_texts() -> dict[CheckCode, str]:
    return {
        CheckCode.INSURED_AT_ONSET: _("Der Schutz am ersten Tag ist zu klären."),
        CheckCode.COVER_LASTS: _("Der Schutz endet bald oder während der Arbeitsunfähigkeit."),
        CheckCode.PREMIUM_PAID: _(
            "Der Arbeitgeber ist mit einem Beitrag in Rückstand. Ob das von der Leistung befreit"
            " (§ 38 VVG), ist zu klären."
        ),
        CheckCode.NO_GAP: _("Zwischen den Bescheinigungen fehlen Tage; sie werden nicht gezahlt."),
        CheckCode.NO_OVERLAP: _("Bescheinigungen überschneiden sich; jeder Tag zählt einmal."),
        CheckCode.WITHIN_LIMIT: _("Die Höchstdauer wird bald erreicht."),
        CheckCode.BELOW_AGE: _("Die Regelaltersgrenze wird bald erreicht."),
        CheckCode.JOINED_IN_TIME: _(
            "Der Schutz begann kurz vor der Erkrankung oder wurde erst nach ihrem Beginn gemeldet."
        ),
    }


def _failed_texts() -> dict[CheckCode, str]:
    return {
        CheckCode.INSURED_AT_ONSET: _("Am ersten Tag der Arbeitsunfähigkeit bestand kein Schutz."),
        CheckCode.COVER_LASTS: _("Der Schutz endet, bevor eine Leistung beginnen kann."),
        CheckCode.PREMIUM_PAID: _(
            "Die Arbeitsunfähigkeit begann, während der Arbeitgeber nach Ablauf der gesetzten Frist"
            " mit dem Beitrag in Verzug war: leistungsfrei (§ 37 Absatz 2, § 38 Absatz 2 VVG)."
        ),
        CheckCode.NO_GAP: _("Für die Zeit der Leistung liegt keine Bescheinigung vor."),
        CheckCode.NO_OVERLAP: _("Dieselben Tage gehören schon zu einem anderen Leistungsfall."),
        CheckCode.WITHIN_LIMIT: _(
            "Die Höchstdauer war schon vor dieser Arbeitsunfähigkeit erreicht."
        ),
        CheckCode.BELOW_AGE: _("Die Regelaltersgrenze war schon erreicht."),
        CheckCode.JOINED_IN_TIME: _("Am ersten Tag der Arbeitsunfähigkeit bestand kein Schutz."),
    }


def _write_day(day: date) -> str:
    if (get_language() or "de").startswith("de"):
        return f"{day:%d.%m.%Y}"
    return date_format(day, "j M Y")
