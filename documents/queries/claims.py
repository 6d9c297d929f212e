"""What letters to insured people about a claim say: in German, and nothing of an illness."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from aupolicy.kernel.money import total
from aupolicy.kernel.month import Month
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.queries import get_tariff, get_terms
from billing.models import Recovery
from billing.queries.recoveries import get_open_amount
from claims import words
from claims.exports.day_counter import list_counter_rows
from claims.facts import (
    BenefitTerms,
    DecisionKind,
    Entitlement,
    Leave,
    ReasonCode,
    SliceDue,
)
from claims.models import (
    BenefitSlice,
    Certificate,
    Claim,
    Contact,
    Decision,
    DocumentRequest,
    Payee,
    PersonLink,
)
from claims.queries.facts import get_entitlement, load_people
from claims.queries.parameters import get_claims_parameters
from claims.rules.checks import find_cover
from documents.exports.german import write_euro
from documents.facts import (
    Address,
    CorrectedMonth,
    CorrectionContext,
    CounterView,
    EndContext,
    GrantContext,
    LegalNotice,
    LinkContext,
    MonthRow,
    Refusal,
    RefusalContext,
    RequestContext,
    SumTerms,
)
from documents.queries.parties import HOME, country_word, get_insurer, tariff_name

_LANGUAGE = "de"
_FULL = 100
CONFIDENTIAL = "persönlich / vertraulich"


class UnableToBuildLetter(ValueError):
    """A letter that has nothing to say yet; `code` says why.

    NOTHING_CERTIFIED, NOT_INSURED, NO_LETTER (decisions of this kind have none), MIXED
    (recoveries of several claims or ways in one letter).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code, self.params = code, dict[str, str]()


def build_decision_letter(decision: Decision) -> GrantContext | RefusalContext | EndContext:
    """What the letter of an effective decision says. Raises UnableToBuildLetter."""
    with translation.override(_LANGUAGE):
        match DecisionKind(decision.kind):
            case DecisionKind.GRANT | DecisionKind.PARTLY_GRANT | DecisionKind.LIFT_EXCLUSION:
                return _build_grant(decision)
            case DecisionKind.REFUSE | DecisionKind.EXCLUDE:
                return _build_refusal(decision)
            case DecisionKind.END:
                return _build_end(decision)
            case _:
                raise UnableToBuildLetter("NO_LETTER")


def _decided_on(decision: Decision) -> date:
    return timezone.localdate(decision.second_at or decision.decided_at)


def _settled_through(day: date) -> date:
    """The last day that the monthly run has settled by a day."""
    return Month.of(day).first_day - ONE_DAY


def _head(claim: Claim, written_on: date) -> dict[str, Any]:
    person = claim.person
    name = f"{person.first_name} {person.last_name}"
    return {
        "insurer": get_insurer(),
        "recipient": _address(claim, name),
        "person_name": name,
        "claim_number": claim.number,
        "written_on": written_on,
    }


def _address(claim: Claim, name: str) -> Address:
    """Where the person told us to write; nobody else's word is taken for it."""
    contact = Contact.objects.filter(claim=claim).first()
    if contact is None or not contact.street or not contact.town:
        return Address((name, CONFIDENTIAL))
    lines = (name, contact.street, f"{contact.postal_code} {contact.town}".strip())
    abroad = contact.country != HOME
    return Address((*lines, country_word(contact.country).upper()) if abroad else lines)


def _legal(day: date) -> LegalNotice:
    return LegalNotice(
        ombudsman=settings.COMPLAINTS["ombudsman"],
        supervisor=settings.COMPLAINTS["supervisor"],
        limitation_years=get_claims_parameters(day).limitation_years,
    )


@dataclass(frozen=True, slots=True)
class _Owed:
    """What a claim is owed, with the terms of its leave and the cover it began in."""

    entitlement: Entitlement
    terms: BenefitTerms
    cover: Period | None

    @property
    def leave(self) -> Leave:
        return self.entitlement.leave


def _find_owed(claim: Claim, as_of: date) -> _Owed | None:
    """None while no day of the claim is certified."""
    entitlement = get_entitlement(claim, as_of=as_of)
    if entitlement is None:
        return None
    facts = load_people([claim.person_id])[claim.person_id]
    first = entitlement.leave.period.first_day
    cover = find_cover(facts.spans, day=first)
    return _Owed(entitlement, facts.terms_on(first), cover)


