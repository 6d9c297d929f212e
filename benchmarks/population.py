"""A constructed insurer of any size, made from a seed and brought in by COPY.

Everything happens in one month: most people are covered all of it, some join, leave, come back
or earn differently from the middle on, and some contracts begin on the 15th.
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
# Cover inside the month, in per mille of all members.
JOINED, LEFT, RAISED, RETURNED = 30, 20, 30, 10


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
    for table, columns, rows in (
        ("aupolicy_employer", _EMPLOYER, drawn.employers()),
        ("aupolicy_groupcontract", "id, number, employer_id, period", drawn.contracts()),
        ("aupolicy_contractversion", _VERSION, drawn.versions()),
        ("members_person", _PERSON, drawn.persons()),
        ("members_membership", "contract_id, person_id, period, end_reason", drawn.memberships()),
    ):
        _copy(connection, table, columns, rows)
    # Pays point at memberships; both were drawn in the same order, so their ids agree.
    _copy(connection, "members_insuredpay", "membership_id, period, amount", drawn.pays())
    for table in _WITH_IDS:
        connection.execute(_SET_SEQUENCE.format(sql.Literal(table), sql.Identifier(table)))
    for table in (*_WITH_IDS, "members_membership", "members_insuredpay"):
        connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))


_SET_SEQUENCE = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), MAX(id)) FROM {}")
_WITH_IDS = ("aupolicy_employer", "aupolicy_groupcontract", "members_person")
_EMPLOYER = (
    "id, legal_name, street, building_number, postal_code, town, country, betriebsnummer,"
    " contact_name, contact_email, contact_phone"
)
_VERSION = (
    "contract_id, period, tariff_key, co_insures_directors, pre_notification_days, collection_day"
)
_PERSON = "id, employer_id, personnel_number, first_name, last_name, birth_date"


def _copy(connection: Connection, table: str, columns: str, rows: Iterator[str]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL(f"COPY {table} ({columns}) FROM STDIN")) as copy,
    ):
        for row in rows:
            copy.write(row)


class _Draw:
    """Rows of every table as COPY text. Cover is drawn twice, alike, since nothing is kept."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.month = population.month

    def employers(self) -> Iterator[str]:
        for number, _ in enumerate(self.population.sizes, 1):
            yield f"{number}\tFirma {number:05d}\tWeg\t{number}\t99084\tErfurt\tDE\t\t\t\t\n"

    def contracts(self) -> Iterator[str]:
        for number, _ in enumerate(self.population.sizes, 1):
            yield f"{number}\tGV-{number:06d}\t{number}\t[{self._start(number)},)\n"

    def versions(self) -> Iterator[str]:
        rng = random.Random(self.population.seed + 1)  # noqa: S311
        for number, _ in enumerate(self.population.sizes, 1):
            percent = rng.random() < PERCENT_TARIFF_SHARE
            tariff = "percent-2026" if percent else "bau-2016"
            yield f"{number}\t[{self._start(number)},)\t{tariff}\tf\t14\t{1 + number % 28}\n"

    def persons(self) -> Iterator[str]:
        for person, contract in self._people():
            birth_date = date(1962 + person % 44, 1 + person % 12, 1 + person % 28)
            yield f"{person}\t{contract}\tP{person:07d}\tVorname\tName {person}\t{birth_date}\n"

    def memberships(self) -> Iterator[str]:
        for contract, person, cover in self._covers():
            for first_day, end, _ in cover:
                reason = "EMPLOYMENT_ENDED" if end else ""
                yield f"{contract}\t{person}\t[{first_day},{end})\t{reason}\n"

    def pays(self) -> Iterator[str]:
        membership = 0
        for _, _, cover in self._covers():
            for first_day, end, pays in cover:
                membership += 1
                ends = [day for day, _ in pays[1:]] + [end]
                for (day, cents), until in zip(pays, ends, strict=True):
                    amount = f"{cents // 100}.{cents % 100:02d}"
                    yield f"{membership}\t[{max(day, first_day)},{until})\t{amount}\n"

    def _start(self, contract: int) -> date:
        """Every 25th contract begins in the middle of the month."""
        first_day = self.month.first_day
        return first_day if contract % 25 else first_day.replace(day=15)

    def _people(self) -> Iterator[tuple[int, int]]:
        person = 0
        for contract, size in enumerate(self.population.sizes, 1):
            for _ in range(size):
                person += 1
                yield person, contract

    def _covers(self) -> "Iterator[tuple[int, int, list[_Cover]]]":
        rng = random.Random(self.population.seed + 2)  # noqa: S311
        for person, contract in self._people():
            yield contract, person, _draw_cover(rng, self._start(contract), self.month)


_Cover = tuple[date, date | str, list[tuple[date, int]]]
"""First day, day after the last ("" for none), and (day, cents of monthly pay) from that day on."""


def _draw_cover(rng: random.Random, start: date, month: Month) -> list[_Cover]:
    pay = _draw_pay(rng)
    fate = rng.randrange(1000)
    room = (month.last_day - start).days
    day = start + timedelta(days=rng.randint(1, room - 3))
    if fate < JOINED:
        return [(day, "", [(day, pay)])]
    if fate < JOINED + LEFT:
        return [(start, day, [(start, pay)])]
    if fate < JOINED + LEFT + RAISED:
        return [(start, "", [(start, pay), (day, pay + rng.randint(1, 90_000))])]
    if fate < JOINED + LEFT + RAISED + RETURNED:
        back = day + timedelta(days=2)
        return [(start, day, [(start, pay)]), (back, "", [(back, pay)])]
    return [(start, "", [(start, pay)])]


def _draw_pay(rng: random.Random) -> int:
    """Monthly gross in cents, around 2,900 euros; half of them in full ten euros."""
    cents = min(1_500_000, max(45_000, round(rng.lognormvariate(math.log(290_000), 0.35))))
    return cents // 1_000 * 1_000 if rng.random() < 0.5 else cents
