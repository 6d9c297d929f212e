"""How German letters write values. No-break spaces keep a value and its unit on one line."""

from datetime import date
from decimal import Decimal

from aupolicy.kernel.money import format_amount

NO_BREAK_SPACE = "\u00a0"
NARROW_SPACE = "\u202f"
# The real minus sign: a screen reader says "minus", a hyphen it passes over.
MINUS = "\u2212"
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)


def write_amount(amount: Decimal) -> str:
    """EUR without its sign: 1.234,56, a negative one with the minus sign."""
    return format_amount(amount).replace("-", MINUS)


def write_euro(amount: Decimal) -> str:
    """EUR: 1.234,56 €."""
    return f"{write_amount(amount)}{NO_BREAK_SPACE}€"


def write_signed_amount(amount: Decimal) -> str:
    """EUR with a sign in both directions, for differences: +13,00."""
    return f"{'+' if amount > 0 else ''}{write_amount(amount)}"


def write_day(day: date) -> str:
    """01.12.2026."""
    return f"{day:%d.%m.%Y}"


def write_month(day: date) -> str:
    """Dezember 2026, of any day of the month."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def write_percent(percent: Decimal) -> str:
    """0,54 %, with as many decimals as the value carries."""
    return f"{percent}".replace(".", ",").replace("-", MINUS) + f"{NO_BREAK_SPACE}%"


def write_decimal(value: Decimal) -> str:
    """12,5, with as many decimals as the value carries."""
    return f"{value}".replace(".", ",").replace("-", MINUS)


def write_share(part: Decimal, whole: Decimal | int) -> str:
    """A part in percent of a whole for the width of a bar: 57.30, as style sheets write it."""
    return f"{part * 100 / whole:.2f}" if whole else "0"


def write_number(number: int) -> str:
    """12.345."""
    return f"{number:,}".replace(",", ".")


def write_iban(iban: str) -> str:
    """Groups of four, as on a bank card; anything else than an electronic IBAN stays readable."""
    bare = iban.replace(" ", "")
    return NO_BREAK_SPACE.join(bare[start : start + 4] for start in range(0, len(bare), 4))


def write_persons(count: int) -> str:
    """1 Person, 421 Personen."""
    return f"{write_number(count)}{NO_BREAK_SPACE}{'Person' if count == 1 else 'Personen'}"
