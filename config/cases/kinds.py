"""What each kind of case runs. Every function takes `given` and returns what came out, as text."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from aupolicy.facts import TariffVersion
from aupolicy.facts.payroll import PayProfile, TaxClass
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import Period
from aupolicy.models import Employer, GroupContract
from aupolicy.operations import Terms, sign_contract
from aupolicy.queries import get_tariff
from aupolicy.queries.payroll import get_payroll_parameters
from aupolicy.rules import (
    NotSubjectToInsurance,
    compute_gap,
    compute_quote,
    count_payroll,
    decide_cancellation,
)
from billing.models import Statement
from billing.operations import fill_slice, post_run, start_run
from billing.rules.due_date import decide_due_date
from config.cases.benefit import benefit
from members.facts import Applicant, Employment, EndReason, Notice, NoticeKind
from members.operations import apply_notices
from members.queries import retirement_steps
from members.rules import decide_cover_end, decide_eligibility

Given = Mapping[str, Any]
Outcome = dict[str, Any]

# Kinds without a tariff of their own are judged by the wording of this one.
_WORDING = "bau-2016"


def quote(given: Given) -> Outcome:
    """Price a payroll."""
    payroll = given["payroll"]
    if isinstance(payroll, Mapping):
        counts = {Decimal(pay): int(count) for pay, count in payroll.items()}
    else:
        counts = count_payroll(Decimal(pay) for pay in payroll)
    found = compute_quote(_newest(given["tariff"]), counts)
    return {
        "premium": str(found.premium),
        "insured": str(found.insured),
        "payroll": str(found.payroll),
        "rate_percent": str(found.rate_percent),
    }


def gap(given: Given) -> Outcome:
    """Compute what a month of statutory sick pay lacks and what the benefit pays of it."""
    as_of = _day(given["as_of"])
    try:
        found = compute_gap(
            Decimal(given["gross"]),
            profile=_profile(given),
            tariff=get_tariff(given["tariff"]).version_on(as_of) or _newest(given["tariff"]),
            parameters=get_payroll_parameters(as_of),
        )
    except NotSubjectToInsurance as error:
        return {"refused": error.code}
    deductions = ("wage_tax", "solidarity", "church_tax", "pension", "unemployment", "health")
    return {name: str(getattr(found.net_pay, name)) for name in (*deductions, "care", "net")} | {
        "sick_pay_gross_day": str(found.sick_pay.gross),
        "sick_pay_net_day": str(found.sick_pay.net),
        "sick_pay_month": str(found.sick_pay.month),
        "gap": str(found.gap),
        "benefit": str(found.benefit),
        "remaining": str(found.remaining),
        "covered_percent": str(found.covered_percent),
    }


def _profile(given: Given) -> PayProfile:
    return PayProfile(
        tax_class=TaxClass(given["tax_class"]),
        church_tax_percent=_optional_number(given.get("church_tax_percent")),
        children=int(given["children"]),
        child_allowances=Decimal(given.get("child_allowances", "0")),
        additional_health_percent=_optional_number(given.get("additional_health_percent")),
        saxony=given.get("saxony") == "true",
    )


def eligibility(given: Given) -> Outcome:
    """Decide whether a person can be insured."""
    person, as_of = given["person"], _day(given["as_of"])
    verdict = decide_eligibility(
        Applicant(
            birth_date=_day(person["birth_date"]),
            employment=person["employment"],
            occupation=person.get("occupation", ""),
            health_insurance=person.get("health_insurance", ""),
            co_insured_director=person.get("co_insured_director") == "true",
        ),
        as_of=as_of,
        parameters=(get_tariff(_WORDING).version_on(as_of) or _newest(_WORDING)).parameters,
        steps=retirement_steps(),
    )
    outcome = {"eligible": _boolean(verdict.eligible)}
    return outcome | ({"reason": verdict.reason.value} if verdict.reason else {})


def cover_end(given: Given) -> Outcome:
    """Decide when cover ends and why."""
    event = given.get("event")
    end = decide_cover_end(
        birth_date=_optional_day(given.get("birth_date")),
        event=(NoticeKind(event["kind"]), _day(event["date"]), None) if event else None,
        contract_end=_optional_day(given["contract"].get("end")),
        steps=retirement_steps(),
    )
    return {"last_day": str(end.last_day), "reason": end.reason.value} if end else {}


def cancellation(given: Given) -> Outcome:
    """Decide which end a cancellation has."""
    effect = decide_cancellation(
        start=_day(given["contract"]["start"]),
        received=_day(given["received"]),
        notice_months=_newest(_WORDING).parameters.cancellation_months,
    )
    return {"end": str(effect.end), "in_time": _boolean(effect.in_time)}


def collection_date(given: Given) -> Outcome:
    """Decide when a debit falls due."""
    found = decide_due_date(
        wanted=_day(given["wanted"]),
        announced=_day(given["announced"]),
        notice_days=int(given["notice_days"]),
    )
    return {"due": str(found.due), "submit_by": str(found.submit_by)}


def premium(given: Given) -> Outcome:
    """Apply notices and bill months through the real operations, then roll everything back."""
    with transaction.atomic():
        outcome = _bill(given)
        transaction.set_rollback(True)
    return outcome


def _bill(given: Given) -> Outcome:
    contract = _sign(given)
    waiting = sorted((_notice(item) for item in given["notices"]), key=lambda n: n.received_at)
    outcome: Outcome = {"statements": {}, "lines": {}}
    for month in map(Month.parse, given["runs"]):
        now = _noon(month.first_day)
        due = [notice for notice in waiting if notice.received_at <= now]
        waiting = [notice for notice in waiting if notice.received_at > now]
        for notice in due:
            apply_notices(contract=contract, notices=[notice])
        run = start_run(month=month, now=now, post=True, kind="case", contracts=[contract])
        while fill_slice(run=run, now=now):
            pass
        post_run(run=run, now=now)
        statement = Statement.objects.filter(run=run).first()
        outcome["statements"][str(month)] = str(statement.total) if statement else "0.00"
        outcome["lines"][str(month)] = str(statement.line_count if statement else 0)
    return outcome


def _sign(given: Given) -> GroupContract:
    employer = Employer.objects.create(
        legal_name="Fall GmbH", street="Weg", postal_code="00000", town="Ort"
    )
    contract = sign_contract(
        number="FALL",
        employer=employer,
        broker=None,
        start=_day(given["contract"]["start"]),
        terms=Terms(tariff_key=given["tariff"], co_insures_directors=True),
    )
    end = _optional_day(given["contract"].get("end"))
    if end is not None:
        contract.period = Period(contract.period.first_day, end)
        contract.save(update_fields=["period"])
    return contract


def _notice(item: Given) -> Notice:
    names = _names(item)
    return Notice(
        kind=NoticeKind(item["kind"]),
        personnel_number=item["person"],
        effective=_day(item["effective"]),
        received_at=_noon(_day(item["received"])),
        pay=Decimal(item["pay"]) if "pay" in item else None,
        reason=EndReason(item["reason"]) if "reason" in item else None,
        first_name=names.get("first_name", ""),
        last_name=names.get("last_name", ""),
        reference=item.get("reference", ""),
        corrects=item.get("corrects", ""),
        birth_date=_optional_day(item.get("birth_date")),
        employment=item.get("employment", Employment.REGULAR),
        occupation=item.get("occupation", ""),
    )


def _names(item: Given) -> dict[str, str]:
    """What a notice tells of the name; only a change of name says nothing that is not told."""
    is_new = item["kind"] == NoticeKind.NAME_CHANGE
    said = {} if is_new else {"first_name": "Fall", "last_name": item["person"]}
    return said | {name: item[name] for name in ("first_name", "last_name") if name in item}


def _newest(key: str) -> TariffVersion:
    return get_tariff(key).versions[-1]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _optional_day(text: str | None) -> date | None:
    return None if text is None else _day(text)


def _optional_number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _boolean(value: bool) -> str:  # noqa: FBT001 - one value in, its word out
    return "true" if value else "false"


KINDS: Mapping[str, Callable[[Given], Outcome]] = {
    "quote": quote,
    "gap": gap,
    "premium": premium,
    "eligibility": eligibility,
    "cover_end": cover_end,
    "cancellation": cancellation,
    "collection_date": collection_date,
    "benefit": benefit,
}
# Kinds whose rules come with self-funding.
LATER_KINDS = frozenset({"stop_loss"})
