"""What a preview says a statement will change by is what the next run then charges otherwise."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings

from aupolicy.kernel.money import ZERO
from aupolicy.models import GroupContract, User
from billing.models import PremiumLine, Statement
from billing.queries.effect import MoneyEffect, preview_notices
from members.facts import Notice, NoticeKind
from members.models import NoticeDecision, NoticeRecord
from members.operations.decide_notice import decide_notice
from tests.laws.stories import Story, stories
from tests.laws.test_billing_laws import TIMES, law
from tests.laws.world import agree, at, bill, notice, preview, rolled_back, tell

pytestmark = pytest.mark.django_db


@settings(law, max_examples=60 * TIMES)
@given(story=stories())
def test_the_effect_is_what_the_next_run_charges_otherwise(story: Story) -> None:
    """The notices of the last month are previewed, then said."""
    late = [arrival for arrival in story.arrivals if arrival.before_run == len(story.months) - 1]
    known = [arrival for arrival in story.arrivals if arrival not in late]
    with rolled_back():
        contracts = begin(replace(story, arrivals=tuple(known)))
        for number, contract in enumerate(contracts):
            said = [arrival.notice for arrival in late if arrival.contract == number]
            check(contract, said, today=story.months[-1].first_day)


def begin(story: Story) -> list[GroupContract]:
    """What happens before the last run; the contracts as they stand then."""
    contracts = replace(story, months=story.months[:-1]).tell()
    return [GroupContract.objects.get(pk=contract.pk) for contract in contracts]


def check(contract: GroupContract, said: list[Notice], *, today: date) -> MoneyEffect:
    """Compare the effect with two real runs, one without and one with the notices."""
    effect = preview_notices(contract=contract, notices=said, today=today).effect
    before = charge(contract, effect, [])
    after = charge(contract, effect, said)
    everybody = before.keys() | after.keys()
    differences = {who: after.get(who, ZERO) - before.get(who, ZERO) for who in everybody}
    assert {who: eur for who, eur in differences.items() if eur} == effect.by_person
    assert effect.total == sum(effect.by_person.values(), start=ZERO)
    return effect


def charge(contract: GroupContract, effect: MoneyEffect, said: list[Notice]) -> dict[str, Decimal]:
    """What the next run charges by person once the notices are known; then all is undone."""
    with rolled_back():
        if said:
            tell(contract, *said)
        run = bill(str(effect.month))
        lines = PremiumLine.objects.filter(run=run, contract=contract).select_related("person")
        charges: dict[str, Decimal] = {}
        for line in lines:
            number = line.person.personnel_number
            charges[number] = charges.get(number, ZERO) + line.amount
        statement = Statement.objects.filter(run=run, contract=contract).first()
        assert (statement.total if statement else ZERO) == sum(charges.values(), start=ZERO)
        return charges


JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


def test_corrections_of_billed_months_are_told_apart() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "A", JAN, "2400"), notice("JOIN", "B", JAN, "2400"))
    bill("2026-01")
    bill("2026-02")
    leave = notice("LEAVE", "A", date(2026, 1, 31), received=FEB)
    effect = check(contract, [leave], today=FEB)
    # February was billed and comes back, March is not charged.
    assert (str(effect.month), effect.by_person) == ("2026-03", {"A": Decimal("-26.00")})
    assert (effect.total, effect.corrections) == (Decimal("-26.00"), Decimal("-13.00"))


def test_withdrawing_a_notice_has_its_effect_too() -> None:
    contract = agree(start=JAN)
    raised = replace(notice("PAY_CHANGE", "A", FEB, "5000", received=JAN), reference="R-1")
    tell(contract, notice("JOIN", "A", JAN, "2400"), raised)
    bill("2026-01")
    bill("2026-02")
    withdrawal = Notice(
        kind=NoticeKind.CORRECTION,
        personnel_number="A",
        effective=date(2026, 3, 5),
        received_at=at(date(2026, 3, 5)),
        corrects="R-1",
    )
    effect = check(contract, [withdrawal], today=date(2026, 3, 5))
    assert effect.total == Decimal("-12.20")


def test_what_a_clerk_accepts_is_billed_though_the_last_statement_knew_the_notice() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "A", JAN, "2400"), notice("JOIN", "B", JAN, "2400"))
    bill("2027-06")
    late = notice("LEAVE", "A", date(2026, 1, 31), received=date(2027, 6, 20))
    tell(contract, late)
    bill("2027-07")
    decide_notice(
        notice=NoticeRecord.objects.get(kind="LEAVE"),
        verdict=NoticeDecision.Verdict.ACCEPT,
        note="Austritt durch Kündigungsschreiben belegt.",
        decided_by=User.objects.create_user("clerk"),
        now=at(date(2027, 7, 2)),
    )
    run = bill("2027-08")
    assert Statement.objects.get(run=run).total == Decimal("13.00") - 18 * Decimal("13.00")


def test_before_the_first_run_the_statement_is_that_of_today() -> None:
    contract = agree(start=JAN)
    effect = check(contract, [notice("JOIN", "A", JAN, "2400")], today=date(2026, 3, 9))
    assert (str(effect.month), effect.total, effect.corrections) == ("2026-03", Decimal(39), ZERO)


def test_a_slice_that_is_done_does_not_take_new_notices_in() -> None:
    contract = agree(start=JAN)
    tell(contract, notice("JOIN", "A", JAN, "2400"))
    bill("2026-01")
    run = preview("2026-02")
    said = [notice("PAY_CHANGE", "A", JAN, "5000")]
    effect = preview_notices(contract=contract, notices=said, today=FEB).effect
    assert str(effect.month) == "2026-03"
    assert effect.corrections == effect.total * 2 / 3
    run.slices.update(done_at=None)
    effect = preview_notices(contract=contract, notices=said, today=FEB).effect
    assert str(effect.month) == "2026-02"


def test_a_contract_of_the_future_is_billed_when_it_begins() -> None:
    contract = agree(start=date(2026, 6, 15))
    joining = notice("JOIN", "A", date(2026, 6, 15), "2400", received=JAN)
    effect = check(contract, [joining], today=JAN)
    assert (str(effect.month), effect.total) == ("2026-06", Decimal("6.93"))
