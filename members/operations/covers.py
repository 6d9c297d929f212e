"""Writing the covers that follow from notices: only what differs from the tables."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from aupolicy.kernel.period import Period
from aupolicy.models import GroupContract
from members.facts import Cover
from members.models import InsuredPay, Membership

BATCH = 2_000


def save_covers(contract: GroupContract, covers: dict[int, tuple[Cover, ...]]) -> None:
    """Write the difference between the covers that follow and the memberships on record."""
    recorded: dict[int, list[Membership]] = defaultdict(list)
    for membership in (
        Membership.objects.filter(contract=contract, person_id__in=list(covers))
        .prefetch_related("pays")
        .order_by("id")
    ):
        recorded[membership.person_id].append(membership)
    changes = _CoverChanges(contract)
    for person_id, desired in covers.items():
        changes.plan(person_id, desired, recorded[person_id])
    changes.save()


class _CoverChanges:
    """Collects what differs, so that a file of any length takes a handful of statements.

    A membership keeps its identity (papers and claims point at it): it is matched by its first
    day, else in order. One that no longer follows from any notice stays as a row without period.
    """

    def __init__(self, contract: GroupContract) -> None:
        self.contract = contract
        self.new: list[Membership] = []
        self.changed: list[Membership] = []
        self.stale_pays: list[int] = []
        self.pays: list[tuple[Membership, Cover]] = []

    def plan(self, person_id: int, desired: tuple[Cover, ...], recorded: list[Membership]) -> None:
        free = list(recorded)
        matches = [self._take(free, cover.period.first_day) for cover in desired]
        for index, cover in enumerate(desired):
            membership = matches[index] or (free.pop(0) if free else None)
            self._set(person_id, membership, cover)
        for membership in free:
            self._void(membership)

    @staticmethod
    def _take(free: list[Membership], first_day: date) -> Membership | None:
        for membership in free:
            if membership.period and membership.period.first_day == first_day:
                free.remove(membership)
                return membership
        return None

    def _set(self, person_id: int, membership: Membership | None, cover: Cover) -> None:
        reason = cover.end_reason.value if cover.end_reason else ""
        if membership is None:
            membership = Membership(contract=self.contract, person_id=person_id)
            self.new.append(membership)
        elif (membership.period, membership.end_reason) != (cover.period, reason):
            self.changed.append(membership)
        membership.period, membership.end_reason = cover.period, reason
        self._set_pays(membership, cover)

    def _set_pays(self, membership: Membership, cover: Cover) -> None:
        recorded: set[tuple[Period, Decimal]] = set()
        if membership.pk is not None:
            recorded = {(pay.period, pay.amount) for pay in membership.pays.all()}
        if recorded == {(pay.period, pay.amount) for pay in cover.pays}:
            return
        if membership.pk is not None:
            self.stale_pays.append(membership.pk)
        self.pays.append((membership, cover))

    def _void(self, membership: Membership) -> None:
        if membership.period is not None:
            membership.period, membership.end_reason = None, ""
            self.changed.append(membership)
            self.stale_pays.append(membership.pk)

    def save(self) -> None:
        InsuredPay.objects.filter(membership_id__in=self.stale_pays).delete()
        Membership.objects.bulk_update(self.changed, ["period", "end_reason"], batch_size=BATCH)
        Membership.objects.bulk_create(self.new, batch_size=BATCH)
        InsuredPay.objects.bulk_create(
            [
                InsuredPay(membership=membership, period=pay.period, amount=pay.amount)
                for membership, cover in self.pays
                for pay in cover.pays
            ],
            batch_size=BATCH,
        )
