"""What all payroll formats share: how values are written, and who cannot be written at all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from billing.facts.payroll_file import PayrollLine, PayrollPerson

ANSI = "cp1252"
NEW_LINE = "\r\n"
SEPARATOR = ";"
LARGEST_DATEV_NUMBER = 99_999


class UnableToWritePayrollFile(ValueError):
    """People's personnel numbers do not fit the payroll program; `people` says whose.

    Codes: PERSONNEL_NUMBERS (no whole number from 1 to 99999), PERSONNEL_NUMBERS_ALIKE (the
    same number to the program, as 0012 and 12 are), CHARACTERS (the number has characters that
    the program's character set lacks).
    """

    def __init__(self, code: str, people: Iterable[PayrollPerson]) -> None:
        # No names here: messages of errors end up in logs.
        super().__init__(code)
        self.code, self.people = code, tuple(people)


def write_amount(amount: Decimal) -> str:
    """EUR with a decimal comma and two decimals, "-3,20"; no thousands separator."""
    return f"{amount:.2f}".replace(".", ",")


def encode_lines(lines: Iterable[str]) -> bytes:
    """Lines as Windows writes them: cp1252, each ended by CR LF."""
    return "".join(f"{line}{NEW_LINE}" for line in lines).encode(ANSI)


def check_datev_numbers(lines: Sequence[PayrollLine]) -> None:
    """DATEV knows people by whole numbers from 1 to 99999. Raises UnableToWritePayrollFile."""
    people = dict.fromkeys(line.person for line in lines)
    if wrong := [person for person in people if not _is_datev_number(person.personnel_number)]:
        raise UnableToWritePayrollFile("PERSONNEL_NUMBERS", wrong)
    bearers: dict[int, list[PayrollPerson]] = defaultdict(list)
    for person in people:
        bearers[int(person.personnel_number)].append(person)
    if alike := [person for same in bearers.values() if len(same) > 1 for person in same]:
        raise UnableToWritePayrollFile("PERSONNEL_NUMBERS_ALIKE", alike)


def check_characters(lines: Sequence[PayrollLine]) -> None:
    """Personnel numbers must be writable in cp1252. Raises UnableToWritePayrollFile."""
    people = dict.fromkeys(line.person for line in lines)
    if wrong := [person for person in people if not _is_ansi(person.personnel_number)]:
        raise UnableToWritePayrollFile("CHARACTERS", wrong)


def datev_number(line: PayrollLine) -> str:
    """The personnel number as DATEV writes it: without leading zeros."""
    return str(int(line.personnel_number))


def _is_datev_number(text: str) -> bool:
    # isdigit alone takes digits of other scripts too.
    is_number = text.isascii() and text.isdigit()
    return is_number and 1 <= int(text) <= LARGEST_DATEV_NUMBER


def _is_ansi(text: str) -> bool:
    try:
        text.encode(ANSI)
    except UnicodeEncodeError:
        return False
    return text.isprintable()
