"""Who writes to whom."""

from django.conf import settings

from aupolicy.models import Broker, Employer
from aupolicy.queries import get_tariff
from documents.facts import Address, Contact, Insurer
from documents.parsing import parse_insurer

HOME = "DE"
COUNTRY_WORDS = {"DE": "Deutschland", "AT": "Österreich", "CH": "Schweiz", "NL": "Niederlande"}


def get_insurer() -> Insurer:
    """The insurer of the settings. Raises UnableToReadInsurer."""
    return parse_insurer(settings.INSURER)


def country_word(code: str) -> str:
    """A country in German where it is a neighbour, else its code."""
    return COUNTRY_WORDS.get(code, code)


def street_line(employer: Employer) -> str:
    """Street and building number."""
    return f"{employer.street} {employer.building_number}".strip()


def town_line(employer: Employer) -> str:
    """Postal code and town."""
    return f"{employer.postal_code} {employer.town}"


def address_lines(employer: Employer) -> tuple[str, ...]:
    """Street and town, abroad with the country in capitals as the post asks."""
    lines = (street_line(employer), town_line(employer))
    return lines if employer.country == HOME else (*lines, country_word(employer.country).upper())


def employer_address(employer: Employer) -> Address:
    """The employer's address window, with the person to be asked for where one is known."""
    lines = (employer.legal_name, employer.contact_name, *address_lines(employer))
    return Address(tuple(line for line in lines if line))


def broker_contact(broker: Broker | None) -> Contact | None:
    """The broker as a letter names it."""
    return Contact(broker.legal_name, broker.contact_email) if broker else None


def tariff_name(key: str) -> str:
    """What a tariff is called in German. Raises UnknownTariff."""
    return get_tariff(key).name["de"]
