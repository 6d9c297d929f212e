"""Pages of payouts: preview, order, release by another, what came back, what is owed back."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aupolicy.models import Role, User
from billing.models import Payout, PayoutOrder, Recovery
from billing.operations.recoveries import record_recoveries
from billing.queries.payouts import unpaid_slices
from claims.models import BenefitSlice, Claim
from portal.queries.insurer.payouts import propose_pay_day
from tests.claims.granting import grant
from tests.claims.paying import IBAN, end_benefit, give_payee, settle
from tests.claims.world import insure, make_contract, make_user, sick
from tests.portal.conftest import count_queries
from tests.portal.test_budget import MOST_BYTES, MOST_QUERIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    """Two of finance, an examiner, an auditor, a clerk."""
    return {
        "fred": make_user("fred", Role.FINANCE),
        "gina": make_user("gina", Role.FINANCE),
        "vera": make_user("vera", Role.EXAMINER),
        "rita": make_user("rita", Role.AUDITOR),
        "karl": make_user("karl", Role.CLERK),
    }


@pytest.fixture
def claim(people: dict[str, User]) -> Claim:
    """Benefit for February to April 2025, 859.83 EUR, to a checked account."""
    leave = sick(insure(make_contract()), "2025-01-01", "2025-05-20")
    grant(leave.claim, "2025-02-12", by=people["vera"])
    settle(leave.claim, "2025-04-30")
    give_payee(leave.claim)
    return leave.claim


@pytest.fixture
def browsers(people: dict[str, User]) -> dict[str, Client]:
    found = {}
    for name, user in people.items():
        found[name] = Client(headers={"accept-language": "de"})
        found[name].force_login(user)
    return found


def pay_day() -> date:
    return propose_pay_day(timezone.localdate())


def order_it(browsers: dict[str, Client]) -> PayoutOrder:
    answer = browsers["fred"].post("/payouts/new/", {"day": pay_day().isoformat()})
    order = PayoutOrder.objects.get()
    assert answer["Location"] == f"/payouts/orders/{order.pk}/"
    return order


def read(client: Client, path: str, **options: Any) -> str:
    answer = client.get(path, **options)
    assert answer.status_code == 200, (path, answer.status_code)
    html: str = answer.content.decode().replace("\u00a0", " ")
    # Nobody needs a whole account number here.
    assert IBAN not in html
    return html


def test_finance_sees_what_is_due_orders_and_another_releases(
    claim: Claim, browsers: dict[str, Client]
) -> None:
    fred, gina = browsers["fred"], browsers["gina"]
    html = read(fred, "/payouts/")
    assert "1 Auszahlung über 859,83 € ist fällig" in html
    preview = read(fred, "/payouts/new/")
    assert "Leistung 02/2025-04/2025 Vertrag T-1" in preview
    assert "Eine Datei mit einer einzigen Überweisung prüft die Bank immer" in preview
    order = order_it(browsers)
    own = read(fred, f"/payouts/orders/{order.pk}/")
    assert "Freigeben muss ihn jemand anderes" in own
    fred.post(f"/payouts/orders/{order.pk}/release/")
    assert fred.get(f"/payouts/orders/{order.pk}/file/").status_code == 302
    assert "859,83 € freigeben" in read(gina, f"/payouts/orders/{order.pk}/")
    gina.post(f"/payouts/orders/{order.pk}/release/")
    order.refresh_from_db()
    assert order.released_by is not None
    assert order.released_by.username == "gina"
    file = fred.get(f"/payouts/orders/{order.pk}/file/")
    assert b"<CtrlSum>859.83</CtrlSum>" in b"".join(file)
    assert "Alles Fällige ist im Auftrag" in read(fred, "/payouts/")


def test_an_order_is_discarded(claim: Claim, browsers: dict[str, Client]) -> None:
    order = order_it(browsers)
    assert not unpaid_slices().exists()
    browsers["gina"].post(f"/payouts/orders/{order.pk}/discard/")
    assert unpaid_slices().count() == 3
    assert "verworfen" in read(browsers["gina"], f"/payouts/orders/{order.pk}/")


def test_names_that_do_not_match_need_a_tick(claim: Claim, browsers: dict[str, Client]) -> None:
    order = order_it(browsers)
    payout = order.payouts.get()
    browsers["fred"].post(f"/payouts/{payout.pk}/verification/", {"result": "RVNM", "name": ""})
    gina, address = browsers["gina"], f"/payouts/orders/{order.pk}/"
    html = read(gina, address)
    assert "passt der Name laut Bank nicht zum Konto" in html
    gina.post(f"{address}release/")
    assert not PayoutOrder.objects.filter(released_at__isnull=False).exists()
    gina.post(f"{address}release/", {"despite_names": "on"})
    assert PayoutOrder.objects.filter(released_at__isnull=False).exists()


def test_a_return_is_recorded(claim: Claim, browsers: dict[str, Client]) -> None:
    order = order_it(browsers)
    payout = order.payouts.get()
    address = f"/payouts/{payout.pk}/"
    assert "Kam zurück?" not in read(browsers["fred"], address)
    browsers["gina"].post(f"/payouts/orders/{order.pk}/release/")
    assert "AC04 Konto geschlossen" in read(browsers["fred"], address)
    given = {"returned_on": timezone.localdate().isoformat(), "code": "AC04"}
    early = browsers["fred"].post(address, given)
    assert "Ausgeführt wurde erst am" in early.content.decode()
    assert Payout.objects.get().returned_on is None


def test_recoveries_on_the_page_of_finance(
    claim: Claim, people: dict[str, User], browsers: dict[str, Client]
) -> None:
    fred, vera = browsers["fred"], browsers["vera"]
    order_it(browsers)
    end_benefit(claim, "2025-04-01", by=people["vera"])
    tab = f"/claims/{claim.pk}/payments/"
    assert "335,00 € wurden für Monate bezahlt, die inzwischen storniert sind" in read(vera, tab)
    vera.post(f"{tab}recover/")
    recovery = Recovery.objects.get()
    assert "1 Rückforderung über 335,00 € ist offen" in read(fred, "/payouts/recoveries/")
    change = f"{tab}recoveries/{recovery.pk}/"
    wrong = vera.post(change, {"mode": "instalments", "instalment": "", "reason": "Bitte"})
    assert wrong.status_code == 422
    assert "Nennen Sie die Rate" in wrong.content.decode()
    vera.post(change, {"mode": "instalments", "instalment": "50,00", "reason": "Vereinbart"})
    recovery.refresh_from_db()
    assert (recovery.mode, recovery.instalment) == ("instalments", Decimal("50.00"))
    page = f"/payouts/recoveries/{recovery.pk}/"
    assert "50,00 € je Auszahlung" in read(fred, page)
    too_much = fred.post(f"{page}repayment/", {"amount": "336", "received_on": "01.06.2025"})
    assert "Offen sind nur 335,00" in too_much.content.decode()
    fred.post(f"{page}repayment/", {"amount": "335,00", "received_on": "01.06.2025"})
    assert "335,00 € sind zurück" in read(fred, page)
    assert "Nichts ist zurückzufordern" in read(fred, "/payouts/recoveries/")
    assert claim.number in read(fred, "/payouts/recoveries/?settled")


def test_the_tab_of_the_claim_tells_each_month(
    claim: Claim, people: dict[str, User], browsers: dict[str, Client]
) -> None:
    tab = f"/claims/{claim.pk}/payments/"
    html = read(browsers["rita"], tab)
    assert html.count("Warum?") == 3
    assert "859,83 €" in html
    assert "DE02 … 2051" in html
    february = BenefitSlice.objects.get(month=date(2025, 2, 1))
    why = f"/payouts/months/{february.pk}/why/"
    told = read(browsers["vera"], why, headers={"HX-Request": "true"})
    assert "335,00 × 17 / 30 = 189,83 €" in told
    assert "Karenzzeit" in told
    # What unpaid days count as may tell of health: not for finance.
    assert "Karenzzeit" not in read(browsers["fred"], why)
    order_it(browsers)
    assert "im Auftrag" in read(browsers["vera"], tab)


def test_who_may_do_what(claim: Claim, browsers: dict[str, Client]) -> None:
    order = order_it(browsers)
    payout = order.payouts.get()
    pages = [
        "/payouts/",
        "/payouts/new/",
        f"/payouts/orders/{order.pk}/",
        f"/payouts/{payout.pk}/",
        "/payouts/recoveries/",
    ]
    for path in pages:
        assert browsers["karl"].get(path).status_code == 403, path
        for name in ("vera", "rita"):
            read(browsers[name], path)
            assert browsers[name].post(path).status_code in {403, 405}, path
    for action in ("release", "discard"):
        for name in ("vera", "rita", "karl"):
            answer = browsers[name].post(f"/payouts/orders/{order.pk}/{action}/")
            assert answer.status_code == 403
    assert browsers["fred"].get(f"/claims/{claim.pk}/payments/").status_code == 403
    browsers["gina"].post(f"/payouts/orders/{order.pk}/release/")
    assert browsers["rita"].get(f"/payouts/orders/{order.pk}/file/").status_code == 302
    for name in ("fred", "rita", "vera"):
        menu = read(browsers[name], "/payouts/").split('class="nav-list"')[1].split("</ul>")[0]
        assert menu.count("<li>") <= 7, name
        assert ("Geld" in menu) == (name != "vera"), name


def test_pages_are_light_and_well_built(
    claim: Claim, people: dict[str, User], browsers: dict[str, Client]
) -> None:
    order = order_it(browsers)
    payout = order.payouts.get()
    end_benefit(claim, "2025-04-01", by=people["vera"])
    (recovery,) = record_recoveries(now=timezone.now())
    month = BenefitSlice.objects.latest("pk")
    for name, path in (
        ("fred", "/payouts/"),
        ("fred", "/payouts/new/"),
        ("gina", f"/payouts/orders/{order.pk}/"),
        ("fred", f"/payouts/{payout.pk}/"),
        ("fred", "/payouts/recoveries/"),
        ("fred", f"/payouts/recoveries/{recovery.pk}/"),
        ("vera", f"/payouts/months/{month.pk}/why/"),
        ("vera", f"/claims/{claim.pk}/payments/"),
    ):
        queries, size = count_queries(browsers[name], path)
        assert queries <= MOST_QUERIES, (path, queries)
        assert size <= MOST_BYTES, (path, size)
        html = read(browsers[name], path)
        assert html.count("<h1") == 1, path
        assert html.count("<caption") == html.count("<table"), path
        identifiers = re.findall(r'\sid="([^"]+)"', html)
        assert len(identifiers) == len(set(identifiers)), path
        labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
        assert labelled <= set(identifiers), path
        assert not re.search(r"<[^>]*\s(?:style|on[a-z]+)=", html), path
        assert len(re.findall(r'<th scope="(?:col|row)"', html)) == html.count("<th "), path


def test_days_in_the_past_and_closed_days_are_told(
    claim: Claim, browsers: dict[str, Client]
) -> None:
    yesterday = timezone.localdate() - timedelta(days=7)
    html = read(browsers["fred"], f"/payouts/new/?day={yesterday.isoformat()}")
    assert "ist vorbei" in html
    browsers["fred"].post("/payouts/new/", {"day": yesterday.isoformat()})
    assert not PayoutOrder.objects.exists()
    sunday = pay_day() + timedelta(days=6 - pay_day().weekday())
    html = read(browsers["fred"], f"/payouts/new/?day={sunday.isoformat()}")
    assert "sind die Banken geschlossen" in html
