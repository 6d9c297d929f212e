"""Every letter as a reader gets it: accessible, complete, in German figures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import cast

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from aupolicy.queries import list_tariffs
from billing.facts.debit import Scheme
from billing.facts.mandate import NoDebitReason
from documents.exports.pdf import UnableToFetch, get_press
from documents.facts import (
    Address,
    Context,
    DocumentKind,
    Payment,
    Settlement,
    StatementContext,
    TaxRow,
)
from documents.operations import STYLESHEET
from tests.documents import samples
from tests.documents.printing import (
    A4_POINTS,
    find_faults,
    read_pages,
    read_text,
    set_pdf,
    set_statement,
    squeeze,
)

LONG_COMPANY = "Süddeutsche Präzisionsgelenkwellen- und Getriebebau Schäfer-Weiß GmbH & Co. KG"
LETTERS: dict[str, tuple[DocumentKind, Context]] = {
    "confirmation": (DocumentKind.CONFIRMATION, samples.confirmation()),
    "employer's copy": (DocumentKind.CONFIRMATION_EMPLOYER, samples.confirmation()),
    "CORE mandate": (DocumentKind.MANDATE_FORM, samples.mandate()),
    "B2B mandate": (DocumentKind.MANDATE_FORM, samples.mandate(scheme=Scheme.B2B, iban="")),
}
STATEMENTS: dict[str, StatementContext] = {
    "statement": samples.statement(count=60),
    "statement of one person": samples.statement(count=2, corrections=()),
    "credit": samples.statement(count=0),
    "nothing to pay": samples.statement(count=1),
    "transfer": samples.statement(settlement=Settlement.TRANSFER, count=9),
}
ALL = [*LETTERS, *STATEMENTS]


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    statements = {
        name: set_statement(
            letter,
            insured=samples.insured_rows(letter.insured_count),
            leavers=samples.LEAVERS,
            corrections=samples.CORRECTIONS if letter.corrections_count else (),
        )
        for name, letter in STATEMENTS.items()
    }
    return {name: set_pdf(*letter) for name, letter in LETTERS.items()} | statements


@pytest.mark.parametrize("name", ALL)
def test_it_is_accessible_and_of_a_piece(printed: dict[str, bytes], name: str) -> None:
    pdf = printed[name]
    assert find_faults(pdf) == []
    reader = PdfReader(BytesIO(pdf))
    assert str(reader.root_object["/Lang"]) == "de"
    assert reader.metadata is not None
    assert reader.metadata.title
    assert reader.metadata.author == samples.INSURER.name
    for page in reader.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4_POINTS
        assert _font_names(page) <= {"Letter", "Letter-Semi-Bold"}


def _font_names(page: PageObject) -> set[str]:
    """Names of the embedded fonts, without the six letters that mark a subset."""
    resources = cast(DictionaryObject, page["/Resources"])
    fonts = cast(DictionaryObject, resources["/Font"])
    return {str(font.get_object()["/BaseFont"]).split("+")[1] for font in fonts.values()}


@pytest.mark.parametrize("name", ALL)
def test_every_page_tells_its_number(printed: dict[str, bytes], name: str) -> None:
    pages = read_pages(printed[name])
    for number, text in enumerate(pages, start=1):
        assert f"Seite {number} von {len(pages)}" in text


def test_a_statement_tells_what_is_owed_and_when_it_is_collected(
    printed: dict[str, bytes],
) -> None:
    text = read_text(printed["statement"])
    assert "im Dezember 2026 sind 60 Personen versichert" in text
    assert "Beitrag Dezember 2026 60 888,00" in text
    assert "Änderungen für zurückliegende Monate 3 −14,80" in text
    assert "Gesamtbetrag 873,20" in text
    assert "Wir ziehen 873,20 € am 07.12.2026 von Ihrem Konto ein" in text
    assert "DE02 xxxx xxxx xxxx xx20 51" in text
    assert "DE02120300000000202051" not in squeeze(text).replace(
        # The insurer's own account stands in the letterhead.
        "IBANDE02120300000000202051",
        "",
    )
    assert "GV-10003-1 (SEPA-Basislastschrift)" in text
    assert "DE98ZZZ09999999999" in text
    assert "5 über 2.500,00 bis 3.000,00 14,80 60 888,00" in text
    assert "10.656,00 € im Jahr" in text
    assert "0,49 % der Lohnsumme von 2.160.000,00 €" in text


def test_a_statement_lists_everybody_and_what_changed(printed: dict[str, bytes]) -> None:
    pages = read_pages(printed["statement"])
    text = squeeze(" ".join(pages))
    for row in samples.insured_rows(60):
        assert squeeze(f"{row.personnel_number}{row.name}5{row.change}14,80") in text
    with_list = [page for page in pages if "Änderung zum Vormonat" in page]
    assert with_list == pages[1:], "the head of the table stands on each of its pages"
    assert "Öztürk,Çiğdem15.10.2026Arbeitsverhältnisbeendet" in text
    assert "November20261402Großmann-Äpfelstädt,ŁukaszZugang16.11.20260,007,40+7,40" in text
    assert "Oktober20261188Öztürk,ÇiğdemAbgang15.10.202614,807,40−7,40" in text


def test_a_credit_is_not_collected(printed: dict[str, bytes]) -> None:
    text = read_text(printed["credit"])
    assert "Ihr Guthaben von 14,80 € schreiben wir Ihrem Beitragskonto gut" in text
    assert "Guthaben −14,80" in text
    assert "im Dezember 2026 ist niemand versichert" in text
    assert "Auf das Jahr gerechnet" not in text
    assert "Lastschrift am" not in text
    assert "Vorabankündigung" not in text


def test_nothing_to_pay_and_a_transfer_say_so(printed: dict[str, bytes]) -> None:
    assert "Für diese Abrechnung ist nichts zu zahlen" in read_text(printed["nothing to pay"])
    text = read_text(printed["transfer"])
    assert "Bitte überweisen Sie 118,40 € bis zum 07.12.2026" in text
    assert "Mandatsreferenz" not in text


def test_a_transfer_says_why_there_is_no_debit() -> None:
    context = samples.statement(settlement=Settlement.TRANSFER, count=1, corrections=())
    for reason, words in (
        (NoDebitReason.SUSPENDED, "Ihr SEPA-Mandat ist zurzeit ausgesetzt. Bitte überweisen Sie"),
        (NoDebitReason.EXPIRED, "36 Monate lang nicht genutzt"),
        (None, "Uns liegt noch kein gültiges SEPA-Mandat vor"),
    ):
        told = replace(context, payment=replace(context.payment, reason=reason))
        assert words in read_text(set_statement(told))


def test_a_statement_with_part_months_says_how_many_days() -> None:
    whole = samples.statement(count=2, corrections=())
    [first] = samples.insured_rows(1)
    row = replace(first, covered_days=16, change="Zugang 16.12.2026")
    text = read_text(set_statement(whole, insured=(row,)))
    assert "1001 Müller, Anna 5 16 Tage Zugang 16.12.2026 14,80" in text


def test_tax_and_what_is_open_from_before_are_told() -> None:
    context = samples.statement(count=2, corrections=())
    assert "Der Beitrag ist steuerfrei nach § 4 Abs. 1 Nr. 5" in read_text(set_statement(context))
    tax = TaxRow(context.total, Decimal("19.00"), Decimal("5.62"), "")
    taxed = replace(context, taxes=(tax,), open_before=Decimal("1234.50"))
    text = read_text(set_statement(taxed))
    assert "Versicherungsteuer, 19,00 % von 29,60 € 5,62" in text
    assert "Aus früheren Abrechnungen sind außerdem noch 1.234,50 € offen" in text
    text = read_text(set_statement(replace(context, open_before=Decimal("-10.00"))))
    assert "ein Guthaben von 10,00 €" in text


def test_a_percent_tariff_has_no_bands_but_its_percentage() -> None:
    rows = tuple(replace(row, band=None) for row in samples.insured_rows(2))
    context = replace(
        samples.statement(count=2, corrections=()),
        bands=(),
        premium_percent=Decimal("0.5000"),
    )
    text = read_text(set_statement(context, insured=rows))
    assert "kostet je Person 0,5000 % des versicherten Monatsentgelts" in text
    assert "Beitrag nach Lohnstufen" not in text
    assert "1001 Müller, Anna –" in text


def test_a_confirmation_says_what_is_paid_from_which_day(printed: dict[str, bytes]) -> None:
    text = read_text(printed["confirmation"])
    assert "Guten Tag Anna Müller" in text
    assert "335,00 € im Monat, vom 43. bis zum 546. Tag" in text
    assert "Die ersten 42 Tage Ihrer Arbeitsunfähigkeit sind die Karenzzeit" in text
    assert "4 (Monatsentgelt über 2.000,00 € bis 2.500,00 €)" in text
    assert "zahlen wir in voller Höhe weiter" in text
    assert "Hilfe ab dem ersten Tag" in text
    assert "nicht übertragbar" in text
    assert "nach heutigem Recht am 31.03.2055" in text
    assert "in der Regel steuerfrei" in text
    assert "Ihre Daten" in text
    assert len(read_pages(printed["confirmation"])) == 2


def test_the_employers_copy_is_one_page_to_sign(printed: dict[str, bytes]) -> None:
    pages = read_pages(printed["employer's copy"])
    assert len(pages) == 1
    assert "Ort, Datum" in pages[0]
    assert "Unterschrift Anna Müller" in pages[0]
    assert "Personalakte" in pages[0]
    assert "gesetzlichen Vertretung" not in pages[0]


def test_a_minor_signs_with_a_guardian() -> None:
    context = replace(samples.confirmation(), birth_date=date(2010, 1, 5), signs_by_guardian=True)
    text = read_text(set_pdf(DocumentKind.CONFIRMATION_EMPLOYER, context))
    assert "Unterschrift der gesetzlichen Vertretung" in text


@pytest.mark.parametrize("tariff", [tariff.key for tariff in list_tariffs()])
@pytest.mark.parametrize(
    "kind", [DocumentKind.CONFIRMATION, DocumentKind.CONFIRMATION_EMPLOYER], ids=str
)
def test_every_exclusion_of_every_tariff_stands_in_both_copies(
    tariff: str, kind: DocumentKind
) -> None:
    versions = next(found for found in list_tariffs() if found.key == tariff).versions
    for version in versions:
        texts = tuple(exclusion.text["de"] for exclusion in version.exclusions)
        assert texts
        letter = squeeze(
            read_text(set_pdf(kind, replace(samples.confirmation(), exclusions=texts)))
        )
        for text in texts:
            assert squeeze(text) in letter
        assert kind is DocumentKind.CONFIRMATION or "Seite1von1" in letter


def test_a_percent_confirmation_names_pay_instead_of_a_band() -> None:
    sample = samples.confirmation()
    terms = replace(sample.terms, band=None, above=None, up_to=None, pay=Decimal("2876.50"))
    text = read_text(set_pdf(DocumentKind.CONFIRMATION, replace(sample, terms=terms)))
    assert "Versichertes Monatsentgelt 2.876,50 €" in text
    assert "Lohnstufe" not in text


def test_both_mandates_say_what_their_scheme_means(printed: dict[str, bytes]) -> None:
    core, b2b = read_text(printed["CORE mandate"]), read_text(printed["B2B mandate"])
    assert "SEPA-Basislastschrift-Mandat" in core
    assert "innerhalb von acht Wochen" in core
    assert "DE02 1203 0000 0000 2020 51" in core
    assert "SEPA-Firmenlastschrift-Mandat" in b2b
    assert "nicht berechtigt, nach der Einlösung eine Erstattung" in b2b
    assert "acht Wochen" not in b2b
    for text in (core, b2b):
        assert "Gläubiger-Identifikationsnummer DE98ZZZ09999999999" in text
        assert "Mandatsreferenz GV-10003-1" in text
        assert "Wiederkehrende Zahlungen" in text
        assert "Ort, Datum" in text
        assert "Seite 1 von 1" in text


@pytest.mark.parametrize("kind", [DocumentKind.CONFIRMATION, DocumentKind.CONFIRMATION_EMPLOYER])
def test_long_names_stay_whole(kind: DocumentKind) -> None:
    first, last = "Maximiliane-Charlotte Wilhelmine", "von Schmettow-Großmann-Äpfelstädt-Öztürk"
    sample = samples.confirmation(first_name=first, last_name=last, employer_name=LONG_COMPANY)
    pdf = set_pdf(kind, sample)
    text = squeeze(read_text(pdf))
    assert squeeze(f"{first} {last}") in text
    assert squeeze(LONG_COMPANY) in text
    assert find_faults(pdf) == []


def test_a_long_company_stays_whole_and_inside_its_window() -> None:
    context = samples.statement(count=3, employer_name=LONG_COMPANY)
    lines = (LONG_COMPANY, "Dr. Friederike Hohenstein-Bergmann", "Am Zollhaus 112 a", "01234 Ort")
    pdf = set_statement(replace(context, recipient=Address(lines)))
    assert squeeze(LONG_COMPANY) in squeeze(read_pages(pdf)[0])
    assert find_faults(pdf) == []
    assert _lowest_line_of_window(pdf) > 842 - 90 / 25.4 * 72, "DIN 5008: 90 mm from the top"


def _lowest_line_of_window(pdf: bytes) -> float:
    found: list[float] = []

    def look(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if "01234" in text:
            found.append(tm[5] * cm[3] + cm[5])

    PdfReader(BytesIO(pdf)).pages[0].extract_text(visitor_text=look)
    return min(found)


def test_what_somebody_is_called_is_text_and_never_markup() -> None:
    sample = samples.confirmation(last_name="<b>Müller & Söhne</b>")
    assert "<b>Müller & Söhne</b>" in read_text(set_pdf(DocumentKind.CONFIRMATION, sample))


def test_a_letter_fetches_nothing_from_elsewhere() -> None:
    fetcher = get_press(STYLESHEET)._fetcher
    for url in ("http://127.0.0.1/mark.png", "file:///etc/hostname", "ftp://127.0.0.1/x"):
        with pytest.raises(UnableToFetch):
            fetcher.fetch(url)


def test_a_debit_under_b2b_is_called_so() -> None:
    context = samples.statement(count=2)
    payment: Payment = replace(context.payment, scheme=Scheme.B2B)
    text = read_text(set_statement(replace(context, payment=payment)))
    assert "SEPA-Firmenlastschrift" in text
