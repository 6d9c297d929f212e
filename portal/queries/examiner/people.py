"""Finding the person whose leave an examiner records."""

from dataclasses import dataclass

from django.db.models import Q

from members.models import Membership
from portal.queries.sorting import name_order

MOST_FOUND = 20
SHORTEST = 2
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """Covers found, newest of each person; `has_more`: the text fits others too."""

    memberships: list[Membership]
    has_more: bool


def find_people(text: str) -> FoundPeople:
    """People by the beginning of name or personnel number, or by a part of the contract number."""
    if len(text) < SHORTEST:
        return FoundPeople([], has_more=False)
    condition = Q(period__isnull=False)
    for word in text.replace(",", " ").split()[:_MOST_WORDS]:
        condition &= (
            Q(person__last_name__istartswith=word)
            | Q(person__first_name__istartswith=word)
            | Q(person__personnel_number__istartswith=word)
            | Q(contract__number__icontains=word)
        )
    newest = (
        Membership.objects.filter(condition)
        .order_by("person", "-period", "-pk")
        .distinct("person")
        .values("pk")
    )
    found = list(
        Membership.objects.filter(pk__in=newest)
        .select_related("person", "contract__employer")
        .order_by(name_order("person__last_name"), name_order("person__first_name"), "pk")[
            : MOST_FOUND + 1
        ]
    )
    return FoundPeople(found[:MOST_FOUND], len(found) > MOST_FOUND)
