"""A constructed insurer of any size, made from a seed and brought in by COPY.

It stands before a month like any other: contracts have run for up to five years and are billed
through the month before, a few are new. Most people are covered all month, some join, leave, come
back or earn differently from the middle on; some have left and come back, or earned less, before.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from psycopg import sql

from aupolicy.kernel.month import Month
from benchmarks.database import Connection

MEDIAN_SIZE = 34
# The largest employer has this share of all members.
LARGEST_SHARE = 0.0567
# Spread of the logarithm of the sizes between the median and the largest.
SIZE_SPREAD = 1.3
PERCENT_TARIFF_SHARE = 0.2
# Every 25th contract is new and begins in the middle of the month.
NEW_CONTRACT = 25
MONTHS_OF_HISTORY = 60
# What happens to people in the month and what happened before, in per mille of all of them.
JOINED, LEFT, RAISED, RETURNED = 30, 20, 30, 10
LEFT_BEFORE, EARNED_LESS_BEFORE = 50, 300


@dataclass(frozen=True, slots=True)
class Population:
    """What is to be made: contract sizes, the month it all begins in, and the seed."""

    sizes: Sequence[int]
    month: Month
    seed: int

    @property
    def members(self) -> int:
        """People altogether."""
        return sum(self.sizes)


def draw_sizes(*, members: int, contracts: int, seed: int) -> list[int]:
    """Contract sizes that add up to `members`: median about 34, the largest above 5 percent."""
    if contracts < 3 or members < contracts * 3:
        raise ValueError("at least 3 contracts with 3 members each on average")
    rng = random.Random(seed)  # noqa: S311 - a reproducible population, no secret
    largest = math.ceil(members * LARGEST_SHARE)
    median = min(MEDIAN_SIZE, members // contracts)
    drawn = sorted(
        max(1, round(rng.lognormvariate(math.log(median), SIZE_SPREAD)))
        for _ in range(contracts - 1)
    )
    # The lower half stays as drawn, the upper half takes up what is missing.
    lower, upper = drawn[: contracts // 2], drawn[contracts // 2 :]
    rest = members - largest - sum(lower)
    scale = rest / sum(upper)
    upper = [min(largest - 1, max(1, math.floor(size * scale))) for size in upper]
    sizes = [*lower, *upper, largest]
    _spread(sizes, members - sum(sizes))
    rng.shuffle(sizes)
    return sizes


def _spread(sizes: list[int], missing: int) -> None:
    """Give what rounding lost to the larger half, one by one."""
    half = len(sizes) // 2
    for index in range(abs(missing)):
        sizes[half + index % (len(sizes) - half - 1)] += 1 if missing > 0 else -1


def load(connection: Connection, population: Population) -> None:
    """Bring the population into an empty, migrated database, and gather statistics.

    The connection commits each statement by itself.
    """
    drawn = _Draw(population)
    tables = (
        ("aupolicy_employer", _EMPLOYER, drawn.employers()),
        ("aupolicy_groupcontract", "id, number, employer_id, period", drawn.contracts()),
        ("aupolicy_contractversion", _VERSION, drawn.versions()),
        ("members_person", _PERSON, drawn.persons()),
        ("members_noticerecord", _NOTICE, drawn.notices()),
        ("members_membership", _MEMBERSHIP, drawn.memberships()),
        ("members_insuredpay", "membership_id, period, amount", drawn.pays()),
        ("billing_billingrun", "id, kind, month, started_at, posted_at", drawn.runs()),
        ("billing_statement", _STATEMENT, drawn.statements()),
        ("billing_numberseries", "key, last", drawn.series()),
    )
    # PostgreSQL takes no COPY where row-level security holds; the owner may lift it.
    fenced = [name for (name,) in connection.execute(_FENCED)]
    for name in fenced:
        connection.execute(_LIFT.format(sql.Identifier(name)))
    for table, columns, rows in tables:
        _copy(connection, table, columns, rows)
    for name in fenced:
        connection.execute(_HOLD.format(sql.Identifier(name)))
    for table in _WITH_IDS:
        connection.execute(_SET_SEQUENCE.format(sql.Literal(table), sql.Identifier(table)))
    connection.execute("VACUUM ANALYZE")


_FENCED = "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind IN ('r', 'p')"
_LIFT = sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY")
_HOLD = sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY")
_SET_SEQUENCE = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), MAX(id)) FROM {}")
_WITH_IDS = (
    "aupolicy_employer",
    "aupolicy_groupcontract",
    "aupolicy_contractversion",
    "members_person",
    "members_noticerecord",
    "members_membership",
    "billing_billingrun",
)
_EMPLOYER = (
    "id, legal_name, street, building_number, postal_code, town, country, betriebsnummer,"
    " contact_name, contact_email, contact_phone, requires_mfa"
)
_VERSION = (
    "id, contract_id, period, tariff_key, co_insures_directors, pre_notification_days,"
    " collection_day"
)
_PERSON = "id, employer_id, personnel_number, first_name, last_name, birth_date"
_MEMBERSHIP = "id, contract_id, person_id, period, end_reason"
_NOTICE = (
    "id, contract_id, personnel_number, kind, effective, received_at, pay, reason, first_name,"
    " last_name, birth_date, employment, occupation, health_insurance, reference, corrects,"
    " channel, source_name, status, codes"
)
_STATEMENT = (
    "contract_id, run_id, month, number, total, line_count, insured_count, payroll,"
    " notices_through, terms_through"
)


def _copy(connection: Connection, table: str, columns: str, rows: Iterator[str]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL(f"COPY {table} ({columns}) FROM STDIN")) as copy,
    ):
        for row in rows:
            copy.write(row)


class _Draw:
    """Rows of every table as COPY text. Cover is drawn anew for each, alike: nothing is kept."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.month = population.month

    def employers(self) -> Iterator[str]:
        for number, _ in self._numbered():
            yield f"{number}\tFirma {number:05d}\tWeg\t{number}\t99084\tErfurt\tDE\t\t\t\t\tf\n"

    def contracts(self) -> Iterator[str]:
        for number, start in self._numbered():
            yield f"{number}\tGV-{number:06d}\t{number}\t[{start},)\n"

    def versions(self) -> Iterator[str]:
        rng = random.Random(self.population.seed + 1)  # noqa: S311
        for number, start in self._numbered():
            percent = rng.random() < PERCENT_TARIFF_SHARE
            tariff = "percent-2026" if percent else "bau-2016"
            yield f"{number}\t{number}\t[{start},)\t{tariff}\tf\t14\t{1 + number % 28}\n"

    def persons(self) -> Iterator[str]:
        for person, contract, _ in self._people():
            number, name, birth_date = _identity(person)
            yield f"{person}\t{contract}\t{number}\tVorname\t{name}\t{birth_date}\n"

    def notices(self) -> Iterator[str]:
        """The notice by which each person joined."""
        for contract, person, cover in self._covers():
            number, name, birth_date = _identity(person)
            first_day, _, pays = cover[0]
            yield (
                f"{person}\t{contract}\t{number}\tJOIN\t{first_day}\t{first_day}\t"
                f"{_euros(pays[0][1])}\t\tVorname\t{name}\t{birth_date}\tregular\t\t\t\t\t"
                "COMMAND\t\tAPPLIED\t[]\n"
            )

    def memberships(self) -> Iterator[str]:
        membership = 0
        for contract, person, cover in self._covers():
            for first_day, end, _ in cover:
                membership += 1
                reason = "EMPLOYMENT_ENDED" if end else ""
                yield f"{membership}\t{contract}\t{person}\t[{first_day},{end})\t{reason}\n"

    def pays(self) -> Iterator[str]:
        membership = 0
        for _, _, cover in self._covers():
            for _, end, pays in cover:
                membership += 1
                ends = [*(day for day, _ in pays[1:]), end]
                for (day, cents), until in zip(pays, ends, strict=True):
                    yield f"{membership}\t[{day},{until})\t{_euros(cents)}\n"

    def runs(self) -> Iterator[str]:
        """The run of the month before, posted."""
        last_month = self.month.plus(-1).first_day
        yield f"1\tpremium\t{last_month}\t{last_month}\t{last_month}\n"

    def statements(self) -> Iterator[str]:
        """What that run told the contracts; how much it was does not matter here."""
        last_month, people = self.month.plus(-1).first_day, self.population.members
        for index, contract in enumerate(self._billed_before(), 1):
            number = f"AB-{self.month.year}-{index:07d}"
            yield (
                f"{contract}\t1\t{last_month}\t{number}\t0.00\t0\t0\t0.00\t{people}\t{contract}\n"
            )

    def series(self) -> Iterator[str]:
        yield f"statement-{self.month.year}\t{len(self._billed_before())}\n"

    def _billed_before(self) -> list[int]:
        first_day = self.month.first_day
        return [number for number, start in self._numbered() if start < first_day]

    def _numbered(self) -> Iterator[tuple[int, date]]:
        """Contracts by number with their first days."""
        for number, _ in enumerate(self.population.sizes, 1):
            if number % NEW_CONTRACT:
                age = 1 + number * 7 % MONTHS_OF_HISTORY
                yield number, self.month.plus(-age).first_day
            else:
                yield number, self.month.first_day.replace(day=15)

    def _people(self) -> Iterator[tuple[int, int, date]]:
        """Every person with the contract and its first day."""
        person = 0
        for (contract, start), size in zip(self._numbered(), self.population.sizes, strict=True):
            for _ in range(size):
                person += 1
                yield person, contract, start

    def _covers(self) -> "Iterator[tuple[int, int, list[_Cover]]]":
        rng = random.Random(self.population.seed + 2)  # noqa: S311
        for person, contract, start in self._people():
            yield contract, person, _draw_cover(rng, start, self.month)


