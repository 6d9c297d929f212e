"""What an employer reported about its people's incapacity; nothing of what became of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet

from aupolicy.models import Employer
from claims.facts import Channel
from claims.models import Certificate, Claim, PersonLink, SickLeave
from members.models import Person
from portal.queries.sorting import name_order

PAGE_SIZE = 30
MOST_HITS = 12
SHOWN_LEAVES = ("reported", "withdrawn", "all")
# What came in through the employer's own room; row-level security shows nothing else either.
_OWN_CHANNELS = (Channel.EMPLOYER.value, Channel.BROKER.value, Channel.API.value)
_NUMBER_AT_END = re.compile(r"\(([^()]+)\)\s*$")


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """A leave as the employer entered it. `until` is the last day it knows of, None for none.

    `is_follow_up` tells of the newest certificate, None without any.
    """

    leave: SickLeave
    certificates: Sequence[Certificate]
    until: date | None
    is_follow_up: bool | None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back."""
        return self.leave.withdrawn_at is not None


def find_leaves(employer: Employer) -> QuerySet[SickLeave]:
    """The leaves an employer or its broker reported, with their own certificates."""
    certificates = Certificate.objects.filter(channel__in=_OWN_CHANNELS, withdrawn_at=None)
    return (
        SickLeave.objects.filter(employer=employer, channel__in=_OWN_CHANNELS)
        .select_related("person", "reported_by")
        .prefetch_related(
            Prefetch("certificates", certificates.order_by("period"), to_attr="own_certificates")
        )
    )


def describe_leave(leave: SickLeave) -> ReportedRow:
    """A leave of `find_leaves` as a row."""
    certificates: list[Certificate] = leave.own_certificates  # type: ignore[attr-defined]
    newest = certificates[-1] if certificates else None
    known = [leave.expected_last_day, *(each.period.last_day for each in certificates)]
    return ReportedRow(
        leave=leave,
        certificates=certificates,
        until=max((day for day in known if day is not None), default=None),
        is_follow_up=newest.is_follow_up if newest else None,
    )


def page_of_leaves(
    employer: Employer, *, show: str, text: str, page: str | int
) -> tuple[Page[SickLeave], list[ReportedRow]]:
    """One page of reported leaves, the newest first; `show` is one of SHOWN_LEAVES."""
    leaves = find_leaves(employer)
    if show != "all":
        leaves = leaves.filter(withdrawn_at__isnull=show == "reported")
    if text:
        leaves = leaves.filter(_fits(text, "person__"))
    found = Paginator(leaves.order_by("-first_day", "-pk"), PAGE_SIZE).get_page(page)
    return found, [describe_leave(leave) for leave in found.object_list]


def find_persons(employer: Employer, text: str) -> list[Person]:
    """People of an employer whose name or personnel number fits, some at most.

    A whole personnel number, alone or in brackets behind a name, means one person.
    """
    people = Person.objects.filter(employer=employer)
    in_brackets = _NUMBER_AT_END.search(text)
    number = in_brackets.group(1) if in_brackets else text
    exact = people.filter(personnel_number=number.strip()).first()
    if exact is not None:
        return [exact]
    order = (name_order("last_name"), name_order("first_name"), "personnel_number")
    return list(people.filter(_fits(text, "")).order_by(*order)[:MOST_HITS])


def _fits(text: str, prefix: str) -> Q:
    condition = Q()
    for word in text.replace(",", " ").split():
        condition &= (
            Q(**{f"{prefix}last_name__icontains": word})
            | Q(**{f"{prefix}first_name__icontains": word})
            | Q(**{f"{prefix}personnel_number__istartswith": word})
        )
    return condition


def has_own_access(claim: Claim) -> bool:
    """Whether the insured person ever made a link of this claim its own with a PIN.

    From then on the employer hands out no other, also when that link is over: it could open the
    new one itself, and see what the person has told since.
    """
    return PersonLink.objects.filter(claim=claim, pin_set_at__isnull=False).exists()
