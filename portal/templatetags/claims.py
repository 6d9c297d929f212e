"""The words of claims, as tags and filters: where a claim stands, what its days count as."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.facts import (
    CertificateSource,
    Channel,
    CheckResult,
    ClaimStatus,
    DayState,
    Finding,
)
from claims.models import Certificate, Claim, Reintegration, SickLeave
from claims.words import (
    describe_channel,
    describe_check,
    describe_day,
    describe_finding,
    describe_request,
    describe_row_cause,
    describe_source,
    describe_status,
    name_check,
)
from portal.queries.examiner.case import CaseView
from portal.queries.examiner.evidence import Standing
from portal.templatetags.portal import count, day, money

register = template.Library()
_STATUS = "portal/parts/status.html"

_MARKS = {
    ClaimStatus.REPORTED: "waiting",
    ClaimStatus.DEFERRAL: "waiting",
    ClaimStatus.TO_EXAMINE: "attention",
    ClaimStatus.APPROVAL: "attention",
    ClaimStatus.PAYING: "done",
    ClaimStatus.EVIDENCE_MISSING: "attention",
    ClaimStatus.HELD: "attention",
    ClaimStatus.REFUSED: "off",
    ClaimStatus.ENDED: "off",
    ClaimStatus.JOINED: "off",
}
_NEXT_STEPS = {
    ClaimStatus.REPORTED: gettext_lazy("Bescheinigung erwarten"),
    ClaimStatus.DEFERRAL: gettext_lazy("vor Leistungsbeginn prüfen"),
    ClaimStatus.TO_EXAMINE: gettext_lazy("prüfen und entscheiden"),
    ClaimStatus.APPROVAL: gettext_lazy("zweite Freigabe"),
    ClaimStatus.PAYING: gettext_lazy("Folgebescheinigung oder Nachprüfung"),
    ClaimStatus.EVIDENCE_MISSING: gettext_lazy("Nachweis einholen"),
    ClaimStatus.HELD: gettext_lazy("vorläufige Entscheidung überprüfen"),
}
_FINDING_MARKS = {
    Finding.PASSED: "done",
    Finding.ATTENTION: "attention",
    Finding.FAILED: "attention",
}


@register.inclusion_tag(_STATUS)
def claim_status(value: str) -> dict[str, Any]:
    """Where a claim stands, as a word with its mark."""
    status = ClaimStatus(value)
    return {"mark": _MARKS[status], "word": describe_status(status)}


@register.filter
def claim_status_word(value: str) -> str:
    """Where a claim stands, as a word alone."""
    return describe_status(ClaimStatus(value))


@register.simple_tag
def claim_headline(claim: Claim, case: CaseView) -> str:
    """Which day benefit begins, where the claim stands, what it pays, how far it is certified."""
    if case.leave.span is None:
        first = _("Am ersten Tag nicht versichert") + "; "
    else:
        first = _begin_words(case) + "; "
    parts = [describe_status(ClaimStatus(claim.status))]
    if case.leave.span is not None:
        parts.append(_("%(sum)s im Monat") % {"sum": money(case.leave.monthly_sum)})
    parts.append(_("bescheinigt bis %(day)s") % {"day": day(case.last_day)})
    return first + ", ".join(parts)


def _begin_words(case: CaseView) -> str:
    values = {"number": case.benefit_number, "day": day(case.benefit_day)}
    if case.leave.brought and case.benefit_day == case.leave.period.first_day:
        return _("Leistung ab dem ersten Tag, dem %(day)s") % values
    if case.benefit_day > case.last_day:
        return _("Tag %(number)s wäre der %(day)s") % values
    return _("Tag %(number)s ist der %(day)s") % values


@register.filter
def next_step(status: str) -> Any:
    """What comes next for a claim that stands so; a dash where nothing does."""
    return _NEXT_STEPS.get(ClaimStatus(status), "–")


@register.filter
def day_count(days: int) -> str:
    """A number of days after "seit" or "in": "1 Tag", "9 Tagen"."""
    return ngettext("%(shown)s Tag", "%(shown)s Tagen", days) % {"shown": count(days)}


@register.filter
def day_state(value: str) -> str:
    """What a day counts as."""
    return describe_day(DayState(value))


@register.filter
def day_reason(row: Any) -> str:
    """Why days count as they do; of a row or piece with its `state` and `cause`."""
    return describe_row_cause(DayState(row.state), row.cause)


@register.filter
def claim_channel(value: str) -> str:
    """Which way a leave or paper came in."""
    return describe_channel(Channel(value)) if value else "–"


@register.filter
def paper_source(value: str) -> str:
    """What a certificate was taken from."""
    return describe_source(CertificateSource(value))


@register.filter
def request_kind(value: str) -> str:
    """What the insured person was asked for."""
    return describe_request(value)


@register.filter
def iso_day(value: str) -> str:
    """A day that is kept as ISO text, as readers write it."""
    return day(date.fromisoformat(value))


@register.filter
def hours(value: Any) -> str:
    """Hours of work a day: "4 Stunden", "7,5 Stunden"."""
    number = Decimal(str(value)).normalize()
    places = max(0, -int(number.as_tuple().exponent))
    shown = number_format(number, places)
    return _("1 Stunde") if number == 1 else _("%(hours)s Stunden") % {"hours": shown}


@register.filter
def check_name(result: CheckResult) -> str:
    """What a check looks at."""
    return name_check(result.code)


@register.filter
def check_words(result: CheckResult) -> str:
    """What a check found."""
    return describe_check(result)


@register.inclusion_tag(_STATUS)
def check_finding(result: CheckResult, *, is_cleared: object = None) -> dict[str, Any]:
    """How a check came out, with its mark; one that somebody cleared asks for nothing any more."""
    if is_cleared:
        return {"mark": "done", "word": _("geklärt")}
    return {"mark": _FINDING_MARKS[result.finding], "word": describe_finding(result.finding)}


def leave_choices(leaves: Iterable[SickLeave]) -> list[tuple[int, str]]:
    """Leaves to choose from, by their first days."""
    words = _("Erkrankung ab %(day)s")
    return [(leave.pk, words % {"day": day(leave.first_day)}) for leave in leaves]


def row_title(row: SickLeave | Certificate | Reintegration) -> str:
    """What a row of the evidence is, with its days."""
    if isinstance(row, SickLeave):
        return _("Erkrankung ab %(day)s") % {"day": day(row.first_day)}
    days = {"first": day(row.period.first_day), "last": day(row.period.last_day)}
    if isinstance(row, Certificate):
        return _("Bescheinigung %(first)s bis %(last)s") % days
    return _("Wiedereingliederung %(first)s bis %(last)s") % days


@register.simple_tag
def describe_change(before: Standing | None, after: Standing | None) -> str:
    """What a change does to a leave: from which day benefit is due, how far it is certified."""
    if after is None and before is not None:
        return _("Kein Tag ist mehr bescheinigt.")
    if after is None:
        return _("Noch ist kein Tag bescheinigt.")
    parts = [
        _first_benefit(before, after),
        _certified(before, after),
        _brought(before, after),
        _sum(before, after),
    ]
    return " ".join(part for part in parts if part)


def _first_benefit(before: Standing | None, after: Standing) -> str:
    now = after.first_benefit_day
    was = before.first_benefit_day if before else None
    if now == was:
        return (
            _("Leistung bleibt ab %(day)s.") % {"day": day(now)}
            if now
            else _("Bescheinigt ist nur Karenzzeit, noch keine Leistung.")
        )
    if now is None:
        return _("Keine Leistung mehr (bisher ab %(day)s).") % {"day": day(was)}
    if was is None:
        return _("Leistung ab %(day)s.") % {"day": day(now)}
    return _("Leistung ab %(day)s (bisher %(before)s).") % {"day": day(now), "before": day(was)}


def _certified(before: Standing | None, after: Standing) -> str:
    now = day(after.certified_until)
    if before is None or before.certified_until is None:
        return _("Bescheinigt bis %(day)s.") % {"day": now}
    if before.certified_until == after.certified_until:
        return ""
    was = day(before.certified_until)
    return _("Bescheinigt bis %(day)s (bisher %(before)s).") % {"day": now, "before": was}


def _brought(before: Standing | None, after: Standing) -> str:
    was = before.brought if before else 0
    if after.brought == was:
        return ""
    return ngettext(
        "%(number)d Tag derselben Krankheit zählt mit.",
        "%(number)d Tage derselben Krankheit zählen mit.",
        after.brought,
    ) % {"number": after.brought}


def _sum(before: Standing | None, after: Standing) -> str:
    if before is None or before.monthly_sum == after.monthly_sum:
        return ""
    now, was = money(after.monthly_sum), money(before.monthly_sum)
    return _("Monatliche Summe %(sum)s (bisher %(before)s).") % {"sum": now, "before": was}
