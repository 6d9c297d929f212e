"""The quote calculator without scripts: step by step, faults told, kept as a quote."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client

from aupolicy.models import Broker, Quote, User
from documents.models import Document
from tests.portal.conftest import Insurer

BASICS = {
    "employer_name": "Autohaus Sonnenhang GmbH",
    "start": "01.12.2026",
    "tariff": "bau-2016",
    "hours_week": "36,92",
}
# 15 people at 48,750.00 a month: the published example of 249.00.
PAYROLL = "2 x 2.100\n3 x 2.600\n4 × 3.100,00\n2 x 3600\n3 x 4.300\n4.250"
EXAMPLE = {"gross": "3.250", "tax_class": "I", "church_tax": "none", "children": "0"}


@pytest.fixture
def room(insurer: Insurer) -> str:
    broker = insurer.world.contract.broker
    assert broker is not None
    return f"/brokers/{broker.pk}/"


def _own() -> QuerySet[Quote]:
    """The quotes of these tests; the world has others."""
    return Quote.objects.filter(employer_name=BASICS["employer_name"])


def _post(client: Client, room: str, **values: Any) -> Any:
    return client.post(f"{room}quotes/new/", {**BASICS, **values})


def test_the_first_step_proposes_the_next_month(room: str, broker: Client) -> None:
    answer = broker.get(f"{room}quotes/new/")
    html = answer.content.decode()
    assert "Für wen ist das Angebot?" in html
    assert 'name="start" value="01.' in html
    assert 'name="hours_week" value="40"' in html


def test_a_quote_is_made_step_by_step(room: str, broker: Client) -> None:
    answer = _post(broker, room, step="basics")
    html = answer.content.decode()
    assert "Wen beschäftigt Autohaus Sonnenhang GmbH?" in html
    assert '<input type="hidden" name="hours_week" value="36,92">' in html
    html = _post(broker, room, step="payroll", payroll=PAYROLL).content.decode()
    assert "Autohaus Sonnenhang GmbH: 15 Personen für 249,00\u00a0€ im Monat" in html
    for figure in ("2.988,00", "0,51", "16,60", "20,31\u00a0€ → 20,42\u00a0€", "435,00"):
        assert figure in html
    # The example is an average employee unless another one is asked for.
    assert 'name="gross" value="3.250,00"' in html
    answer = _post(broker, room, step="result", payroll=PAYROLL, go="save", **EXAMPLE)
    quote = _own().get()
    assert answer.url == f"{room}quotes/{quote.pk}/"
    assert quote.result["premium"] == "249.00"
    assert quote.created_by == User.objects.get(username="broker")
    page = broker.get(answer.url).content.decode()
    assert "20,31\u00a0€ → 20,42\u00a0€" in page
    assert "§ 47 Abs. 1 S. 1, 2 SGB V" in page
    listed = broker.get(f"{room}quotes/").content.decode()
    assert quote.number in listed


def test_faults_are_told_where_they_are_and_nothing_typed_is_lost(
    room: str, broker: Client
) -> None:
    html = _post(
        broker, room, step="basics", employer_name="", start="31.02.2027", hours_week="viel"
    ).content.decode()
    assert "Geben Sie an, für wen das Angebot ist." in html
    assert "Diesen Tag gibt es nicht." in html
    assert "Das sind keine Stunden einer Woche." in html
    assert 'value="31.02.2027"' in html
    html = _post(broker, room, step="basics", start="15.12.2026").content.decode()
    assert "Der Vertrag beginnt mit dem Ersten eines Monats." in html
    html = _post(broker, room, step="basics", start="01.01.2015").content.decode()
    assert "Dieser Tarif gilt erst ab 01.08.2016." in html
    html = _post(broker, room, step="payroll", payroll="2.400\nzwei\n0 x 3").content.decode()
    assert "Zeile 2, „zwei“: das ist kein Betrag." in html
    assert "Zeile 3, „0 x 3“: wie viele Personen sind das?" in html
    assert "2.400\nzwei" in html
    html = _post(broker, room, step="payroll", payroll=" ").content.decode()
    assert "Niemand zu versichern" in html


def test_a_wrong_example_keeps_the_price_and_is_not_saved(room: str, broker: Client) -> None:
    wrong = {**EXAMPLE, "gross": "viel", "children": "-1"}
    answer = _post(broker, room, step="result", payroll=PAYROLL, go="save", **wrong)
    html = answer.content.decode()
    assert "Das ist kein Betrag." in html
    assert "249,00" in html
    assert not _own().exists()


def test_a_marginal_job_has_no_gap_and_says_why(room: str, broker: Client) -> None:
    marginal = {**EXAMPLE, "gross": "500"}
    html = _post(broker, room, step="result", payroll=PAYROLL, **marginal).content.decode()
    assert "geringfügig" in html


def test_of_a_file_only_the_pays_are_kept(room: str, broker: Client) -> None:
    content = (
        "Personalnummer;Nachname;Vorname;Geburtsdatum;Bruttoentgelt;Beschäftigungsart\r\n"
        "1;Großmann;Dörte;1980-01-01;2.400,00;\r\n"
        "2;Öztürk;Çiğdem;1990-05-05;2.400,00;\r\n"
        "3;Alt;Albert;1940-01-01;3.000,00;\r\n"
        "4;Klein;Karl;1990-01-01;520,00;geringfügig\r\n"
    )
    file = SimpleUploadedFile("lohn.csv", content.encode(), "text/csv")
    answer = _post(broker, room, step="payroll", payroll="1 x 9.999", file=file)
    html = answer.content.decode()
    assert "2 Personen für 26,00\u00a0€ im Monat" in html
    assert "2 Personen der Datei können nicht versichert werden" in html
    assert "Großmann" not in html
    assert "Albert" not in html
    values = {
        "payroll": answer.context["values"]["payroll"],
        "left_out": answer.context["values"]["left_out"],
    }
    assert values == {"payroll": "2 x 2.400,00", "left_out": "4:OVER_AGE 5:MARGINAL_EMPLOYMENT"}
    _post(broker, room, step="result", go="save", **values, **EXAMPLE)
    quote = _own().get()
    assert quote.payroll == [["2400.00", 2]]
    assert quote.result["left_out"] == [[4, "OVER_AGE"], [5, "MARGINAL_EMPLOYMENT"]]
    assert "Großmann" not in str(quote.__dict__)


def test_a_file_that_is_no_payroll_is_refused_with_advice(room: str, broker: Client) -> None:
    file = SimpleUploadedFile("lohn.csv", b"%PDF-1.7 constructed", "text/csv")
    html = _post(broker, room, step="payroll", file=file).content.decode()
    assert "Das ist eine Datei im Format PDF." in html
    file = SimpleUploadedFile("lohn.csv", b"Name;Ort\r\nA;B\r\n", "text/csv")
    html = _post(broker, room, step="payroll", file=file).content.decode()
    assert 'class="error"' in html
    assert "Lohnliste hochladen" in html


def test_scripts_get_the_sum_and_the_gap_alone(room: str, broker: Client) -> None:
    counted = _post(broker, room, step="payroll", payroll=PAYROLL, go="count").content.decode()
    assert "<html" not in counted
    assert "15 Personen, Lohnsumme 48.750,00\u00a0€: Beitrag 249,00\u00a0€ im Monat" in counted
    assert _post(broker, room, step="payroll", payroll="zwei", go="count").content.strip() == b""
    gap = _post(broker, room, step="result", go="gap", **EXAMPLE).content.decode()
    assert "<html" not in gap
    assert "<svg" in gap
    wrong = _post(broker, room, step="result", go="gap", gross="x").content.decode()
    assert "Prüfen Sie die Angaben der Beispielperson" in wrong


def test_a_percent_tariff_has_no_bands(room: str, broker: Client) -> None:
    html = _post(
        broker, room, step="payroll", payroll=PAYROLL, tariff="percent-2026"
    ).content.decode()
    assert "0,50\u00a0% des Entgelts im Monat" in html
    assert "243,75" in html


def test_a_copy_begins_with_everything_filled_in(room: str, broker: Client) -> None:
    _post(broker, room, step="result", go="save", payroll=PAYROLL, **EXAMPLE)
    quote = _own().get()
    html = broker.get(f"{room}quotes/new/?from={quote.pk}").content.decode()
    assert 'value="Autohaus Sonnenhang GmbH"' in html
    assert 'name="hours_week" value="36,92"' in html
    assert "2 x 2.100,00\n3 x 2.600,00" in html
    assert broker.get(f"{room}quotes/new/?from=999999").status_code == 404


def test_quotes_of_another_broker_are_not_there(
    room: str, insurer: Insurer, broker: Client
) -> None:
    _post(broker, room, step="result", go="save", payroll=PAYROLL, **EXAMPLE)
    other = Broker.objects.create(legal_name="Südwind", registration_number="D-2-B-2")
    _own().update(broker=other)
    quote = _own().get()
    for page in (f"quotes/{quote.pk}/", f"quotes/{quote.pk}/file/", f"quotes/new/?from={quote.pk}"):
        assert broker.get(room + page).status_code == 404
    assert broker.post(f"{room}quotes/{quote.pk}/application/").status_code == 404
    listed = broker.get(f"{room}quotes/")
    assert quote.number not in [row.number for row in listed.context["rows"]]


def test_the_letter_of_a_quote_is_made_once(room: str, broker: Client) -> None:
    _post(broker, room, step="result", go="save", payroll=PAYROLL, **EXAMPLE)
    quote = _own().get()
    answers = [broker.get(f"{room}quotes/{quote.pk}/file/") for _ in range(2)]
    contents = [answer.getvalue() for answer in answers]
    assert contents[0].startswith(b"%PDF")
    assert contents[0] == contents[1]
    document = Document.objects.get(quote=quote)
    assert document.file_name == f"Angebot_{quote.number}_Autohaus_Sonnenhang_GmbH.pdf"
    assert Decimal(quote.result["premium"]) == Decimal("249.00")
