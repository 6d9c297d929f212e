"""What the CSV tables about commission hold."""

from portal.exports.tables import AMOUNT, CONTRACT, DAY, EMPLOYER, EUR, MONTH, TEXT, Column, Table

_PERCENT = "%"

COMMISSION = Table(
    "Courtage",
    "insurer: Courtage",
    (
        Column("Vermittler", TEXT, "legal name of the broker"),
        Column("Registernummer", TEXT, "number in the register of intermediaries"),
        Column("Abschluss, %", AMOUNT, "percentage agreed for the first year", _PERCENT),
        Column("laufend, %", AMOUNT, "percentage agreed for later years", _PERCENT),
        Column("noch nicht abgerechnet, €", AMOUNT, "entries that are on no statement", EUR),
        Column("nicht ausgezahlt, €", AMOUNT, "statements that no payout has paid", EUR),
        Column("Konto", TEXT, "whether an account is confirmed, in the reader's language"),
    ),
)
COMMISSION_ENTRIES = Table(
    "Courtageposten_<statement or broker>",
    "insurer: Courtage, one broker; broker: Courtage, one statement",
    (
        Column("Buchungstag", DAY, "day the entry was booked"),
        CONTRACT,
        EMPLOYER,
        Column("Beleg", TEXT, "number of the premium that was paid, or of the credit"),
        Column("Monat", MONTH, "month of that premium"),
        Column("Jahr", TEXT, "first or later year of the contract, in the reader's language"),
        Column("bezahlt, €", AMOUNT, "premium without tax paid since; negative: came back", EUR),
        Column("Satz, %", AMOUNT, "percentage", _PERCENT),
        Column("Courtage, €", AMOUNT, "commission; negative: taken back", EUR),
        Column("Abrechnung", TEXT, "number of the commission statement, empty while on none"),
    ),
)
