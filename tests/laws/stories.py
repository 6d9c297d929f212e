"""Stories for the laws: some contracts, notices that arrive when they like, and billing runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
KINDS = ["JOIN", "LEAVE", "PAY_CHANGE", "PARENTAL_LEAVE", "RETURN"]
STAYS, COMES = ["PAY_CHANGE", "LEAVE", "PARENTAL_LEAVE"], ["RETURN", "RETURN", "JOIN"]
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
    said = [each for each in _once_each(said) if each[1].kind != "RETURN" or _joins_of(each, said)]
    slots = [draw(st.integers(0, len(months) - 1)) for _ in said]
    arrivals = arrange(said, slots)
    return Story(tuple(contracts), arrivals, tuple(months), draw(st.sampled_from([1, 20_000])))


def arrange(said: Sequence[_Said], slots: Sequence[int]) -> tuple[Arrival, ...]:
    """Let each notice arrive before the run of its slot.

    A return that tells no pay comes no earlier than a joining that does: nobody would know the
    pay, and it would be refused.
    """
    slot_of = dict(zip(said, slots, strict=True))
    return tuple(Arrival(*each, _slot(each, slot_of)) for each in said)


def _slot(each: _Said, slot_of: Mapping[_Said, int]) -> int:
    if each[1].kind is NoticeKind.RETURN and each[1].pay is None:
        return max(slot_of[each], min(slot_of[join] for join in _joins_of(each, slot_of)))
    return slot_of[each]


def _joins_of(returned: _Said, said: Iterable[_Said]) -> list[_Said]:
    """The joinings of the same person that take effect no later."""
    number, notice = returned
    return [
        (contract, other)
        for contract, other in said
        if other.kind is NoticeKind.JOIN
        and contract == number
        and other.personnel_number == notice.personnel_number
        and other.effective <= notice.effective
    ]


def _once_each(said: list[_Said]) -> list[_Said]:
    """The same said twice about one day is one notice; when it came in does not count."""
    return list(
        {
            (contract, n.kind, n.personnel_number, n.effective, n.pay): (contract, n)
            for contract, n in said
        }.values()
    )


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
    return notice(kind, person, day, pay, day + timedelta(days=draw(st.integers(-40, 300))))
