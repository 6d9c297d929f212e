"""Stories for the laws: some contracts, notices that arrive when they like, and billing runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from aupolicy.facts import Party
from aupolicy.kernel.month import Month
from aupolicy.models import GroupContract
from aupolicy.operations import Terms, agree_terms, receive_cancellation
from members.facts import Notice, NoticeKind
from tests.laws.world import agree, at, bill, notice, tell

TARIFFS = ["bau-2016", "percent-2026"]
STARTS = [date(2026, 1, 1), date(2026, 1, 15), date(2026, 2, 10)]
LAST_MONTH = Month(2027, 3)
KINDS = ["JOIN", "LEAVE", "PAY_CHANGE", "PARENTAL_LEAVE", "RETURN", "DEATH", "NAME_CHANGE"]
STAYS, COMES = ["PAY_CHANGE", "LEAVE", "PARENTAL_LEAVE"], ["RETURN", "RETURN", "JOIN"]
# Within so many days before and after its day a notice is received: inside all limits.
RECEIVED_AFTER = st.integers(-40, 300)
# Around the bounds of the bands, and anything.
PAYS = st.one_of(
    st.sampled_from([0, 100_000, 100_001, 250_000, 250_001, 400_000, 400_001]),
    st.integers(0, 1_200_000),
).map(lambda cents: Decimal(cents).scaleb(-2))


_Said = tuple[int, Notice]
"""A notice, after the index of the contract it is about."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A contract to be signed, and what becomes of it.

    `cancelled` and `renewed` are the runs before which it is known that the contract ends with
    its first year, or has another tariff from a day on; None: never.
    """

    start: date
    tariff: str
    cancelled: int | None
    renewed: int | None
    renewed_from: Month

    @property
    def last_day(self) -> date:
        """The last day of the first contract year."""
        return self.start.replace(year=self.start.year + 1) - timedelta(days=1)

    def tariff_of(self, month: Month) -> str:
        """The tariff that prices a month."""
        if self.renewed is None or month < self.renewed_from:
            return self.tariff
        return next(tariff for tariff in TARIFFS if tariff != self.tariff)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A notice under the contract of an index, known before the run of an index."""

    contract: int
    notice: Notice
    before_run: int


@dataclass(frozen=True, slots=True)
class Story:
    """What happens: runs of some months, the last of which is always the same."""

    contracts: tuple[Agreed, ...]
    arrivals: tuple[Arrival, ...]
    months: tuple[Month, ...]
    slice_members: int

    def tell(self) -> list[GroupContract]:
        """Let it happen; the contracts it was about."""
        contracts = [agree(start=c.start, tariff=c.tariff) for c in self.contracts]
        for index, month in enumerate(self.months):
            for number, contract in enumerate(contracts):
                self._happen(number, contract, index)
            bill(str(month), slice_members=self.slice_members)
        return contracts

    def _happen(self, number: int, contract: GroupContract, before_run: int) -> None:
        """What becomes known about a contract before a run."""
        agreed = self.contracts[number]
        if agreed.renewed == before_run:
            first_day = agreed.renewed_from.first_day
            terms = Terms(agreed.tariff_of(agreed.renewed_from))
            agree_terms(contract=contract, first_day=first_day, terms=terms)
        if agreed.cancelled == before_run:
            receive_cancellation(
                contract=contract,
                party=Party.POLICYHOLDER,
                received_at=at(agreed.start),
                document_name="Kündigung.pdf",
                document=b"Hiermit ...",
            )
        said = [
            a.notice for a in self.arrivals if (a.contract, a.before_run) == (number, before_run)
        ]
        tell(contract, *said)


@st.composite
def stories(draw: st.DrawFn, most_notices: int = 5) -> Story:
    """Any story of one or two contracts: plausible lives, and notices that may fit or not."""
    earlier = st.integers(0, 13).map(Month(2026, 1).plus)
    months = [*sorted(draw(st.sets(earlier, max_size=3))), LAST_MONTH]
    contracts = draw(st.lists(agreements(len(months)), min_size=1, max_size=2))
    said: list[_Said] = []
    for person in draw(st.sets(st.sampled_from("AB"))):
        said += draw(lives(contracts, person))
    said += draw(st.lists(any_notice(contracts), min_size=not said, max_size=most_notices))
    said = _each_at_its_moment(said + draw(swings(said)))
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 3]))):
        said = _each_at_its_moment([*said, draw(corrections(said))])
    slots = [draw(st.integers(0, len(months) - 1)) for _ in said]
    arrivals = arrange(said, slots)
    return Story(tuple(contracts), arrivals, tuple(months), draw(st.sampled_from([1, 20_000])))


def arrange(said: Sequence[_Said], slots: Sequence[int]) -> tuple[Arrival, ...]:
    """Let each notice arrive before the run of its slot, whatever it needs to make sense."""
    return tuple(Arrival(*each, slot) for each, slot in zip(said, slots, strict=True))


