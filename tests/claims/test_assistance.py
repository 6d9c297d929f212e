"""Assistance: from the first day, by providers that do such things, at costs that add up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from aupolicy.kernel.month import Month
from aupolicy.models import Role, User, WorkItem
from claims.facts import AssistanceKind, Channel, ClaimStatus
from claims.models import (
    AssistanceCase,
    AssistanceFeedback,
    AssistanceOrder,
    BenefitSlice,
    Claim,
    Provider,
)
from claims.operations.assistance import (
    UnableToAssist,
    cancel_order,
    close_case,
    finish_order,
    give_feedback,
    open_case,
    order_service,
    save_provider,
)
from claims.queries.assistance import (
    average_feedback,
    count_quarters,
    list_open_cases,
    list_providers,
    sum_charged,
    sum_costs,
)
from tests.claims.world import at, insure, make_contract, make_user, sick, to_day

pytestmark = pytest.mark.django_db

NOW = at("2026-03-10")


@pytest.fixture
def claim() -> Claim:
    return sick(insure(make_contract()), "2026-03-09", "2026-03-20").claim


def provide(name: str = "Helfer", *kinds: AssistanceKind, active: bool = True) -> Provider:
    return save_provider(
        provider=None,
        name=name,
        kinds=kinds or [AssistanceKind.SHOPPING],
        region="Ort",
        phone="030 1",
        email="",
        active=active,
    )


def ask(
    claim: Claim, kind: AssistanceKind = AssistanceKind.SHOPPING, wish: str = ""
) -> AssistanceCase:
    return open_case(claim=claim, kind=kind, wish=wish, channel=Channel.PERSON, user=None, now=NOW)


def order(
    case: AssistanceCase, provider: Provider, user: User, cost: str = "20.00", **more: str
) -> AssistanceOrder:
    return order_service(
        case=case,
        provider=provider,
        service_on=to_day(more.get("day", "2026-03-11")),
        what=more.get("what", "Einkauf"),
        agreed_cost=Decimal(cost),
        user=user,
        now=NOW,
    )


def test_help_is_there_from_the_first_day_of_a_leave(claim: Claim) -> None:
    case = open_case(
        claim=claim,
        kind=AssistanceKind.MEALS,
        wish="mittags",
        channel=Channel.PERSON,
        user=None,
        now=at("2026-03-09"),
    )
    work = WorkItem.objects.get(kind=WorkItem.Kind.ASSISTANCE)
    assert (work.subject, work.due, work.done_at) == (case.pk, to_day("2026-03-10"), None)
    assert claim.person.last_name not in work.title
    assert "Menü" not in work.title
    with pytest.raises(UnableToAssist, match="OPEN_ALREADY"):
        ask(claim, AssistanceKind.MEALS)
    ask(claim, AssistanceKind.SHOPPING)
    assert [each.kind for each in list_open_cases()] == ["MEALS", "SHOPPING"]


def test_not_before_the_leave_nor_after_its_claim(claim: Claim) -> None:
    with pytest.raises(UnableToAssist, match="NOT_BEGUN"):
        open_case(
            claim=claim,
            kind=AssistanceKind.MEALS,
            wish="",
            channel=Channel.PERSON,
            user=None,
            now=at("2026-03-08"),
        )
    Claim.objects.filter(pk=claim.pk).update(status=ClaimStatus.ENDED.value)
    with pytest.raises(UnableToAssist, match="CLAIM_CLOSED"):
        ask(claim)


def test_text_that_looks_like_an_illness_needs_a_second_look(claim: Claim, vera: User) -> None:
    with pytest.raises(UnableToAssist, match="MEDICAL_TEXT") as caught:
        ask(claim, wish="wegen der Depression F32.1")
    assert "Depression" not in str(caught.value)
    case = ask(claim)
    with pytest.raises(UnableToAssist, match="MEDICAL_TEXT"):
        order(case, provide(), vera, what="Patient mit Diabetes")
    finish_order(
        order=order(case, provide("B"), vera), done_on=NOW.date(), cost=Decimal(1), now=NOW
    )
    with pytest.raises(UnableToAssist, match="MEDICAL_TEXT"):
        give_feedback(case=case, score=5, comment="trotz Migräne", now=NOW)
    give_feedback(case=case, score=5, comment="trotz Migräne", now=NOW, confirmed=True)


def test_orders_go_to_who_does_such_things(claim: Claim, vera: User) -> None:
    case = ask(claim)
    with pytest.raises(UnableToAssist, match="PROVIDER_INACTIVE"):
        order(case, provide("A", active=False), vera)
    with pytest.raises(UnableToAssist, match="WRONG_KIND"):
        order(case, provide("B", AssistanceKind.MEALS), vera)
    with pytest.raises(UnableToAssist, match="COST_NEGATIVE"):
        order(case, provide("C"), vera, cost="-1.00")
    with pytest.raises(UnableToAssist, match="NAME_USED"):
        provide("a")
    assert [each.name for each in list_providers(kind=AssistanceKind.SHOPPING)] == ["C"]


def test_an_order_is_done_or_called_off_once(claim: Claim, vera: User) -> None:
    case, provider = ask(claim), provide()
    first = order(case, provider, vera)
    with pytest.raises(UnableToAssist, match="DONE_IN_FUTURE"):
        finish_order(order=first, done_on=to_day("2026-03-11"), cost=Decimal(20), now=NOW)
    with pytest.raises(UnableToAssist, match="ORDERS_OPEN"):
        close_case(case=case, outcome="done", user=vera, now=NOW)
    cancel_order(order=first, now=NOW)
    with pytest.raises(UnableToAssist, match="ORDER_CANCELLED"):
        finish_order(order=first, done_on=to_day("2026-03-10"), cost=Decimal(20), now=NOW)
    with pytest.raises(UnableToAssist, match="NOTHING_DONE"):
        close_case(case=case, outcome="done", user=vera, now=NOW)
    second = order(case, provider, vera)
    finish_order(order=second, done_on=to_day("2026-03-10"), cost=Decimal("18.50"), now=NOW)
    with pytest.raises(UnableToAssist, match="ORDER_DONE"):
        cancel_order(order=second, now=NOW)
    close_case(case=case, outcome="done", user=vera, now=NOW)
    assert WorkItem.objects.get(kind=WorkItem.Kind.ASSISTANCE).done_by == vera
    with pytest.raises(UnableToAssist, match="CASE_CLOSED"):
        order(case, provider, vera)


def test_costs_are_what_was_charged_else_what_was_agreed(claim: Claim, vera: User) -> None:
    case, provider = ask(claim), provide()
    finish_order(
        order=order(case, provider, vera), done_on=NOW.date(), cost=Decimal("18.50"), now=NOW
    )
    order(case, provider, vera, cost="7.25")
    cancel_order(order=order(case, provider, vera, cost="99.00"), now=NOW)
    order(case, provider, vera, cost="4.00", day="2026-04-01")
    month = Month(2026, 3)
    lines = sum_costs(since=month, until=month)
    assert [(line.kind, line.orders, line.cost) for line in lines] == [
        (AssistanceKind.SHOPPING, 2, Decimal("25.75"))
    ]
    assert sum_charged([case]) == Decimal("29.75")
    assert len(sum_costs(since=month, until=month.plus(1))) == 2


def test_feedback_is_given_once_and_after_something_was_done(claim: Claim, vera: User) -> None:
    case = ask(claim, AssistanceKind.HOTLINE)
    with pytest.raises(UnableToAssist, match="NOTHING_DONE"):
        give_feedback(case=case, score=4, comment="", now=NOW)
    close_case(case=case, outcome="done", user=vera, now=NOW)
    with pytest.raises(UnableToAssist, match="WRONG_SCORE"):
        give_feedback(case=case, score=6, comment="", now=NOW)
    give_feedback(case=case, score=4, comment="gut erklärt", now=NOW)
    with pytest.raises(UnableToAssist, match="FEEDBACK_GIVEN"):
        give_feedback(case=case, score=1, comment="", now=NOW)
    line = average_feedback()[0]
    assert (line.kind, line.count, line.average) == (AssistanceKind.HOTLINE, 1, Decimal("4.0"))
    assert AssistanceFeedback.objects.count() == 1


def test_quarters_are_told_only_for_large_groups() -> None:
    contract = make_contract()
    people = [insure(contract, str(number)) for number in range(10, 16)]
    for person in people[:3]:
        claim = sick(person, "2026-01-01", "2026-03-31").claim
        BenefitSlice.objects.create(
            claim=claim, person=person, contract=contract, month=to_day("2026-02-01"), days=10,
            amount=Decimal("10.00"), payable=[], parts=[], terms={}, computed_at=NOW,
        )  # fmt: skip
    quarter = to_day("2026-01-01")
    for smallest, told in ((3, 3), (4, None)):
        (row,) = count_quarters(employer=contract.employer, quarters=[quarter], smallest=smallest)
        assert (row.insured, row.with_benefit, row.number) == (6, told, 1)
    (row,) = count_quarters(
        employer=contract.employer, quarters=[quarter - timedelta(days=92)], smallest=3
    )
    assert row.with_benefit is None


def browse(user: User) -> Client:
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


def test_examiners_arrange_help_and_others_stay_out(claim: Claim, vera: User) -> None:
    client = browse(vera)
    new = {"name": "Fahrdienst", "kinds": ["ESCORT"], "active": "on"}
    assert "Wählen Sie mindestens" in (
        client.post("/claims/assistance/providers/new/", {"name": "X"}).content.decode()
    )
    client.post("/claims/assistance/providers/new/", new)
    provider = Provider.objects.get()
    address = f"/claims/{claim.pk}/assistance/"
    html = client.post(address, {"kind": "ESCORT", "wish": "F32.1"}).content.decode()
    assert "klingt nach einer Krankheit" in html
    client.post(address, {"kind": "ESCORT", "wish": "dienstags"})
    case = AssistanceCase.objects.get()
    asked = {"provider": provider.pk, "service_on": "11.03.2026", "what": "Fahrt zum Arzt"}
    html = client.post(f"{address}{case.pk}/order/", {**asked, "agreed_cost": "x"}).content.decode()
    assert "Geben Sie die Kosten als Zahl an" in html
    client.post(f"{address}{case.pk}/order/", {**asked, "agreed_cost": "25,50"})
    (placed,) = case.orders.all()
    assert placed.agreed_cost == Decimal("25.50")
    html = client.get(address).content.decode()
    assert "Fahrt zum Arzt" in html
    finished = {"done_on": "11.03.2026", "cost": "24,00"}
    client.post(f"{address}orders/{placed.pk}/finish/", finished)
    client.post(f"{address}{case.pk}/close/", {"outcome": "done"})
    case.refresh_from_db()
    assert case.outcome == "done"
    assert "Fahrdienst" in client.get("/claims/assistance/").content.decode()
    reader = browse(make_user("rita", Role.AUDITOR))
    assert reader.get(address).status_code == 200
    assert reader.post(address, {"kind": "MEALS"}).status_code == 403
    assert browse(make_user("carl", Role.CLERK)).get(address).status_code == 403
    assert browse(make_user("nobody")).get(address).status_code == 404
