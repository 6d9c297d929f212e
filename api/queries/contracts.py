"""The contracts of who asks, by number or public key."""

from uuid import UUID

from django.db.models import Q, QuerySet

from api.facts import Fault, Problem
from aupolicy.models import Employer, GroupContract, Right
from aupolicy.queries.access import Rights, includes

_SHOWN_NUMBERS = 20


def list_contracts(rights: Rights) -> QuerySet[GroupContract]:
    """All contracts of who asks, in a stable order; of a broker those through it."""
    own = Q(employer__in=rights.employers)
    if rights.brokers:
        own |= Q(broker__in=rights.brokers)
    return GroupContract.objects.select_related("employer").filter(own).order_by("pk")


def find_contract(rights: Rights, name: str, *, needed: Right | None = None) -> GroupContract:
    """The contract that is named by its number or key; the only one where none is named.

    Raises Problem: 404 where there is none, 422 where several could be meant, 403 where nothing
    but figures may be seen and `needed` is more.
    """
    found = list(list_contracts(rights).filter(_named(name))[: _SHOWN_NUMBERS + 1])
    if not found:
        raise Problem(404, "NOT_FOUND")
    if len(found) > 1:
        numbers = ", ".join(contract.number for contract in found[:_SHOWN_NUMBERS])
        fault = Fault("MISSING", "contract")
        raise Problem(422, "CONTRACT_MISSING", faults=(fault,), contracts=numbers)
    check_right(rights, found[0].employer_id, needed)
    return found[0]


def check_right(rights: Rights, employer_id: int, needed: Right | None) -> None:
    """Refuse who may see no people of an employer, or report none. Raises Problem (403)."""
    if needed is not None and not includes(rights.right_for(employer_id), needed):
        raise Problem(403, "NO_AUTHORITY")


def find_employer(rights: Rights, name: str, *, needed: Right) -> Employer:
    """Whose people are meant: of the contract that is named, of the only employer where none is.

    Raises Problem as `find_contract` does.
    """
    if not name:
        found = list(Employer.objects.filter(contracts__in=list_contracts(rights)).distinct()[:2])
        if len(found) == 1:
            check_right(rights, found[0].pk, needed)
            return found[0]
    return find_contract(rights, name, needed=needed).employer


def list_employers(rights: Rights, needed: Right = Right.READ) -> list[int]:
    """The employers whose people may be seen, or reported with `needed` EDIT."""
    known = {*rights.employers, *rights.clients}
    return sorted(one for one in known if includes(rights.right_for(one), needed))


def _named(name: str) -> Q:
    if not name:
        return Q()
    key = parse_key(name)
    return Q(public_id=key) if key else Q(number=name)


def parse_key(text: str) -> UUID | None:
    """One of our public keys, None for anything else."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
