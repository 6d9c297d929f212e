"""Which people of a large batch can be planned apart, so that few are held at the same time."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from aupolicy.models import GroupContract
from members.facts import Notice, NoticeKind
from members.queries.recorded import find_linked

PEOPLE_AT_ONCE = 2_500


def split_by_people(
    contract: GroupContract, notices: Sequence[Notice], *, people_at_once: int = PEOPLE_AT_ONCE
) -> Iterator[list[int]]:
    """The places of the notices, in groups that do not depend on each other.

    All notices of a person are in one group, in their order. People depend on each other only by
    references: whose reference is another's too, or who has or had a notice corrected that may
    set one free, is in the first group, however many they are.
    """
    if len(notices) <= people_at_once:
        if notices:
            yield list(range(len(notices)))
        return
    linked = _find_linked(contract, notices)
    together = [i for i, notice in enumerate(notices) if notice.personnel_number in linked]
    if together:
        yield together
    left = Counter(n.personnel_number for n in notices if n.personnel_number not in linked)
    numbers = list(left)
    if len(numbers) == len(notices):
        # Everybody has one notice: as the places stand.
        yield from _ranges(len(notices), people_at_once)
        return
    group_of = {number: i // people_at_once for i, number in enumerate(numbers)}
    groups: dict[int, list[int]] = defaultdict(list)
    for i, notice in enumerate(notices):
        group = group_of.get(notice.personnel_number)
        if group is not None:
            groups[group].append(i)
    yield from groups.values()


def _ranges(count: int, size: int) -> Iterator[list[int]]:
    for start in range(0, count, size):
        yield list(range(start, min(start + size, count)))


def _find_linked(contract: GroupContract, notices: Sequence[Notice]) -> set[str]:
    """Personnel numbers of people who are to be looked at together."""
    users: dict[str, set[str]] = defaultdict(set)
    corrected = set()
    for notice in notices:
        if notice.reference:
            users[notice.reference].add(notice.personnel_number)
        if notice.kind is NoticeKind.CORRECTION:
            corrected.add(notice.personnel_number)
    on_record, corrected_before = find_linked(contract, list(users))
    for reference, number in on_record:
        users[reference].add(number)
    shared = {number for numbers in users.values() if len(numbers) > 1 for number in numbers}
    return shared | corrected | corrected_before
