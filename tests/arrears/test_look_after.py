"""Cases of arrears as days go by: what is opened, which step is taken when, what closes them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pytest_django import Settings

from aupolicy.models import GroupContract, PremiumDefault, WorkItem
from billing.facts.arrears import StepKind
from billing.models import ArrearsCase, ArrearsStep, OpenItem, PremiumLine
from billing.operations.arrears import look_after, look_after_arrears, release_ending
from billing.parsing.dunning import DUNNING_FILE
from tests.arrears import world
from tests.arrears.world import PREMIUM, bill, find_step, insure, insure_and_pay_first, live, pay
from tests.laws.world import at, settle

pytestmark = pytest.mark.django_db

REQUEST_ON = date(2025, 11, 18)
REMIND_ON = date(2025, 12, 12)
REMINDER_ENDS = date(2025, 12, 30)


def returned() -> GroupContract:
    """November was collected and came back on the 17th."""
    contract = insure_and_pay_first()
    world.give_mandate(contract, signed_on=world.START)
    bill("2025-11")
    world.debit_and_return(contract, due=date(2025, 11, 15), returned=date(2025, 11, 17))
    return contract


def test_from_a_returned_debit_to_the_release_of_a_termination() -> None:
    contract = returned()
    steps = live(date(2025, 11, 16), date(2026, 1, 31))
    # Received on Monday 24 November, 14 days: 8 December; five days of grace.
    assert steps == [
        ("PAYMENT_REQUEST", REQUEST_ON),
        ("REMINDER", date(2025, 12, 14)),
        ("BENEFIT_FREEDOM", date(2026, 1, 6)),
    ]
    assert find_step(StepKind.PAYMENT_REQUEST).deadline == date(2025, 12, 8)
    reminder = find_step(StepKind.REMINDER)
    # Posted on a Sunday, received on Thursday the 18th; two weeks end on New Year's Day.
    assert reminder.deadline == date(2026, 1, 2)
    default = PremiumDefault.objects.get()
    assert (default.basis, default.period.first_day) == ("38", date(2026, 1, 3))
    work = WorkItem.objects.get(kind="arrears")
    assert work.done_at is None
    contract.refresh_from_db()
    assert contract.period.last_day is None


def test_a_reminder_charges_interest_and_costs_separately() -> None:
    """Default from 9 December, through the 13th: 520 x 6.27 % x 5 / 365 = 0.45, too little."""
    returned()
    live(date(2025, 11, 18), date(2025, 12, 14))
    step = find_step(StepKind.REMINDER)
    assert (step.premium, step.interest, step.costs) == (PREMIUM, Decimal(0), Decimal("2.50"))
    charged = OpenItem.objects.exclude(kind="premium").get()
    assert (charged.kind, charged.amount) == ("costs", Decimal("2.50"))
    settle()


def test_interest_is_charged_from_the_first_day_of_default() -> None:
    """Three months late: 520 x 6.27 % x days / 365."""
    contract = insure_and_pay_first()
    bill("2025-11")
    look_after_arrears(today=date(2026, 1, 16), now=at(date(2026, 1, 16)))
    step = find_step(StepKind.REMINDER)
    # Due on Saturday 15 November, so on the 17th; in default from the 18th, 59 days by the 15th.
    assert step.interest == Decimal("5.27")
    (told,) = [item for item in step.items if item["kind"] == "interest"]
    assert [
        (p["first"], p["last"], p["days"], p["percent"], p["amount"]) for p in told["pieces"]
    ] == [
        ("2025-11-18", "2025-12-31", 44, "6.27", "3.93"),
        ("2026-01-01", "2026-01-15", 15, "6.27", "1.34"),
    ]
    assert contract.open_items.get(kind="interest").cause == contract.open_items.filter(
        kind="premium"
    ).latest("pk")


def test_without_a_rate_no_interest_is_charged() -> None:
    insure_and_pay_first()
    bill("2026-07")
    look_after_arrears(today=date(2026, 9, 1), now=at(date(2026, 9, 1)))
    step = find_step(StepKind.REMINDER)
    told = {item.get("unknown_from") for item in step.items if item["kind"] == "premium"}
    assert told >= {"2026-07-17"} or told >= {"2026-07-16"}
    assert max(filter(None, told)) >= "2026-07-15"
    assert not OpenItem.objects.filter(kind="interest", text__contains="2026-07").exists()


def test_paid_after_the_request_the_case_is_closed() -> None:
    contract = returned()
    live(date(2025, 11, 18), date(2025, 12, 1))
    pay(contract, day=date(2025, 12, 2))
    assert live(date(2025, 12, 2), date(2026, 1, 31)) == [("PAID", date(2025, 12, 2))]
    assert ArrearsCase.objects.get().closed_on == date(2025, 12, 2)
    assert not PremiumDefault.objects.exists()


def test_a_part_is_not_all() -> None:
    contract = returned()
    live(date(2025, 11, 18), date(2025, 12, 1))
    pay(contract, day=date(2025, 12, 2), amount=Decimal("400.00"))
    assert ("REMINDER", date(2025, 12, 14)) in live(date(2025, 12, 2), date(2025, 12, 20))
    assert find_step(StepKind.REMINDER).premium == Decimal("120.00")


def test_less_than_the_small_sum_waits() -> None:
    contract = returned()
    live(date(2025, 11, 18), date(2025, 12, 1))
    pay(contract, day=date(2025, 12, 2), amount=PREMIUM - Decimal("24.99"))
    assert live(date(2025, 12, 2), date(2026, 3, 31)) == []


def test_freedom_from_benefit_ends_on_the_day_before_payment() -> None:
    contract = returned()
    live(date(2025, 11, 18), date(2026, 1, 10))
    pay(contract, day=date(2026, 1, 8))
    assert live(date(2026, 1, 11), date(2026, 1, 12)) == [("PAID", date(2026, 1, 11))]
    period = PremiumDefault.objects.get().period
    assert (period.first_day, period.last_day) == (date(2026, 1, 3), date(2026, 1, 7))


def test_a_payment_in_time_that_is_seen_late_leaves_no_default() -> None:
    contract = returned()
    live(date(2025, 11, 18), date(2026, 1, 10))
    pay(contract, day=date(2026, 1, 2))
    live(date(2026, 1, 11), date(2026, 1, 11))
    assert PremiumDefault.objects.get().withdrawn_at is not None


def terminated() -> GroupContract:
    contract = returned()
    live(date(2025, 11, 18), date(2026, 1, 20))
    taken = release_ending(
        case=ArrearsCase.objects.get(),
        reason="geprüft",
        user=world.create_clerk(),
        today=date(2026, 1, 20),
        now=at(date(2026, 1, 20)),
    )
    assert taken == [StepKind.TERMINATION]
    contract.refresh_from_db()
    return contract


def test_a_released_termination_ends_the_contract_when_it_is_received() -> None:
    contract = terminated()
    # Posted on Tuesday, received on Saturday: Monday 26 January. A month: 26 February.
    assert contract.period.last_day == date(2026, 1, 26)
    step = find_step(StepKind.TERMINATION)
    assert (step.deadline, step.previous_end) == (date(2026, 2, 26), None)
    assert WorkItem.objects.get(kind="arrears").done_by is not None


def test_premium_is_owed_for_days_of_cover_only_and_again_after_revival() -> None:
    """§ 39 (1) VVG: January until the 26th; revived, all of it and February."""
    contract = terminated()
    for month in ("2025-12", "2026-01", "2026-02"):
        bill(month)
    covered = PremiumLine.objects.filter(contract=contract)
    assert sum(line.amount for line in covered.filter(covered_month="2026-02-01")) == 0
    january = sum(line.amount for line in covered.filter(covered_month="2026-01-01"))
    assert 0 < january < PREMIUM
    in_case = OpenItem.objects.filter(arrears_items__isnull=False)
    for item in in_case:
        world.book(contract, "RECEIPT", date(2026, 2, 26), item, item.amount)
    steps = live(date(2026, 2, 26), date(2026, 2, 26))
    assert steps[0] == ("REVIVAL", date(2026, 2, 26))
    contract.refresh_from_db()
    assert contract.period.last_day is None
    assert PremiumDefault.objects.get().period.last_day == date(2026, 2, 25)
    bill("2026-03")
    for month in ("2026-01-01", "2026-02-01", "2026-03-01"):
        assert sum(line.amount for line in covered.filter(covered_month=month)) == PREMIUM
    settle()


def test_paid_a_day_too_late_the_contract_stays_ended() -> None:
    contract = terminated()
    live(date(2026, 1, 21), date(2026, 3, 1))
    pay(contract, day=date(2026, 2, 27))
    assert live(date(2026, 3, 2), date(2026, 3, 2)) == [("PAID", date(2026, 3, 2))]
    contract.refresh_from_db()
    assert contract.period.last_day == date(2026, 1, 26)


def test_what_is_written_off_is_not_paid() -> None:
    contract = terminated()
    for item in OpenItem.objects.filter(contract=contract, arrears_items__isnull=False):
        world.book(contract, "WRITE_OFF", date(2026, 2, 2), item, item.amount)
    assert live(date(2026, 2, 2), date(2026, 2, 2)) == [("PAID", date(2026, 2, 2))]
    contract.refresh_from_db()
    assert contract.period.last_day == date(2026, 1, 26)


def test_a_combined_reminder_terminates_with_its_period(tmp_path: Path, settings: Settings) -> None:
    text = DUNNING_FILE.read_text(encoding="utf-8")
    before, after = text.split("      combines_termination:\n")
    path = tmp_path / "dunning.yaml"
    after = after.replace('"no"', '"yes"', 1)
    path.write_text(f"{before}      combines_termination:\n{after}", encoding="utf-8")
    settings.DUNNING_FILE = path
    contract = returned()
    steps = live(date(2025, 11, 18), date(2026, 1, 6))
    assert steps[-2:] == [
        ("BENEFIT_FREEDOM", date(2026, 1, 6)),
        ("TERMINATION", date(2026, 1, 6)),
    ]
    assert find_step(StepKind.REMINDER).combined
    contract.refresh_from_db()
    assert contract.period.last_day == date(2026, 1, 2)
    assert find_step(StepKind.TERMINATION).deadline == date(2026, 2, 2)


def test_the_first_premium_goes_by_its_own_rules() -> None:
    contract = insure()
    bill("2025-10")
    steps = live(date(2025, 10, 1), date(2025, 12, 15))
    assert [kind for kind, _ in steps] == ["FIRST_NOTICE", "BENEFIT_FREEDOM"]
    notice = find_step(StepKind.FIRST_NOTICE)
    assert notice.deadline is not None
    default = PremiumDefault.objects.get()
    assert default.basis == "37"
    assert default.period.first_day > notice.deadline
    taken = release_ending(
        case=ArrearsCase.objects.get(),
        reason="",
        user=world.create_clerk(),
        today=date(2025, 12, 16),
        now=at(date(2025, 12, 16)),
    )
    assert taken == [StepKind.WITHDRAWAL]
    contract.refresh_from_db()
    assert contract.period.last_day == date(2025, 12, 22)
    pay(contract, day=date(2025, 12, 17))
    assert live(date(2025, 12, 18), date(2025, 12, 18)) == [("PAID", date(2025, 12, 18))]
    contract.refresh_from_db()
    assert contract.period.last_day == date(2025, 12, 22)


def test_who_was_never_debited_is_reminded_at_once() -> None:
    """The statement asked for a transfer."""
    insure_and_pay_first()
    bill("2025-11")
    steps = live(date(2025, 11, 15), date(2025, 11, 30))
    assert steps == [("REMINDER", date(2025, 11, 23))]


def test_twice_a_day_does_nothing() -> None:
    returned()
    day = REQUEST_ON
    assert look_after_arrears(today=day, now=at(day)).opened == 1
    again = look_after_arrears(today=day, now=at(day))
    assert (again.opened, sum(again.steps.values())) == (0, 0)
    assert ArrearsStep.objects.count() == 1


def test_what_is_to_be_collected_again_is_nobodys_arrears() -> None:
    contract = insure_and_pay_first()
    world.give_mandate(contract, signed_on=world.START)
    bill("2025-11")
    assert live(date(2025, 11, 20), date(2025, 11, 21)) == []
    world.debit_and_return(
        contract, due=date(2025, 11, 15), returned=date(2025, 11, 17), retry=date(2025, 12, 1)
    )
    assert live(date(2025, 11, 20), date(2025, 11, 30)) == []


def test_what_becomes_overdue_later_has_a_case_of_its_own() -> None:
    contract = insure_and_pay_first()
    bill("2025-11")
    live(date(2025, 11, 15), date(2025, 11, 30))
    bill("2025-12")
    live(date(2025, 12, 1), date(2025, 12, 20))
    november = OpenItem.objects.filter(arrears_items__isnull=False)
    for item in november:
        world.book(contract, "RECEIPT", date(2025, 12, 5), item, item.amount)
    live(date(2025, 12, 21), date(2025, 12, 23))
    first, second = ArrearsCase.objects.order_by("pk")
    assert first.closed_on == date(2025, 12, 21)
    assert second.opened_on == date(2025, 12, 21)
    premiums = OpenItem.objects.filter(arrears_items__case=second, kind="premium")
    assert list(premiums.values_list("statement__month", flat=True)) == [date(2025, 12, 1)]


def test_a_case_that_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    insure_and_pay_first()
    second = insure()
    bill("2025-11")
    real = look_after.work_case

    def fail_once(*, case_id: int, **rest: object) -> object:
        if ArrearsCase.objects.get(pk=case_id).contract_id == second.pk:
            raise RuntimeError("a broken case")
        return real(case_id=case_id, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(look_after, "work_case", fail_once)
    day = date(2026, 1, 16)
    with pytest.raises(ExceptionGroup):
        look_after_arrears(today=day, now=at(day))
    assert ArrearsStep.objects.get().kind == "REMINDER"
