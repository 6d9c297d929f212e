"""DATEV-Format (EXTF), Buchungsstapel: header version 700, category 21, format version 13.

Source: developer.datev.de, DATEV-Format, pages "Header" and "Buchungsstapel" and the sample file
EXTF_Buchungsstapel.csv. Windows-1252, CRLF, semicolons; texts in quotation marks, also empty
ones; decimal comma. One file covers one fiscal year, because a booking's day has no year.

What is too long for DATEV is refused by name, but two texts for people are cut: the booking text
at 60 characters and the name of the batch at 30. Letters that Windows-1252 lacks are written as
banks get them (`sepa_text`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from billing.exports.sepa_text import transliterate

LONGEST_TEXT, LONGEST_NAME = 60, 30
MOST_BOOKINGS = 99_999
LARGEST_AMOUNT = Decimal("9999999999.99")
ENCODING = "cp1252"

_TWENTY = tuple(
    name
    for number in range(1, 21)
    for name in (f"Zusatzinformation - Art {number}", f"Zusatzinformation- Inhalt {number}")
)
_EIGHT = tuple(
    name
    for number in range(1, 9)
    for name in (f"Beleginfo - Art {number}", f"Beleginfo - Inhalt {number}")
)
# The heading as DATEV's sample file writes it, all 125 columns.
COLUMNS: tuple[str, ...] = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz",
    "WKZ Basis-Umsatz", "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum",
    "Belegfeld 1", "Belegfeld 2", "Skonto", "Buchungstext", "Postensperre", "Diverse Adressnummer",
    "Geschäftspartnerbank", "Sachverhalt", "Zinssperre", "Beleglink", *_EIGHT,
    "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge", "EU-Land u. UStID (Bestimmung)",
    "EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart", "Sachverhalt L+L",
    "Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer",
    "BU 49 Funktionsergänzung", *_TWENTY, "Stück", "Gewicht", "Zahlweise", "Forderungsart",
    "Veranlagungsjahr", "Zugeordnete Fälligkeit", "Skontotyp", "Auftragsnummer", "Buchungstyp",
    "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)", "Sachverhalt L+L (Anzahlungen)",
    "EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID",
    "KOST-Datum", "SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername",
    "Beteiligtennummer", "Identifikationsnummer", "Zeichnernummer", "Postensperre bis",
    "Bezeichnung SoBil-Sachverhalt", "Kennzeichen SoBil-Buchung", "Festschreibung",
    "Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit", "Generalumkehr (GU)",
    "Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position", "EU-Land u. UStID (Ursprung)",
    "EU-Steuersatz (Ursprung)", "Abw. Skontokonto",
)  # fmt: skip
# Columns that DATEV takes as texts: in quotation marks even where they are empty.
TEXTS = frozenset({
    "Soll/Haben-Kennzeichen", "WKZ Umsatz", "WKZ Basis-Umsatz", "BU-Schlüssel", "Belegfeld 1",
    "Belegfeld 2", "Buchungstext", "Diverse Adressnummer", "Beleglink", *_EIGHT,
    "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "EU-Land u. UStID (Bestimmung)",
    "Abw. Versteuerungsart", *_TWENTY, "Forderungsart", "Auftragsnummer", "Buchungstyp",
    "EU-Land (Anzahlungen)", "Herkunft-Kz", "Buchungs GUID", "SEPA-Mandatsreferenz",
    "Gesellschaftername", "Identifikationsnummer", "Zeichnernummer",
    "Bezeichnung SoBil-Sachverhalt", "Generalumkehr (GU)", "Land", "Abrechnungsreferenz",
    "EU-Land u. UStID (Ursprung)",
})  # fmt: skip

_DOCUMENT = re.compile(r"[A-Za-z0-9_$&%*+\-/]{1,36}")
_COST_CENTRE = re.compile(r"[A-Za-z0-9_ ]{0,36}")
_NOT_IN_A_NAME = re.compile(r"[^\w.\-/ ]")


class UnableToWriteBatch(ValueError):
    """The batch would not be taken: `code` says why, `params` which value it is about."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class BatchHead:
    """Whose books, which fiscal year, and the days of the batch; `fixed` closes it on import.

    `consultant` 1001 to 9999999, `client` 1 to 99999, `account_length` 4 to 8 digits.
    """

    consultant: int
    client: int
    fiscal_year_start: date
    account_length: int
    first_day: date
    last_day: date
    name: str
    created_at: datetime
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Booking:
    """`amount` in EUR goes to the debit of `account`, to its credit where it is negative.

    The contra account takes the other side. No tax key: group sick-pay premium bears insurance
    tax or none, but no VAT.
    """

    amount: Decimal
    account: str
    contra_account: str
    day: date
    document_number: str
    text: str
    cost_centre: str = ""
    due_date: date | None = None


def write_batch(head: BatchHead, bookings: Iterable[Booking]) -> bytes:
    """The file: header, heading, a row for each booking. Raises UnableToWriteBatch."""
    _check_head(head)
    rows = [_write_booking(head, booking) for booking in bookings]
    if not rows:
        raise UnableToWriteBatch("NOTHING_TO_BOOK")
    if len(rows) > MOST_BOOKINGS:
        raise UnableToWriteBatch("TOO_MANY_BOOKINGS", most=str(MOST_BOOKINGS))
    lines = [_write_head(head), ";".join(COLUMNS), *rows]
    return "".join(f"{line}\r\n" for line in lines).encode(ENCODING)


