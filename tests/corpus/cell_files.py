"""Cells: days, amounts, numbers and characters as people and programs write them."""

from datetime import date
from decimal import Decimal

from members.facts import UploadKind
from tests.corpus.case import HEAD, ROW, Case, Person, text

BORN = "Geburtsdatum"


def born(*days: str) -> tuple[str, ...]:
    """Rows of people born on these days, numbered from 1."""
    return tuple(f"{i};Müller;Zoë;{day};2400" for i, day in enumerate(days, start=1))


def paid(*amounts: str) -> tuple[str, ...]:
    """Rows of people with these amounts, numbered from 1."""
    return tuple(f'{i};Müller;Zoë;24.12.1990;"{pay}"' for i, pay in enumerate(amounts, start=1))


def people_born(*days: date) -> tuple[Person, ...]:
    return tuple(Person(i + 1, str(i), birth_date=day) for i, day in enumerate(days, start=1))


def people_paid(*amounts: str) -> tuple[Person, ...]:
    return tuple(Person(i + 1, str(i), pay=Decimal(p)) for i, p in enumerate(amounts, start=1))


DAYS = (
    Case(
        "days in many ways",
        text(HEAD, *born("1.3.1990", "1990-03-01", "1990-03-01 00:00:00", "1990-03-01T00:00:00Z",
                         "25/03/1990", "03/25/1990", "19900301", "01031990")),
        people_born(*[date(1990, 3, 1)] * 4, *[date(1990, 3, 25)] * 2, *[date(1990, 3, 1)] * 2),
    ),
    Case("years of two digits", text(HEAD, *born("24.12.90", "24.12.05", "1.1.37")),
         people_born(date(1990, 12, 24), date(2005, 12, 24), date(1937, 1, 1)),
         notes=("YEAR_COMPLETED",) * 3),
    Case("years of two digits that may be either", text(HEAD, *born("24.12.15", "24.12.26")),
         problems=((2, BORN, "TWO_DIGIT_YEAR"), (3, BORN, "TWO_DIGIT_YEAR")), advice="TT.MM.JJJJ"),
    Case("day and month swapped", text(HEAD, *born("03/04/1990", "04-03-1990")),
         problems=((2, BORN, "AMBIGUOUS_DATE"), (3, BORN, "AMBIGUOUS_DATE")), advice="JJJJ-MM-TT"),
    Case("excel's day numbers in text", text(HEAD, *born("33231")),
         problems=((2, BORN, "DATE_AS_NUMBER"),), advice="als Datum"),
    Case("days that never were", text(HEAD, *born("30.02.1990", "1990-13-01", "29.2.1991")),
         problems=tuple((row, BORN, "NO_SUCH_DAY") for row in (2, 3, 4)), advice="TT.MM.JJJJ"),
    Case("no days at all", text(HEAD, *born("unbekannt", "1990", "12/1990")),
         problems=tuple((row, BORN, "NO_DATE") for row in (2, 3, 4)), advice="TT.MM.JJJJ"),
    Case("born tomorrow and long ago", text(HEAD, *born("24.12.2026", "24.12.1890")),
         problems=((2, BORN, "BIRTH_DATE_IN_FUTURE"), (3, BORN, "BIRTH_DATE_TOO_OLD")),
         advice="Zukunft"),
)  # fmt: skip

AMOUNTS = (
    Case(
        "decimal comma and point mixed",
        text(HEAD, *paid("1.234,56", "1,234.56", "1234.5", "1234,5", "1.234", "1,234", "2400,-",
                         "2.400 €", "EUR 2400", "2 400,00", "1234.56789")),
        people_paid("1234.56", "1234.56", "1234.50", "1234.50", "1234.00", "1234.00", "2400.00",
                    "2400.00", "2400.00", "2400.00", "1234.57"),
    ),
    Case("no amounts", text(HEAD, *paid("-2400", "zweitausend", "1.23.4", "1,2,3", "$2400", "1e3")),
         problems=tuple((row, "Bruttoentgelt", "NO_AMOUNT") for row in range(2, 8)),
         advice="2.400,00"),
    Case("pay left out", text(HEAD, *paid("")), problems=((2, "Bruttoentgelt", "EMPTY_CELL"),),
         advice="fehlt"),
)  # fmt: skip

