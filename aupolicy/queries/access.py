"""Who may do what for whom on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from aupolicy.models import (
    INSURER_ROLES,
    BrokerAuthority,
    Grant,
    GroupContract,
    Right,
    Role,
    User,
)

_ORDER = list(Right)
_EMPLOYER_RIGHTS = {
    Role.EMPLOYER_READER: Right.READ,
    Role.EMPLOYER_EDITOR: Right.EDIT,
    Role.EMPLOYER_ADMIN: Right.ADMIN,
}
# What the insurer's own people may do in an employer's room.
_INSURER_RIGHTS = {
    Role.CLERK: Right.EDIT,
    Role.EXAMINER: Right.READ,
    Role.FINANCE: Right.READ,
    Role.AUDITOR: Right.READ,
}


@dataclass(frozen=True, slots=True)
class Rights:
    """Everything a user may do on a day.

    `roles` are those at the insurer; `employers` the user's own (id -> right); `brokers` those
    the user works for; `clients` the employers with a contract through one of these (id -> right
    by the employer's authority, None where it gave none and only figures may be seen).
    """

    roles: frozenset[Role] = frozenset()
    employers: Mapping[int, Right] = field(default_factory=dict)
    brokers: frozenset[int] = frozenset()
    clients: Mapping[int, Right | None] = field(default_factory=dict)

    @property
    def is_insurer(self) -> bool:
        """Whether the user is one of the insurer's own people, who see everything."""
        return bool(self.roles)

    def right_for(self, employer_id: int) -> Right | None:
        """The widest right the user has for an employer, None without any."""
        rights = [
            self.employers.get(employer_id),
            self.clients.get(employer_id),
            *(_INSURER_RIGHTS[role] for role in self.roles),
        ]
        return max((r for r in rights if r is not None), key=_ORDER.index, default=None)


def includes(held: Right | None, needed: Right) -> bool:
    """Whether a right held is at least the one needed."""
    return held is not None and _ORDER.index(held) >= _ORDER.index(needed)


def get_rights(user: User, day: date) -> Rights:
    """What a user may do on a day, from the grants and authorities in force."""
    grants = Grant.objects.filter(user=user, period__contains=day)
    roles: set[Role] = set()
    employers: dict[int, Right] = {}
    brokers: set[int] = set()
    for text, employer_id, broker_id in grants.values_list("role", "employer_id", "broker_id"):
        role = Role(text)
        if role in INSURER_ROLES:
            roles.add(role)
        elif role is Role.BROKER:
            brokers.add(broker_id)
        else:
            right = _EMPLOYER_RIGHTS[role]
            employers[employer_id] = max(employers.get(employer_id, right), right, key=_ORDER.index)
    clients = list_clients(brokers, day) if brokers else {}
    return Rights(frozenset(roles), employers, frozenset(brokers), clients)


def list_clients(brokers: set[int], day: date) -> dict[int, Right | None]:
    """Employers with a contract through some brokers, and what those may do for them."""
    clients: dict[int, Right | None] = dict.fromkeys(
        GroupContract.objects.filter(broker__in=brokers).values_list("employer_id", flat=True)
    )
    given = BrokerAuthority.objects.filter(broker__in=brokers, period__contains=day)
    for employer_id, right in given.values_list("employer_id", "right"):
        if employer_id in clients:
            clients[employer_id] = Right(right)
    return clients


def has_role(user: User, roles: set[Role], day: date) -> bool:
    """Whether a user holds one of some roles on a day."""
    return Grant.objects.filter(user=user, role__in=roles, period__contains=day).exists()