def check_account(number: str, *, length: int, personal: bool) -> None:
    """Refuse what is no account: a general one has up to `length` digits, a creditor one more.

    Raises UnableToWriteBatch.
    """
    most = length + 1 if personal else length
    if not (number.isascii() and number.isdigit()) or not number.strip("0"):
        raise UnableToWriteBatch("NO_ACCOUNT", account=number)
    if len(number) > most:
        raise UnableToWriteBatch("ACCOUNT_TOO_LONG", account=number, most=str(most))


def check_cost_centre(text: str) -> None:
    """Refuse what DATEV takes as no cost centre: letters, digits, spaces, 36 at most.

    Raises UnableToWriteBatch.
    """
    if not _COST_CENTRE.fullmatch(text):
        raise UnableToWriteBatch("NO_COST_CENTRE", text=text)


def end_of_fiscal_year(start: date) -> date:
    """The last day of the year that begins with a month."""
    return date.fromordinal(start.replace(year=start.year + 1).toordinal() - 1)


def _check_head(head: BatchHead) -> None:
    for name, number, least, most in (
        ("consultant", head.consultant, 1001, 9_999_999),
        ("client", head.client, 1, 99_999),
        ("account_length", head.account_length, 4, 8),
    ):
        if not least <= number <= most:
            raise UnableToWriteBatch(
                "OUT_OF_RANGE", name=name, number=str(number), least=str(least), most=str(most)
            )
    last = end_of_fiscal_year(head.fiscal_year_start)
    if not head.fiscal_year_start <= head.first_day <= head.last_day <= last:
        raise UnableToWriteBatch("TWO_FISCAL_YEARS", start=f"{head.fiscal_year_start:%d.%m.%Y}")


def _write_head(head: BatchHead) -> str:
    moment = head.created_at
    # 31 fields; the empty ones belong to DATEV or to nobody.
    fields = (
        '"EXTF"', "700", "21", '"Buchungsstapel"', "13",
        f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}", "", '""', '""', '""',
        str(head.consultant), str(head.client), f"{head.fiscal_year_start:%Y%m%d}",
        str(head.account_length), f"{head.first_day:%Y%m%d}", f"{head.last_day:%Y%m%d}",
        _quote(_name(head.name)), '""', "1", "0", "1" if head.fixed else "0", '"EUR"',
        "", '""', "", "", '""', "", "", '""', '""',
    )  # fmt: skip
    return ";".join(fields)


def _write_booking(head: BatchHead, booking: Booking) -> str:
    _check_booking(head, booking)
    values = {
        "Umsatz (ohne Soll/Haben-Kz)": f"{abs(booking.amount):.2f}".replace(".", ","),
        "Soll/Haben-Kennzeichen": "S" if booking.amount > 0 else "H",
        "WKZ Umsatz": "EUR",
        "Konto": booking.account,
        "Gegenkonto (ohne BU-Schlüssel)": booking.contra_account,
        "Belegdatum": f"{booking.day:%d%m}",
        "Belegfeld 1": booking.document_number,
        "Buchungstext": _fit(booking.text)[:LONGEST_TEXT],
        "KOST1 - Kostenstelle": booking.cost_centre,
        "Festschreibung": "1" if head.fixed else "0",
        "Fälligkeit": f"{booking.due_date:%d%m%Y}" if booking.due_date else "",
    }
    return ";".join(_cells(COLUMNS, values))


def _cells(columns: Sequence[str], values: Mapping[str, str]) -> Iterator[str]:
    for column in columns:
        value = values.get(column, "")
        yield _quote(value) if column in TEXTS else value


def _check_booking(head: BatchHead, booking: Booking) -> None:
    if not head.first_day <= booking.day <= head.last_day:
        raise UnableToWriteBatch("DAY_OUTSIDE", day=f"{booking.day:%d.%m.%Y}")
    if not 0 < abs(booking.amount) <= LARGEST_AMOUNT:
        raise UnableToWriteBatch("NO_AMOUNT", number=booking.document_number)
    if not _DOCUMENT.fullmatch(booking.document_number):
        raise UnableToWriteBatch("NO_DOCUMENT_NUMBER", number=booking.document_number)
    check_account(booking.account, length=head.account_length, personal=False)
    check_account(booking.contra_account, length=head.account_length, personal=True)
    check_cost_centre(booking.cost_centre)


def _name(text: str) -> str:
    return _NOT_IN_A_NAME.sub(" ", _fit(text))[:LONGEST_NAME].rstrip()


def _fit(text: str) -> str:
    """The text in letters that Windows-1252 has, on one line."""
    return "".join(_fit_letter(letter) for letter in unicodedata.normalize("NFC", text))


def _fit_letter(letter: str) -> str:
    if unicodedata.category(letter) in {"Cc", "Zl", "Zp"}:
        return " "
    try:
        letter.encode(ENCODING)
    except UnicodeEncodeError:
        return transliterate(letter)
    return letter


def _quote(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