TEXTS = (
    Case("leading zeros", text(HEAD, "0017" + ROW[2:]), (Person(2, "0017"),)),
    Case("leading apostrophes", text(HEAD, "'0017;'t Hooft" + ROW[9:]),
         (Person(2, "0017", last_name="'t Hooft"),)),
    Case("spaces that do not break",
         text(HEAD, "\xa017 ;\xa0Müller\xa0;Zoë\xa0;24.12.1990\xa0;2400"),
         (Person(2),)),
    Case("spaces inside a name", text(HEAD, ROW.replace("Zoë", "Zoë\xa0 Ida")),
         (Person(2, first_name="Zoë Ida"),)),
    Case("characters of no width", text(HEAD, ROW.replace("Müller", "Mü\u00adl\u200bler\ufeff")),
         (Person(2),)),
    Case("writing turned round", text(HEAD, ROW.replace("Müller", "\u202erellüM")),
         problems=((2, "Nachname", "UNSEEN_CHARACTERS"),), advice="Schreibrichtung"),
    Case("hebrew letters are letters", text(HEAD, ROW.replace("Müller", "כהן")),
         (Person(2, last_name="כהן"),)),
    Case("control characters", text(HEAD, ROW.replace("Müller", "Mül\x07ler"),
                                    "18;Weiß;J\x1frg;01.03.1985;3100"),
         problems=((2, "Nachname", "UNSEEN_CHARACTERS"), (3, "Vorname", "UNSEEN_CHARACTERS")),
         advice="Steuerzeichen"),
    Case("a formula for a name", text(HEAD, ROW.replace("Müller", '"=HYPERLINK(""x"")"')),
         problems=((2, "Nachname", "NO_NAME"),), advice="kein Name"),
    Case("an error for pay", text(HEAD, *paid("#REF!", "#NV", "#WERT!")),
         problems=tuple((row, "Bruttoentgelt", "FORMULA_ERROR") for row in (2, 3, 4)),
         advice="Formel"),
    Case("a number that excel spoiled", text(HEAD, "1,23457E+15" + ROW[2:]),
         problems=((2, "Personalnummer", "NO_PERSONNEL_NUMBER"),), advice="20"),
    Case("a novel in a cell", text(HEAD, ROW.replace("Müller", "M" * 501)),
         problems=((2, "Nachname", "CELL_TOO_LONG"),), advice="500"),
    Case("a long name", text(HEAD, ROW.replace("Müller", "M" * 71)),
         problems=((2, "Nachname", "NAME_TOO_LONG"),), advice="70"),
    Case("a kind nobody knows", text(f"{HEAD};Meldung", f"{ROW};Hochzeit"),
         problems=((2, "Meldung", "UNKNOWN_KIND"),), advice="Zugang"),
    Case("english", text("Employee ID,Last name,First name,Date of birth,Monthly gross,Notice",
                         '17,Müller,Zoë,1990-12-24,"2,400.00",Join'), (Person(2),)),
)  # fmt: skip

PROGRAMS = (
    Case(
        "a list as DATEV writes it",
        text("Personalnummer;Familienname;Vorname;Geburtsdatum;Eintrittsdatum;Austrittsdatum;"
             "Gesamtbrutto;Grundgehalt;Personengruppenschlüssel",
             "00017;Müller;Zoë;24.12.1990;01.04.2015;;2.400,00;2.300,00;101", encoding="cp1252"),
        (Person(2, "00017"),),
        kind=UploadKind.FULL_LIST,
    ),
    Case(
        "a list as Personio writes it",
        text("employee_number,first_name,last_name,birthday,hire_date,termination_date,fix_salary,"
             "fix_salary_interval",
             "17,Zoë,Müller,1990-12-24,2015-04-01,,28800.00,yearly",
             "18,Zoë,Müller,1990-12-24,2015-04-01,,34000.00,yearly",
             "19,Zoë,Müller,1990-12-24,2015-04-01,,15.00,hourly"),
        (Person(2), Person(3, "18", pay=Decimal("2833.33"))),
        problems=((4, "fix_salary_interval", "UNKNOWN_INTERVAL"),),
        advice="monatlich",
        notes=("PAY_FROM_YEARLY", "PAY_FROM_YEARLY"),
        kind=UploadKind.FULL_LIST,
    ),
    Case(
        "a list as Lexware writes it",
        text("Pers.-Nr.;Name;Vorname;Geb.-Datum;Eintritt am;Austritt am;Bruttolohn;Pers.-Gruppe",
             "17;Müller;Zoë;24.12.1990;01.04.2015;;2400,00;101",
             "17;Kurz;Kai;24.12.1990;01.04.2015;;2400,00;101", encoding="cp1252"),
        (Person(2),),
        problems=((3, "Pers.-Nr.", "NUMBER_TWICE"),),
        advice="Zeile 2",
        kind=UploadKind.FULL_LIST,
    ),
)  # fmt: skip
