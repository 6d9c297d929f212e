"""What is done by one transaction at a time, whoever asks: advisory locks of the database."""

from enum import IntEnum, unique

from django.db import connection


@unique
class Turn(IntEnum):
    """Each waits for its own kind only. The numbers mean nothing but must differ."""

    BILLING_RUN = 7_431_001
    BENEFIT_RUN = 7_431_004
    PAYOUT_ORDER = 6_820_011
    BANK_FILE = 6_820_012
    COMMISSION = 6_820_031
    QUOTE_NUMBER = 20_260_003


def wait_for_turn(turn: Turn) -> None:
    """Go on once no other transaction does the same; the turn ends with this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(turn)])
