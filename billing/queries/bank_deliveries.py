"""How far the work on a file of the bank is."""

from dataclasses import dataclass

from aupolicy.queries.progress import read_progress
from billing.models import BankDelivery


@dataclass(frozen=True, slots=True)
class DeliveryProgress:
    """Entries that are booked, of those that were read so far."""

    done: int
    read: int


def name_job(delivery_id: int) -> str:
    """The reading of a file as a job that has a progress."""
    return f"bank-delivery:{delivery_id}"


def get_delivery_progress(delivery: BankDelivery) -> DeliveryProgress | None:
    """None where it is not known or nothing is booked yet."""
    found = read_progress(name_job(delivery.pk))
    return DeliveryProgress(*found) if found else None
