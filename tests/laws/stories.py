"""Stories for the laws: some contracts, notices that arrive when they like, and billing runs."""

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
# Around the bounds of the bands, and anything.
PAYS = st.one_of(
    st.sampled_from([0, 100_000, 100_001, 250_000, 250_001, 400_000, 400_001]),
    st.integers(0, 1_200_000),
).map(lambda cents: Decimal(cents).scaleb(-2))


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
def stories(draw: st.DrawFn, most_notices: int = 9) -> Story:
    """Any story of one or two contracts with up to three people each."""
    earlier = st.integers(0, 13).map(Month(2026, 1).plus)
    months = [*sorted(draw(st.sets(earlier, max_size=3))), LAST_MONTH]
    contracts = draw(st.lists(agreements(len(months)), min_size=1, max_size=2))
    arrivals = draw(
        st.lists(
            arrivals_of(contracts, runs=len(months)),
            min_size=1,
            max_size=most_notices,
            # The same said twice about one day is one notice; when it came in does not count.
            unique_by=lambda a: (a.contract, a.notice.kind, a.notice.personnel_number,
                                 a.notice.effective, a.notice.pay),
        )
    )  # fmt: skip
    slice_members = draw(st.sampled_from([1, 20_000]))
    said = tuple(arrival for arrival in arrivals if not _returns_from_nowhere(arrival, arrivals))
    return Story(tuple(contracts), said, tuple(months), slice_members)


def _returns_from_nowhere(arrival: Arrival, arrivals: list[Arrival]) -> bool:
    """Whether somebody is said to return who has never been said to join before."""
    return arrival.notice.kind is NoticeKind.RETURN and not any(
        other.notice.kind is NoticeKind.JOIN
        and other.contract == arrival.contract
        and other.notice.personnel_number == arrival.notice.personnel_number
        and other.notice.effective <= arrival.notice.effective
        for other in arrivals
    )


def agreements(runs: int) -> st.SearchStrategy[Agreed]:
    """A contract to be signed; what becomes of it may be known before any of the runs."""
    known = st.none() | st.integers(0, runs - 1)
    later = st.integers(0, 11).map(Month(2026, 3).plus)
    return st.builds(Agreed, st.sampled_from(STARTS), st.sampled_from(TARIFFS), known, known, later)


@st.composite
def arrivals_of(draw: st.DrawFn, contracts: list[Agreed], *, runs: int) -> Arrival:
    """A notice that takes effect at any time from its contract's beginning to the last month."""
    number = draw(st.integers(0, len(contracts) - 1))
    start = contracts[number].start
    effective = start + timedelta(days=draw(days_until(LAST_MONTH.last_day - start)))
    kind = NoticeKind(draw(st.sampled_from(["JOIN", *KINDS])))
    pay = draw(PAYS) if kind in {NoticeKind.JOIN, NoticeKind.PAY_CHANGE} else None
    if kind is NoticeKind.RETURN:
        pay = draw(st.none() | PAYS)
    # Received within the months that a notice may reach back.
    received = effective + timedelta(days=draw(st.integers(-40, 300)))
    said = notice(kind, draw(st.sampled_from("ABC")), effective, pay, received)
    return Arrival(number, said, draw(st.integers(0, runs - 1)))


def days_until(span: timedelta) -> st.SearchStrategy[int]:
    """Days after the beginning: often none or in the first weeks, where things collide."""
    return st.one_of(st.just(0), st.integers(0, 60), st.integers(0, span.days))