def _build_grant(decision: Decision) -> GrantContext:
    claim, written_on = decision.claim, _decided_on(decision)
    settled_through = _settled_through(written_on)
    owed = _find_owed(claim, settled_through)
    if owed is None:
        raise UnableToBuildLetter("NOTHING_CERTIFIED")
    leave = owed.leave
    is_partly = decision.kind == DecisionKind.PARTLY_GRANT
    return GrantContext(
        **_head(claim, written_on),
        granted=decision.period,
        leave_first_day=leave.period.first_day,
        certified_until=leave.period.last_day or leave.period.first_day,
        brought_days=leave.brought,
        first_paid=_first_paid(leave, decision.period),
        deferral_days=owed.terms.deferral_days,
        benefit_until_day=owed.terms.benefit_until_day,
        terms=_sum_terms(leave),
        settled_through=settled_through,
        months=_months(owed.entitlement),
        total=owed.entitlement.total,
        counter=_counter(leave),
        needs_account=not Payee.objects.filter(claim=claim).exists(),
        refusal=_refusal(decision, leave, days=None) if is_partly else None,
        legal=_legal(written_on),
    )


def _first_paid(leave: Leave, granted: Period) -> date | None:
    paid = (piece.period.intersection(granted) for piece in leave.pieces if piece.percent)
    return next((period.first_day for period in paid if period), None)


def _sum_terms(leave: Leave) -> SumTerms:
    span = leave.span
    if span is None:
        raise UnableToBuildLetter("NOT_INSURED")
    version = get_tariff(span.tariff_key).version_on(span.tariff_from)
    bands = version.bands if version else ()
    band = next((band for band in bands if band.number == span.band), None)
    return SumTerms(
        since=leave.sum_since,
        monthly_sum=span.benefit,
        tariff_name=tariff_name(span.tariff_key),
        pay=span.pay,
        band=span.band,
        above=band.above if band else None,
        up_to=band.up_to if band else None,
    )


def _months(entitlement: Entitlement) -> tuple[MonthRow, ...]:
    monthly_sum = entitlement.leave.monthly_sum
    return tuple(
        MonthRow(due.month.first_day, due.days, describe_calculation(due, monthly_sum), due.amount)
        for due in entitlement.slices
    )


def describe_calculation(due: SliceDue, monthly_sum: Decimal) -> str:
    """How a month's sum comes about: "335,00 € × 17 / 30", or that the month is paid in full."""
    days: dict[int, int] = {}
    for part in due.parts:
        if part.percent:
            days[part.percent] = days.get(part.percent, 0) + (part.period.days or 0)
    if days == {_FULL: due.month.last_day.day}:
        return "voller Monat"
    terms = [f"{count}" if p == _FULL else f"{count} × {p} %" for p, count in days.items()]
    counted = terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"
    return f"{write_euro(monthly_sum)} × {counted} / 30"


def _counter(leave: Leave) -> CounterView:
    return CounterView(leave.pieces, tuple(list_counter_rows(leave)))


def _refusal(decision: Decision, leave: Leave | None, *, days: Period | None) -> Refusal:
    return Refusal(
        days=days,
        reason=_reason(decision),
        wording=_exclusion_wording(decision, leave),
        words=decision.reason.strip(),
    )


def _reason(decision: Decision) -> str:
    """The reason as a clause; "" where the examiner's own words are all there is."""
    code = decision.reason_code or (ReasonCode.EXCLUSION.value if decision.exclusion else "")
    if not code or (code == ReasonCode.OTHER and decision.reason.strip()):
        return ""
    return words.explain_reason(ReasonCode(code))


def _exclusion_wording(decision: Decision, leave: Leave | None) -> str:
    """The wording as it was agreed on the day the leave began."""
    if not decision.exclusion:
        return ""
    day = leave.period.first_day if leave else decision.period.first_day
    return words.explain_exclusion(decision.exclusion, _tariff_key(decision.claim, leave), day)


def _tariff_key(claim: Claim, leave: Leave | None) -> str:
    """The tariff of a leave; of one without cover that of the contract, on its nearest day."""
    if leave is not None and leave.span is not None:
        return leave.span.tariff_key
    contract = claim.contract.period
    day = max(claim.first_day or claim.registered_on, contract.first_day)
    return get_terms(claim.contract, min(day, contract.last_day or day)).tariff_key


