"""Reads of a contract's papers: who holds a confirmation."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from aupolicy.models import GroupContract
from documents.facts import DocumentKind
from documents.models import Document
from members.models import Membership
from members.queries import coming_after, insured_on


@dataclass(frozen=True, slots=True)
class ConfirmationCount:
    """People covered on a day or later, and how many of them hold a confirmation."""

    people: int
    confirmed: int

    @property
    def complete(self) -> bool:
        """Whether everybody holds one."""
        return self.people == self.confirmed


def count_confirmations(contract: GroupContract, day: date) -> ConfirmationCount:
    """How many people of a contract should and do hold a confirmation."""
    covered = Membership.objects.filter(insured_on(day) | coming_after(day), contract=contract)
    paper = Document.objects.filter(
        membership=OuterRef("pk"), contract=contract, kind=DocumentKind.CONFIRMATION.value
    )
    return ConfirmationCount(
        people=covered.count(), confirmed=covered.filter(Exists(paper)).count()
    )
