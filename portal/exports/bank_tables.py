"""The CSV tables of the bank's answers."""

from portal.exports.tables import (
    AMOUNT,
    CONTRACT,
    DAY,
    EMPLOYER,
    EUR,
    NUMBER,
    TEXT,
    Column,
    Table,
)

BANK_FILES = Table(
    "Bankdateien",
    "insurer: Bank",
    (
        Column("Datei", TEXT, "name under which it came"),
        Column("Status", TEXT, "where it stands, a word in the reader's language"),
        Column("eingegangen", DAY, "day it came"),
        Column("Umsätze", NUMBER, "entries in it"),
        Column("Statusmeldungen", NUMBER, "statuses in it"),
        Column("zu klären", NUMBER, "entries that wait for a clerk"),
    ),
)
BANK_ENTRIES = Table(
    "Bankdatei_<id>, Unklare_Umsaetze",
    "insurer: Bank",
    (
        Column("gebucht", DAY, "day the bank booked it"),
        Column("Betrag, €", AMOUNT, "what moved; negative went", EUR),
        Column("Entgelt, €", AMOUNT, "what the banks took of it", EUR),
        Column("Name", TEXT, "who paid or was paid"),
        Column("Verwendungszweck", TEXT, "as the bank tells it"),
        Column("Referenz", TEXT, "end-to-end reference"),
        Column("Referenz der Bank", TEXT, "the bank's own reference"),
        Column("Rückgabegrund", TEXT, "the bank's code"),
        Column("Ergebnis", TEXT, "what became of it, a word in the reader's language"),
        Column("Vermerk", TEXT, "what the clerk noted who cleared it"),
    ),
)
RETURNED_DEBITS = Table(
    "Ruecklastschriften",
    "insurer: Bank, Rücklastschriften",
    (
        EMPLOYER,
        CONTRACT,
        Column("Lastschrift", TEXT, "end-to-end reference of the debit"),
        Column("zurückgegeben", DAY, "day it came back"),
        Column("Rückgabegrund", TEXT, "the bank's code"),
        Column("Bedeutung", TEXT, "what the code means, in the reader's language"),
        Column("Vorkommen", NUMBER, "how often the contract's debits came back so, unpaid since"),
        Column("Betrag, €", AMOUNT, "what was to be collected", EUR),
        Column("Entgelt, €", AMOUNT, "what the banks took", EUR),
        Column("erneuter Einzug ab", DAY, "day from which it is collected again, if at all"),
    ),
)
REACTIONS = Table(
    "Reaktionen",
    "insurer: Bank, Reaktionen",
    (
        Column("Rückgabegrund", TEXT, "the bank's code; OTHER for every other"),
        Column("Bedeutung", TEXT, "what the code means, in the reader's language"),
        Column("Vorkommen", TEXT, "the first time or again, in the reader's language"),
        Column("Mandat", TEXT, "whether it goes on, in the reader's language"),
        Column("nächster Schritt", TEXT, "what follows, in the reader's language"),
        Column("erneuter Einzug nach Tagen", NUMBER, "empty: not by itself", "days"),
        Column("Entgelt weiterberechnen", NUMBER, "1 if the employer bears the banks' charges"),
        Column("gilt ab", DAY, "day since which the rule counts"),
    ),
)