def _build_refusal(decision: Decision) -> RefusalContext:
    claim, written_on = decision.claim, _decided_on(decision)
    owed = _find_owed(claim, written_on)
    leave = owed.leave if owed else None
    certificates = Certificate.objects.filter(sick_leave__claim=claim, withdrawn_at=None)
    return RefusalContext(
        **_head(claim, written_on),
        reported_on=claim.registered_on,
        leave_first_day=leave.period.first_day if leave else claim.first_day,
        certified=tuple(sorted(_periods(certificates), key=lambda period: period.first_day)),
        covers=(owed.cover,) if owed and owed.cover else (),
        tariff_name=tariff_name(_tariff_key(claim, leave)),
        refusal=_refusal(decision, leave, days=_refused_days(decision, leave)),
        legal=_legal(written_on),
    )


def _periods(certificates: Iterable[Certificate]) -> set[Period]:
    return {certificate.period for certificate in certificates}


def _refused_days(decision: Decision, leave: Leave | None) -> Period | None:
    """The days refused, None where it is the whole leave."""
    if leave is None or leave.period.intersection(decision.period) == leave.period:
        return None
    return leave.period.intersection(decision.period) or decision.period


def _build_end(decision: Decision) -> EndContext:
    claim, written_on = decision.claim, _decided_on(decision)
    owed = _find_owed(claim, written_on)
    slices = owed.entitlement.slices if owed else ()
    code = decision.reason_code
    ended = words.describe_leave_end(owed.entitlement.end) if owed else ""
    return EndContext(
        **_head(claim, written_on),
        last_paid=slices[-1].payable[-1].last_day if slices else None,
        reason=_reason(decision) if code else ended,
        words=decision.reason.strip(),
        months=_months(owed.entitlement) if owed else (),
        total=total(due.amount for due in slices),
        counter=_counter(owed.leave) if owed else None,
        legal=_legal(written_on),
    )


def build_correction(claim: Claim, recoveries: Sequence[Recovery]) -> CorrectionContext:
    """Months that were paid and then computed anew. Raises UnableToBuildLetter (MIXED)."""
    ways = {(each.claim_id, each.mode, each.instalment) for each in recoveries}
    if len(ways) != 1 or recoveries[0].claim_id != claim.pk:
        raise UnableToBuildLetter("MIXED")
    written_on = max(timezone.localdate(each.decided_at) for each in recoveries)
    standing = BenefitSlice.objects.filter(claim=claim, cancelled_at=None)
    now = {each.month: each for each in standing}
    with translation.override(_LANGUAGE):
        owed = _find_owed(claim, written_on)
        rows = [_corrected(each, now.get(each.slice.month)) for each in recoveries]
        return CorrectionContext(
            **_head(claim, written_on),
            months=tuple(sorted(rows, key=lambda row: row.month)),
            total_back=total(each.amount for each in recoveries),
            still_open=total(map(get_open_amount, recoveries)),
            mode=recoveries[0].mode,
            instalment=recoveries[0].instalment,
            pay_until=written_on + timedelta(days=get_claims_parameters(written_on).request_days),
            counter=_counter(owed.leave) if owed else None,
            legal=_legal(written_on),
        )


def _corrected(recovery: Recovery, now: BenefitSlice | None) -> CorrectedMonth:
    before = recovery.slice
    return CorrectedMonth(
        month=before.month,
        days_before=before.days,
        before=before.amount,
        days_now=now.days if now else 0,
        now=now.amount if now else Decimal("0.00"),
        back=recovery.amount,
    )


def build_request(request: DocumentRequest, reminder: int) -> RequestContext:
    """What we ask for (reminder 0), or remind of."""
    asked_on = timezone.localdate(request.asked_at)
    written_on = asked_on if not reminder else request.reminded_on or asked_on
    return RequestContext(
        **_head(request.claim, written_on),
        kind=request.kind,
        days=request.period,
        words=request.text.strip(),
        asked_on=asked_on,
        due_on=request.due_on,
        reminder=reminder,
        is_last_reminder=reminder >= get_claims_parameters(written_on).most_reminders,
    )


def build_link_sheet(link: PersonLink, *, url: str, code: str) -> LinkContext:
    """The sheet with a link; without `url` and `code` the copy that is kept."""
    return LinkContext(
        **_head(link.claim, timezone.localdate(link.created_at)),
        url=url,
        code=code,
        valid_until=timezone.localdate(link.expires_at),
    )
