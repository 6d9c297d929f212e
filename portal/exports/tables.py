"""What every CSV table of the portal holds: its headings, their types, units and meaning.

The headings are the same in every language, so that programs can rely on them; words in cells are
in the reader's. `docs/formats.md` is written from here (`manage.py data_dictionary`).
"""

from dataclasses import dataclass

TEXT, DAY, MONTH, AMOUNT, NUMBER = "text", "day", "month", "amount", "whole number"
EUR = "EUR"


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
EMPLOYER = Column("Arbeitgeber", TEXT, "legal name of the employer")
_TOWN = Column("Ort", TEXT, "where the employer is")
CONTRACT = Column("Vertrag", TEXT, "number of the group contract")
_STATUS = Column("Status", TEXT, "where it stands, a word in the reader's language")
_COVERED_FROM = Column("versichert ab", DAY, "first day of cover")
_COVERED_TO = Column("bis", DAY, "last day of cover, empty while no end is known")
_END_REASON = Column("Grund", TEXT, "why cover ends, a word in the reader's language")
_PAY = Column("Entgelt, €", AMOUNT, "insured monthly gross pay", EUR)
_BAND = Column("Stufe", NUMBER, "wage band of the tariff, empty in tariffs without bands")
_PREMIUM = Column("Beitrag, €", AMOUNT, "premium of a full month", EUR)
_MONTHLY = Column("Beitrag, € im Monat", AMOUNT, "premium of the last month billed", EUR)
_INSURED = Column("Versicherte", NUMBER, "insured people")
_NEXT = Column("Hauptfälligkeit oder Ende", DAY, "day the next contract year begins, or the end")
DUE = Column("fällig", DAY, "day the amount is due")

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
        CONTRACT,
        _INSURED,
        Column("Zeilen", NUMBER, "premium lines, those of earlier months included"),
        Column("Lohnsumme, €", AMOUNT, "insured pay of the month", EUR),
        Column("Betrag, €", AMOUNT, "what the statement comes to; negative is a credit", EUR),
        Column("ausgestellt", DAY, "day the statement was issued"),
        DUE,
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
        Column("bisher, €", AMOUNT, "what earlier statements charged for the month", EUR),
        Column("jetzt, €", AMOUNT, "what the month costs by today's facts", EUR),
        Column("Betrag, €", AMOUNT, "the difference, which this statement charges", EUR),
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
        Column("Wert des Monats, €", AMOUNT, "benefit in kind of the month", EUR),
        Column("Änderung früherer Monate, €", AMOUNT, "corrections of earlier months in it", EUR),
        Column("Summe, €", AMOUNT, "both together", EUR),
    ),
)
NOTICES = Table(
    "Meldungen_<contract>, Meldungen",
    "employer, insurer: Meldungen",
    (
        Column("Meldung", TEXT, "what is reported, a word in the reader's language"),
        EMPLOYER,
        CONTRACT,
        _PERSONNEL_NUMBER,
        Column("Nachname", TEXT, "as reported, empty where the notice names nobody"),
        Column("Vorname", TEXT, "as reported"),
        Column("wirksam", DAY, "day the notice takes effect"),
        Column("Entgelt, €", AMOUNT, "insured monthly gross pay, where reported", EUR),
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
        EMPLOYER,
        _TOWN,
        CONTRACT,
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
        Column("Lohnsumme, €", AMOUNT, "their monthly gross pay", EUR),
        Column("Beitrag, € im Monat", AMOUNT, "their premium", EUR),
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
        Column("Beitrag, € im Monat", AMOUNT, "their premium", EUR),
        _STATUS,
        Column("seit", DAY, "day it has stood so"),
        Column("Vertrag", TEXT, "number of the contract made of it, empty before"),
    ),
)
CONTRACTS = Table(
    "Vertraege",
    "insurer: Verträge",
    (
        EMPLOYER,
        _TOWN,
        CONTRACT,
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
        EMPLOYER,
        CONTRACT,
        Column("Nummer", TEXT, "number of the statement, empty in a preview"),
        _INSURED,
        Column("Versicherte mehr", NUMBER, "insured people more or less than in the run before"),
        Column("davor, €", AMOUNT, "what the run before charged, empty where nothing", EUR),
        Column("Betrag, €", AMOUNT, "what the run charges; negative is a credit", EUR),
        Column("Unterschied, €", AMOUNT, "the difference of the two", EUR),
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
        Column("Betrag, €", AMOUNT, "what it adds; all together are the difference", EUR),
    ),
)
WORK = Table(
    "Aufgaben",
    "insurer: Aufgaben",
    (
        Column("Aufgabe", TEXT, "what is to be done"),
        Column("Art", TEXT, "kind of work, a word in the reader's language"),
        EMPLOYER,
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
        DUE,
        Column("Verfahren", TEXT, "CORE or B2B"),
        Column("Lastschriften", NUMBER, "debits in the file"),
        Column("Kontrollsumme, €", AMOUNT, "what they come to", EUR),
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
        Column("Art", TEXT, "benefit, refund or commission, in the reader's language"),
        _STATUS,
        Column("Überweisungen", NUMBER, "transfers in the file"),
        Column("Summe, €", AMOUNT, "what they come to", EUR),
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
        Column("Betrag, €", AMOUNT, "what is to come back", EUR),
        Column("offen, €", AMOUNT, "what has not come back yet", EUR),
    ),
)
ARREARS = Table(
    "Mahnwesen",
    "insurer: Mahnwesen",
    (
        EMPLOYER,
        CONTRACT,
        Column("eröffnet", DAY, "day the case was opened"),
        Column("letzter Schritt", TEXT, "what was done last, in the reader's language"),
        _STATUS,
        Column("Frist bis", DAY, "last day of the period of the last letter"),
        Column(
            "nächster Schritt", TEXT, "what follows if nothing is paid, in the reader's language"
        ),
        Column("am", DAY, "day on which it follows, empty while it waits for somebody"),
        Column("Beitrag, €", AMOUNT, "premium that is open", EUR),
        Column("Zinsen, €", AMOUNT, "default interest that is open", EUR),
        Column("Kosten, €", AMOUNT, "costs that are open", EUR),
    ),
)
CLIENT_ARREARS = Table(
    "Beitragsrueckstaende",
    "broker: Beitragsrückstände",
    (
        EMPLOYER,
        CONTRACT,
        Column("letzter Schritt", TEXT, "what was done last, in the reader's language"),
        Column("Frist bis", DAY, "last day of the period of the last letter"),
        Column("leistungsfrei ab", DAY, "first day on which nothing is owed for new cases"),
        Column("Vertragsende", DAY, "last day of the contract where it was ended"),
        Column("offen, €", AMOUNT, "premium, interest and costs that are open", EUR),
    ),
)