_Cover = tuple[date, date | str, list[tuple[date, int]]]
"""First day, day after the last ("" for none), and (day, cents of monthly pay) from that day on."""


def _identity(person: int) -> tuple[str, str, date]:
    """Personnel number, name and birth date."""
    birth_date = date(1962 + person % 44, 1 + person % 12, 1 + person % 28)
    return f"P{person:07d}", f"Name {person}", birth_date


def _draw_cover(rng: random.Random, start: date, month: Month) -> list[_Cover]:
    """A person's covers, the last of them in the month."""
    pay, fate = _draw_pay(rng), rng.randrange(1000)
    begin = max(start, month.first_day)
    day = begin + timedelta(days=rng.randint(1, (month.last_day - begin).days - 3))
    if fate < JOINED:
        return [(day, "", [(day, pay)])]
    before, joined, pays = _draw_history(rng, start, month, pay)
    if fate < JOINED + LEFT:
        return [*before, (joined, day, pays)]
    if fate < JOINED + LEFT + RAISED:
        raised = (day, pay + rng.randint(1, 90_000))
        return [*before, (joined, "", [*pays, raised])]
    if fate < JOINED + LEFT + RAISED + RETURNED:
        back = day + timedelta(days=2)
        return [*before, (joined, day, pays), (back, "", [(back, pay)])]
    return [*before, (joined, "", pays)]


