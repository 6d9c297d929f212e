"""The CSV tables of open items, accounts and the ledger; see `portal.exports.tables`."""

from portal.exports.tables import (
    AMOUNT,
    CONTRACT,
    DAY,
    DUE,
    EMPLOYER,
    EUR,
    NUMBER,
    TEXT,
    Column,
    Table,
)

OPEN_ITEMS = Table(
    "Offene_Posten",
    "insurer: Offene Posten",
    (
        EMPLOYER,
        CONTRACT,
        Column("Nummer", TEXT, "number of the statement or charge"),
        Column("Art", TEXT, "what is demanded, a word in the reader's language"),
        DUE,
        Column("Tage überfällig", NUMBER, "days since the due date, 0 before it", "days"),
        Column("Betrag, €", AMOUNT, "what was demanded; negative is a credit", EUR),
        Column("offen, €", AMOUNT, "what is not settled of it", EUR),
        Column("im Ratenplan", TEXT, "whether it is paid in instalments, in the reader's language"),
    ),
)
ACCOUNT = Table(
    "Kontoauszug_<contract>",
    "insurer, employer, broker: Konto",
    (
        Column("Buchungstag", DAY, "day it was booked"),
        Column("Art", TEXT, "kind of booking, a word in the reader's language"),
        Column("Beleg", TEXT, "number of the statement, debit or charge"),
        Column("Text", TEXT, "what else the booking says"),
        Column("Betrag, €", AMOUNT, "what the contract owes more; negative is less", EUR),
        Column("Saldo, €", AMOUNT, "what the contract owes after it", EUR),
    ),
)
_ACCOUNT = Column("Konto", TEXT, "account of the ledger")
_ACCOUNT_NAME = Column("Bezeichnung", TEXT, "what the account is called, in the reader's language")
_DEBIT = Column("Soll, €", AMOUNT, "debit side", EUR)
_CREDIT = Column("Haben, €", AMOUNT, "credit side", EUR)
TRIAL_BALANCE = Table(
    "Saldenliste_<month>",
    "insurer: Hauptbuch, Saldenliste",
    (
        _ACCOUNT,
        _ACCOUNT_NAME,
        Column("Anfang, €", AMOUNT, "what stood on it before the month, debit positive", EUR),
        _DEBIT,
        _CREDIT,
        Column("Ende, €", AMOUNT, "what stands on it after the month, debit positive", EUR),
    ),
)
JOURNAL = Table(
    "Journal_<month>",
    "insurer: Hauptbuch, Journal",
    (
        Column("Buchung", NUMBER, "key of the booking; its sides have the same one"),
        Column("Buchungstag", DAY, "day it was booked"),
        Column("Art", TEXT, "kind of booking, a word in the reader's language"),
        Column("Beleg", TEXT, "number of what it is about"),
        Column("Text", TEXT, "what else the booking says"),
        _ACCOUNT,
        _ACCOUNT_NAME,
        CONTRACT,
        _DEBIT,
        _CREDIT,
    ),
)
