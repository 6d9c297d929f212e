"""Which employers a transaction may see: the role and settings that row-level security reads."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from aupolicy.facts.scope import OWN_ROLE, SCOPE_SETTINGS, WEB_ROLE
from aupolicy.queries import Rights


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen: `contracts_of` employers' contracts and figures, `people_of` their people.

    Each is a list of ids as PostgreSQL writes arrays. They count in the role of the web only;
    the application's own role sees everything.
    """

    contracts_of: str
    people_of: str
    brokers: str
    role: str = WEB_ROLE

    @classmethod
    def of(cls, rights: Rights, *, employer_id: int | None = None) -> "Scope":
        """What somebody with these rights may see; in the room of one employer only that one."""
        if rights.is_insurer and employer_id is None:
            return ALL
        figures = {*rights.employers, *rights.clients}
        people = {e for e in figures if rights.right_for(e) is not None}
        if employer_id is not None:
            may_see = rights.right_for(employer_id) is not None
            people = {employer_id} if may_see else set()
            figures = people | (figures & {employer_id})
        return cls(_array(figures), _array(people), _array(rights.brokers))


NOTHING = Scope("{}", "{}", "{}")
ALL = Scope("{}", "{}", "{}", role=OWN_ROLE)
_SET = "SELECT " + ", ".join(["set_config(%s, %s, true)"] * len(SCOPE_SETTINGS))
_READ = "SELECT " + ", ".join(["current_setting(%s, true)"] * len(SCOPE_SETTINGS))


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(map(str, sorted(ids))) + "}"


@contextmanager
def acting_within(scope: Scope) -> Iterator[None]:
    """One transaction that sees only what the scope allows, whatever its queries ask for."""
    nested = connection.in_atomic_block
    before = _read() if nested else None
    with transaction.atomic():
        _set(scope)
        yield
        # The settings would outlive a savepoint; they end by themselves with a transaction.
        if before is not None:
            _set(before)


def _read() -> Scope:
    with connection.cursor() as cursor:
        cursor.execute(_READ, SCOPE_SETTINGS)
        role, contracts_of, people_of, brokers = (text or "" for text in cursor.fetchone())
    return Scope(contracts_of, people_of, brokers, role)


def _set(scope: Scope) -> None:
    values = (scope.role, scope.contracts_of, scope.people_of, scope.brokers)
    pairs = zip(SCOPE_SETTINGS, values, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_SET, [text for pair in pairs for text in pair])