def _draw_history(
    rng: random.Random, start: date, month: Month, pay: int
) -> tuple[list[_Cover], date, list[tuple[date, int]]]:
    """Covers before, the day of joining, and the pays since then."""
    room = (month.first_day - start).days
    if room < 0:
        return [], start, [(start, pay)]
    joined = start + timedelta(days=rng.randrange(room))
    fate = rng.randrange(1000)
    if fate < LEFT_BEFORE and (joined - start).days > 2:
        left = start + timedelta(days=1)
        return [(start, left, [(start, pay)])], joined, [(joined, pay)]
    if fate < LEFT_BEFORE + EARNED_LESS_BEFORE and (month.first_day - joined).days > 2:
        raised = joined + timedelta(days=1)
        return [], joined, [(joined, max(0, pay - 10_000)), (raised, pay)]
    return [], joined, [(joined, pay)]


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _draw_pay(rng: random.Random) -> int:
    """Monthly gross in cents, around 2,900 euros; half of them in full ten euros."""
    cents = min(1_500_000, max(45_000, round(rng.lognormvariate(math.log(290_000), 0.35))))
    return cents // 1_000 * 1_000 if rng.random() < 0.5 else cents


# Every hundredth person has earned 100 EUR more for three months, which was told after the last
# statement; what they were charged for these months is on record.
_PICKED = """
CREATE TEMPORARY TABLE picked AS
SELECT m.contract_id, m.person_id, n.personnel_number, p.id AS pay_id, p.membership_id,
    p.period, p.amount + 100 AS amount
FROM members_membership m
JOIN members_insuredpay p ON p.membership_id = m.id
JOIN members_person n ON n.id = m.person_id
WHERE m.person_id % 100 = 0 AND lower(p.period) < {since} AND upper_inf(p.period);
CREATE TABLE billing_premiumline_run_1 PARTITION OF billing_premiumline FOR VALUES IN (1);
INSERT INTO billing_premiumline
SELECT s.contract_id, picked.person_id, covered::date, 1, 13.00, 31, picked.amount - 100, 4, NULL
FROM picked JOIN billing_statement s ON s.contract_id = picked.contract_id AND s.run_id = 1
CROSS JOIN generate_series({since}, {last}, INTERVAL '1 month') AS covered;
UPDATE members_insuredpay p SET period = daterange(lower(p.period), {since})
FROM picked WHERE picked.pay_id = p.id;
INSERT INTO members_insuredpay (membership_id, period, amount)
SELECT membership_id, daterange({since}, NULL), amount FROM picked;
INSERT INTO members_noticerecord (contract_id, personnel_number, kind, effective, received_at,
    pay, reason, first_name, last_name, employment, occupation, health_insurance, reference,
    corrects, channel, source_name, status, codes)
SELECT contract_id, personnel_number, 'PAY_CHANGE', {since}, {last}, amount, '', '', '', 'regular',
    '', '', '', '', 'COMMAND', '', 'APPLIED', '[]' FROM picked;
ANALYZE billing_premiumline
"""


def raise_some(connection: Connection, month: Month) -> int:
    """Change a hundredth of the people back through the three months before; how many they are."""
    values = {
        "since": sql.SQL("DATE ") + sql.Literal(month.plus(-3).first_day.isoformat()),
        "last": sql.SQL("DATE ") + sql.Literal(month.plus(-1).first_day.isoformat()),
    }
    with connection.transaction():
        for statement in _PICKED.strip().split(";\n"):
            connection.execute(sql.SQL(statement).format(**values))
    (count,) = connection.execute("SELECT COUNT(*) FROM picked").fetchone() or (0,)
    return int(count)
