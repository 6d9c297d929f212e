"""One contract: overview, people, statements, agreement."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from aupolicy.facts import Party
from aupolicy.kernel.period import Period
from aupolicy.operations import Terms, agree_terms, receive_cancellation
from aupolicy.queries import preview_cancellation
from billing.models import PremiumLine, Statement
from members.facts import EndReason
from members.models import Membership
from portal.templatetags.portal import day
from tests.portal.conftest import Insurer


def test_the_overview_adds_up(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    answer = clerk.get(f"/contracts/{contract.pk}/")
    last = Statement.objects.filter(contract=contract, number__isnull=False).latest("month")
    bands = answer.context["bands"]
    assert sum(band.insured for band in bands) == last.insured_count
    assert [band.number for band in bands] == list(range(1, 9))
    own = PremiumLine.objects.filter(
        contract=contract, run=last.run, covered_month=last.month
    ).values_list("amount", flat=True)
    assert sum(band.premium for band in bands) == sum(own)
    assert [m.amount for m in answer.context["months"]] == list(
        contract.statements.filter(number__isnull=False)
        .order_by("month")
        .values_list("total", flat=True)
    )
    assert 'role="img"' in answer.content.decode()


def test_people_are_found_by_name_and_number(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    base = f"/contracts/{contract.pk}/people/"
    person = Membership.objects.filter(contract=contract).earliest("pk").person
    by_name = clerk.get(base, {"q": f"{person.last_name}, {person.first_name}"}).context["rows"]
    assert person.pk in {row.person_id for row in by_name}
    by_number = clerk.get(base, {"q": person.personnel_number}).context["rows"]
    assert [row.person_id for row in by_number] == [person.pk]


def test_people_left_and_coming_are_asked_for_apart(insurer: Insurer, clerk: Client) -> None:
    contract, today = insurer.world.contract, insurer.world.today
    counts = {
        show: clerk.get(f"/contracts/{contract.pk}/people/?show={show}").context["page"]
        .paginator.count
        for show in ("insured", "coming", "left", "all")
    }  # fmt: skip
    assert counts["left"] > 0
    assert counts["all"] == counts["insured"] + counts["coming"] + counts["left"]
    assert counts["insured"] == contract.memberships.filter(period__contains=today).count()


def test_the_foot_sums_everybody_not_one_page(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    answer = clerk.get(f"/contracts/{contract.pk}/people/")
    rows = [*answer.context["rows"]]
    for page in range(2, answer.context["page"].paginator.num_pages + 1):
        rows += clerk.get(f"/contracts/{contract.pk}/people/?page={page}").context["rows"]
    sums = answer.context["sums"]
    assert len(rows) == sums.insured
    assert sum(row.premium for row in rows) == sums.premium
    assert sum(row.pay for row in rows) == sums.payroll


def test_paging_keeps_the_filter(insurer: Insurer, clerk: Client) -> None:
    html = clerk.get(
        f"/contracts/{insurer.world.contract.pk}/people/?show=all&q=e"
    ).content.decode()
    assert "?show=all&amp;q=e&amp;page=2" in html


def test_statements_tell_whether_they_are_collected(insurer: Insurer, clerk: Client) -> None:
    html = clerk.get(f"/contracts/{insurer.world.contract.pk}/statements/").content.decode()
    assert html.count("im Einzug") == 2
    assert html.count("</svg>offen</span>") == 1


def test_the_agreement_says_the_end_a_notice_received_today_has(
    insurer: Insurer, clerk: Client
) -> None:
    contract, today = insurer.world.contract, insurer.world.today
    effect = preview_cancellation(contract=contract, received=today)
    html = clerk.get(f"/contracts/{contract.pk}/agreement/").content.decode()
    assert f"<strong>{day(effect.end)}</strong>" in html
    assert "Kündigung erfassen" in html


def test_changed_terms_stand_with_their_dates(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    first_day = insurer.world.first_month.plus(9).first_day
    terms = Terms(tariff_key="bau-2016", collection_day=15)
    agree_terms(contract=contract, first_day=first_day, terms=terms)
    html = clerk.get(f"/contracts/{contract.pk}/agreement/").content.decode()
    assert day(first_day) in html
    assert html.count('data-label="Einzugstag"') == 2


def test_an_auditor_sees_no_button(insurer: Insurer, auditor: Client) -> None:
    html = auditor.get(f"/contracts/{insurer.world.contract.pk}/agreement/").content.decode()
    assert "Kündigung erfassen" not in html


def test_a_cancelled_contract_shows_its_letter(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    cancellation = receive_cancellation(
        contract=contract, party=Party.POLICYHOLDER, received_at=timezone.now(),
        document_name="kuendigung.pdf", document=b"%PDF constructed",
    )  # fmt: skip
    html = clerk.get(f"/contracts/{contract.pk}/agreement/").content.decode()
    assert "kuendigung.pdf" in html
    assert day(cancellation.end) in html
    letter = clerk.get(f"/cancellations/{cancellation.pk}/file/")
    assert letter.getvalue() == b"%PDF constructed"
    assert letter["Content-Disposition"].startswith("attachment")


def test_no_contract_no_page(clerk: Client, insurer: Insurer) -> None:
    for tab in ("", "people/", "statements/", "agreement/", "papers/", "cancellation/"):
        assert clerk.get(f"/contracts/999999/{tab}").status_code == 404


def test_names_stand_as_germans_look_them_up(insurer: Insurer, clerk: Client) -> None:
    contract = insurer.world.contract
    names = []
    for page in range(1, 12):
        rows = clerk.get(f"/contracts/{contract.pk}/people/?page={page}").context["rows"]
        names += [row.name.split(",")[0] for row in rows]
    order = list(dict.fromkeys(names))
    assert order.index("Albrecht") < order.index("Böhm") < order.index("Çelik")
    assert order.index("Çelik") < order.index("Dietrich") < order.index("Özdemir")
    assert order.index("Özdemir") < order.index("Pohl") < order.index("von der Heide")


def test_an_end_by_age_is_told_only_once_it_is_over(insurer: Insurer, clerk: Client) -> None:
    contract, today = insurer.world.contract, insurer.world.today
    member = contract.memberships.filter(
        period__contains=today, end_reason=EndReason.RETIREMENT_AGE
    ).latest("pk")
    number = member.person.personnel_number
    address = f"/contracts/{contract.pk}/people/?show=all&q={number}"
    assert not clerk.get(address).context["rows"][0].shows_end
    member.period = Period(member.period.first_day, today - timedelta(days=1))
    member.save()
    assert clerk.get(address).context["rows"][0].shows_end
    assert "Regelaltersgrenze" in clerk.get(address).content.decode()
