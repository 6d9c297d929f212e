"""What every CSV table of the portal holds: its headings, their types, units and meaning.

The headings are the same in every language, so that programs can rely on them; words in cells are
in the reader's. `docs/formats.md` is written from here (`manage.py data_dictionary`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

TEXT, DAY, MONTH, AMOUNT, NUMBER = "text", "day", "month", "amount", "whole number"
_EUR = "EUR"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the type of its cells, their unit, what they mean (English)."""

    heading: str
    kind: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table to take along: its name, who takes it where, and its columns in order."""

    name: str
    where: str
    columns: tuple[Column, ...]

    @property
    def headings(self) -> list[str]:
        """The first line of the file."""
        return [column.heading for column in self.columns]


_NAME = Column("Name", TEXT, "last name, first name")
_PERSONNEL_NUMBER = Column("Personalnummer", TEXT, "the employer's number of the person")
_EMPLOYER = Column("Arbeitgeber", TEXT, "legal name of the employer")
_TOWN = Column("Ort", TEXT, "where the employer is")
_CONTRACT = Column("Vertrag", TEXT, "number of the group contract")
_STATUS = Column("Status", TEXT, "where it stands, a word in the reader's language")
_COVERED_FROM = Column("versichert ab", DAY, "first day of cover")
_COVERED_TO = Column("bis", DAY, "last day of cover, empty while no end is known")
_END_REASON = Column("Grund", TEXT, "why cover ends, a word in the reader's language")
_PAY = Column("Entgelt, €", AMOUNT, "insured monthly gross pay", _EUR)
_BAND = Column("Stufe", NUMBER, "wage band of the tariff, empty in tariffs without bands")
_PREMIUM = Column("Beitrag, €", AMOUNT, "premium of a full month", _EUR)
_MONTHLY = Column("Beitrag, € im Monat", AMOUNT, "premium of the last month billed", _EUR)
_INSURED = Column("Versicherte", NUMBER, "insured people")
_NEXT = Column("Hauptfälligkeit oder Ende", DAY, "day the next contract year begins, or the end")
_DUE = Column("fällig", DAY, "day the amount is due")

PEOPLE = Table(
    "Personen_<contract>_<day>",
    "employer: Personen (also as XLSX)",
    (
        _NAME, _PERSONNEL_NUMBER, Column("Geburtsdatum", DAY, "day of birth"), _COVERED_FROM,
        _COVERED_TO, _END_REASON, _PAY, _BAND, _PREMIUM,
    ),
)  # fmt: skip
PEOPLE_OF_CONTRACT = Table(
    "Personen_<contract>",
    "insurer: contract, Personen",
    (
        _NAME, _PERSONNEL_NUMBER, _COVERED_FROM, _COVERED_TO, _END_REASON, _PAY, _BAND, _PREMIUM,
    ),
)  # fmt: skip
STATEMENTS = Table(
    "Abrechnungen_<contract or employer>",
    "employer: Abrechnungen; insurer: contract, Abrechnungen",
    (
        Column("Monat", MONTH, "month that the statement is for"),
        Column("Nummer", TEXT, "number of the statement, without gaps in a year"),
        _CONTRACT,
        _INSURED,
        Column("Zeilen", NUMBER, "premium lines, those of earlier months included"),
        Column("Lohnsumme, €", AMOUNT, "insured pay of the month", _EUR),
        Column("Betrag, €", AMOUNT, "what the statement comes to; negative is a credit", _EUR),
        Column("ausgestellt", DAY, "day the statement was issued"),
        _DUE,
        Column("Einzug", TEXT, "how it is settled, a word in the reader's language"),
    ),
)
LINES = Table(
    "<statement number>",
    "employer, insurer: statement",
    (
        _NAME,
        _PERSONNEL_NUMBER,
        Column("für den Monat", DAY, "first day of the covered month"),
        Column("Tage", NUMBER, "insured days of the month, 30 in a full one", "days"),
        _PAY,
        _BAND,
        Column("bisher, €", AMOUNT, "what earlier statements charged for the month", _EUR),
        Column("jetzt, €", AMOUNT, "what the month costs by today's facts", _EUR),
        Column("Betrag, €", AMOUNT, "the difference, which this statement charges", _EUR),
    ),
)
BENEFITS = Table(
    "Geldwerter_Vorteil_<month>",
    "employer: Geldwerter Vorteil",
    (
        _PERSONNEL_NUMBER,
        Column("Nachname", TEXT, "last name"),
        Column("Vorname", TEXT, "first name"),
        Column("Monat", MONTH, "month that the list is for"),
        Column("Wert des Monats, €", AMOUNT, "benefit in kind of the month", _EUR),
        Column("Änderung früherer Monate, €", AMOUNT, "corrections of earlier months in it", _EUR),
        Column("Summe, €", AMOUNT, "both together", _EUR),
    ),
)
NOTICES = Table(
    "Meldungen_<contract>, Meldungen",
    "employer, insurer: Meldungen",
    (
        Column("Meldung", TEXT, "what is reported, a word in the reader's language"),
        _EMPLOYER,
        _CONTRACT,
        _PERSONNEL_NUMBER,
        Column("Nachname", TEXT, "as reported, empty where the notice names nobody"),
        Column("Vorname", TEXT, "as reported"),
        Column("wirksam", DAY, "day the notice takes effect"),
        Column("Entgelt, €", AMOUNT, "insured monthly gross pay, where reported", _EUR),
        Column("eingegangen", DAY, "day it was received"),
        Column("Weg", TEXT, "which way it came in, a word in the reader's language"),
        Column("Referenz", TEXT, "the sender's own key of the notice"),
        _STATUS,
        Column("Gründe", TEXT, "why it has no effect, divided by a vertical bar"),
    ),
)
CLIENTS = Table(
    "Arbeitgeber",
    "broker: Arbeitgeber",
    (
        _EMPLOYER,
        _TOWN,
        _CONTRACT,
        _STATUS,
        _INSURED,
        _MONTHLY,
        Column("Letzte Abrechnung", DAY, "first day of the month billed last"),
        _NEXT,
        Column("Kündbar bis", DAY, "last day to give notice to the end of the contract year"),
        Column("Vollmacht", TEXT, "what the broker may do, a word in the reader's language"),
        Column("Hinweise", TEXT, "what needs attention, divided by commas"),
    ),
)
QUOTES = Table(
    "Angebote",
    "broker: Angebote",
    (
        Column("Firma", TEXT, "whom the quote is for"),
        Column("Angebot", TEXT, "number of the quote"),
        Column("angelegt", DAY, "day it was made"),
        Column("Beginn", DAY, "first day of cover"),
        Column("Tarif", TEXT, "key of the tariff"),
        Column("Personen", NUMBER, "people in the quote"),
        Column("Lohnsumme, €", AMOUNT, "their monthly gross pay", _EUR),
        Column("Beitrag, € im Monat", AMOUNT, "their premium", _EUR),
        Column("Antrag", TEXT, "where its application stands, empty without one"),
    ),
)
APPLICATIONS = Table(
    "Antraege",
    "broker: Anträge",
    (
        Column("Firma", TEXT, "who applies"),
        _TOWN,
        Column("Angebot", TEXT, "number of the quote"),
        Column("Beginn", DAY, "first day of cover"),
        Column("Personen", NUMBER, "people in the quote"),
        Column("Beitrag, € im Monat", AMOUNT, "their premium", _EUR),
        _STATUS,
        Column("seit", DAY, "day it has stood so"),
        Column("Vertrag", TEXT, "number of the contract made of it, empty before"),
    ),
)
CONTRACTS = Table(
    "Vertraege",
    "insurer: Verträge",
    (
        _EMPLOYER,
        _TOWN,
        _CONTRACT,
        _STATUS,
        _INSURED,
        _MONTHLY,
        Column("Tarif", TEXT, "key of the tariff in force"),
        _NEXT,
    ),
)
RUN_CONTRACTS = Table(
    "Lauf_<month>",
    "insurer: run (also as XLSX)",
    (
        _EMPLOYER,
        _CONTRACT,
        Column("Nummer", TEXT, "number of the statement, empty in a preview"),
        _INSURED,
        Column("Versicherte mehr", NUMBER, "insured people more or less than in the run before"),
        Column("davor, €", AMOUNT, "what the run before charged, empty where nothing", _EUR),
        Column("Betrag, €", AMOUNT, "what the run charges; negative is a credit", _EUR),
        Column("Unterschied, €", AMOUNT, "the difference of the two", _EUR),
        Column("Zeilen Vormonate", NUMBER, "premium lines about earlier months"),
        Column("Anlässe", TEXT, "what happened in between, words in the reader's language"),
    ),
)
RUN_REASONS = Table(
    "Unterschiede_<contract>_<month>",
    "insurer: run, contract (also as XLSX)",
    (
        _NAME,
        _PERSONNEL_NUMBER,
        Column("Art", TEXT, "kind of reason, a word in the reader's language"),
        Column("Grund", TEXT, "the reason in words of the reader's language"),
        Column("wirksam", DAY, "day it took effect, empty where it has none"),
        Column("Monate", NUMBER, "months billed before that it changes"),
        Column("Betrag, €", AMOUNT, "what it adds; all together are the difference", _EUR),
    ),
)
WORK = Table(
    "Aufgaben",
    "insurer: Aufgaben",
    (
        Column("Aufgabe", TEXT, "what is to be done"),
        Column("Art", TEXT, "kind of work, a word in the reader's language"),
        _EMPLOYER,
        Column("Dringlichkeit", TEXT, "how urgent, a word in the reader's language"),
        Column("zu erledigen bis", DAY, "when it is due"),
        Column("bei", TEXT, "who has taken it, empty while nobody has"),
        Column("erledigt", DAY, "when it was done, empty while it is open"),
        Column("erledigt von", TEXT, "who did it"),
    ),
)
COLLECTIONS = Table(
    "Einzuege",
    "insurer: Einzüge",
    (
        _DUE,
        Column("Verfahren", TEXT, "CORE or B2B"),
        Column("Lastschriften", NUMBER, "debits in the file"),
        Column("Kontrollsumme, €", AMOUNT, "what they come to", _EUR),
        Column("einreichen bis", DAY, "last day to hand the file in at the bank"),
        Column("erstellt", DAY, "day the file was made"),
        Column("Stand", TEXT, "waits for its release, released or discarded"),
        Column("Nachricht", TEXT, "message id in the file"),
        Column("SHA-256", TEXT, "digest of the file, hexadecimal"),
    ),
)
MANDATES = Table(
    "Mandate",
    "insurer: Mandate",
    (
        Column("Vertrag", TEXT, "number of the contract"),
        Column("Arbeitgeber", TEXT, "its employer"),
        Column("Mandatsreferenz", TEXT, "reference of the mandate; empty without one"),
        Column("Version", TEXT, "1 as it was signed; counts new accounts and names"),
        Column("Verfahren", TEXT, "CORE or B2B"),
        Column("Stand", TEXT, "whether it carries a debit today"),
        Column("unterschrieben", DAY, "day of the signature"),
        Column("zuletzt eingezogen", DAY, "due day of the latest debit handed in"),
        Column("nutzbar bis", DAY, "last day a debit may be due unless another is handed in"),
    ),
)
PAYOUT_ORDERS = Table(
    "Auszahlungen",
    "insurer: Auszahlungen",
    (
        Column("Ausführung", DAY, "day the bank is to execute it"),
        _STATUS,
        Column("Überweisungen", NUMBER, "transfers in the file"),
        Column("Summe, €", AMOUNT, "what they come to", _EUR),
        Column("angelegt", DAY, "day it was made"),
        Column("freigegeben", DAY, "day a second person released it"),
        Column("Rückläufer", NUMBER, "transfers that came back"),
        Column("Nachricht", TEXT, "message id in the file"),
    ),
)
RECOVERIES = Table(
    "Rueckforderungen",
    "insurer: Rückforderungen",
    (
        _NAME,
        Column("Fall", TEXT, "number of the claim"),
        Column("Monat", MONTH, "month that was paid too much for"),
        Column("Weg", TEXT, "how it comes back, a word in the reader's language"),
        Column("seit", DAY, "day it was decided"),
        Column("Betrag, €", AMOUNT, "what is to come back", _EUR),
        Column("offen, €", AMOUNT, "what has not come back yet", _EUR),
    ),
)
OPEN_ITEMS = Table(
    "Offene_Posten",
    "insurer: Offene Posten",
    (
        _EMPLOYER,
        _CONTRACT,
        Column("Nummer", TEXT, "number of the statement or charge"),
        Column("Art", TEXT, "what is demanded, a word in the reader's language"),
        _DUE,
        Column("Tage überfällig", NUMBER, "days since the due date, 0 before it", "days"),
        Column("Betrag, €", AMOUNT, "what was demanded; negative is a credit", _EUR),
        Column("offen, €", AMOUNT, "what is not settled of it", _EUR),
        Column("im Ratenplan", TEXT, "whether it is paid in instalments, in the reader's language"),
    ),
)
ARREARS = Table(
    "Mahnwesen",
    "insurer: Mahnwesen",
    (
        _EMPLOYER,
        _CONTRACT,
        Column("eröffnet", DAY, "day the case was opened"),
        Column("letzter Schritt", TEXT, "what was done last, in the reader's language"),
        _STATUS,
        Column("Frist bis", DAY, "last day of the period of the last letter"),
        Column(
            "nächster Schritt", TEXT, "what follows if nothing is paid, in the reader's language"
        ),
        Column("am", DAY, "day on which it follows, empty while it waits for somebody"),
        Column("Beitrag, €", AMOUNT, "premium that is open", _EUR),
        Column("Zinsen, €", AMOUNT, "default interest that is open", _EUR),
        Column("Kosten, €", AMOUNT, "costs that are open", _EUR),
    ),
)
CLIENT_ARREARS = Table(
    "Beitragsrueckstaende",
    "broker: Beitragsrückstände",
    (
        _EMPLOYER,
        _CONTRACT,
        Column("letzter Schritt", TEXT, "what was done last, in the reader's language"),
        Column("Frist bis", DAY, "last day of the period of the last letter"),
        Column("leistungsfrei ab", DAY, "first day on which nothing is owed for new cases"),
        Column("Vertragsende", DAY, "last day of the contract where it was ended"),
        Column("offen, €", AMOUNT, "premium, interest and costs that are open", _EUR),
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
        Column("Betrag, €", AMOUNT, "what the contract owes more; negative is less", _EUR),
        Column("Saldo, €", AMOUNT, "what the contract owes after it", _EUR),
    ),
)
_ACCOUNT = Column("Konto", TEXT, "account of the ledger")
_ACCOUNT_NAME = Column("Bezeichnung", TEXT, "what the account is called, in the reader's language")
_DEBIT = Column("Soll, €", AMOUNT, "debit side", _EUR)
_CREDIT = Column("Haben, €", AMOUNT, "credit side", _EUR)
TRIAL_BALANCE = Table(
    "Saldenliste_<month>",
    "insurer: Hauptbuch, Saldenliste",
    (
        _ACCOUNT,
        _ACCOUNT_NAME,
        Column("Anfang, €", AMOUNT, "what stood on it before the month, debit positive", _EUR),
        _DEBIT,
        _CREDIT,
        Column("Ende, €", AMOUNT, "what stands on it after the month, debit positive", _EUR),
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
        _CONTRACT,
        _DEBIT,
        _CREDIT,
    ),
)
TABLES = (
    PEOPLE, STATEMENTS, LINES, BENEFITS, NOTICES, CLIENTS, QUOTES, APPLICATIONS, CONTRACTS,
    PEOPLE_OF_CONTRACT, RUN_CONTRACTS, RUN_REASONS, WORK, COLLECTIONS, PAYOUT_ORDERS, RECOVERIES,
    MANDATES, OPEN_ITEMS, ARREARS, CLIENT_ARREARS, ACCOUNT, TRIAL_BALANCE, JOURNAL,
)  # fmt: skip


def describe_tables() -> Iterator[str]:
    """Every table with its columns, as lines of Markdown."""
    for table in TABLES:
        yield f"### {table.name}.csv"
        yield ""
        yield f"Taken from: {table.where}."
        yield ""
        yield "| Column | Type | Unit | Meaning |"
        yield "|---|---|---|---|"
        for column in table.columns:
            yield f"| {column.heading} | {column.kind} | {column.unit} | {column.meaning} |"
        yield ""