def _each_at_its_moment(said: list[_Said]) -> list[_Said]:
    """Give each a minute of its own, and its sender's reference where it repeats an earlier one.

    The same said again without a reference is known already; the law is about notices that all
    count.
    """
    found: list[_Said] = []
    for place, (contract, each) in enumerate(said):
        moment = each.received_at.replace(minute=place)
        repeats = any(
            (contract, each.reference) == (c, n.reference) and _says_so_too(each, n)
            for c, n in found
        )
        reference = f"again-{place}" if repeats else each.reference
        found.append((contract, replace(each, received_at=moment, reference=reference)))
    return found


def _says_so_too(one: Notice, other: Notice) -> bool:
    moment = one.received_at
    return one == replace(other, received_at=moment)


@st.composite
def swings(draw: st.DrawFn, said: list[_Said]) -> list[_Said]:
    """Pay of one day that goes somewhere else and back again."""
    changes = [each for each in said if each[1].kind is NoticeKind.PAY_CHANGE]
    if not changes or not draw(st.booleans()):
        return []
    contract, change = draw(st.sampled_from(changes))
    pays = [draw(PAYS), change.pay]
    return [
        (contract, replace(change, pay=pay, received_at=at(_received(draw, change.effective))))
        for pay in pays
    ]


@st.composite
def corrections(draw: st.DrawFn, said: list[_Said]) -> _Said:
    """A correction of anything said, or of something nobody has said.

    What it is to correct gets a reference, in place. It may be said before what it corrects.
    """
    index = draw(st.integers(0, len(said) - 1))
    contract, target = said[index]
    reference = target.reference or f"said-{index}"
    said[index] = (contract, replace(target, reference=reference))
    corrects = draw(st.sampled_from([reference, reference, reference, "nothing"]))
    day = target.effective
    own = draw(st.sampled_from(["", f"correction-{len(said)}"]))
    correction = notice(NoticeKind.CORRECTION, target.personnel_number, day)
    received_at = at(_received(draw, day))
    return contract, replace(correction, corrects=corrects, reference=own, received_at=received_at)


def _received(draw: st.DrawFn, day: date) -> date:
    return day + timedelta(days=draw(RECEIVED_AFTER))


def agreements(runs: int) -> st.SearchStrategy[Agreed]:
    """A contract to be signed; what becomes of it may be known before any of the runs."""
    known = st.none() | st.integers(0, runs - 1)
    later = st.integers(0, 11).map(Month(2026, 3).plus)
    return st.builds(Agreed, st.sampled_from(STARTS), st.sampled_from(TARIFFS), known, known, later)


@st.composite
def lives(draw: st.DrawFn, contracts: list[Agreed], person: str) -> list[_Said]:
    """What is said about a person who joins, earns differently, leaves and comes back."""
    number = draw(st.integers(0, len(contracts) - 1))
    day = contracts[number].start + timedelta(days=draw(st.integers(0, 90)))
    said: list[_Said] = []
    covered = False
    for _ in range(draw(st.sampled_from([1, 3, 5, 7]))):
        kinds = STAYS if covered else COMES if said else ["JOIN"]
        kind = NoticeKind(draw(st.sampled_from(kinds)))
        said.append((number, draw(notice_of(kind, person, day))))
        covered = kind not in {NoticeKind.LEAVE, NoticeKind.PARENTAL_LEAVE}
        day = min(day + timedelta(days=draw(st.integers(0, 100))), LAST_MONTH.last_day)
    return said


@st.composite
def any_notice(draw: st.DrawFn, contracts: list[Agreed]) -> _Said:
    """A notice that takes effect at any time from its contract's beginning to the last month."""
    number = draw(st.integers(0, len(contracts) - 1))
    start = contracts[number].start
    # Often at once or in the first weeks, where things collide.
    span = (LAST_MONTH.last_day - start).days
    days = st.one_of(st.just(0), st.integers(0, 60), st.integers(0, span))
    kind = NoticeKind(draw(st.sampled_from(["JOIN", *KINDS])))
    person = draw(st.sampled_from("ABC"))
    return number, draw(notice_of(kind, person, start + timedelta(days=draw(days))))


@st.composite
def notice_of(draw: st.DrawFn, kind: NoticeKind, person: str, day: date) -> Notice:
    """A notice of a kind, with any pay, received within the months that it may reach back."""
    pay = None
    if kind in {NoticeKind.JOIN, NoticeKind.PAY_CHANGE}:
        pay = draw(PAYS)
    elif kind is NoticeKind.RETURN:
        pay = draw(st.none() | st.none() | PAYS)
    said = notice(kind, person, day, pay, _received(draw, day))
    if kind is NoticeKind.NAME_CHANGE:
        said = replace(said, last_name=draw(st.sampled_from(["Abel", "Bach"])))
    return said
