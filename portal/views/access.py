"""Who may open a page, and the day it is asked for: the one place where views read the clock.

Every view of a room passes one of the three gates here. A gate asks for sign-in and, where
required, for the second factor; finds the rights of the day; tells strangers nothing (404); and
runs the view in one transaction that sees only what these rights allow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from aupolicy.models import INSURER_ROLES, Broker, Employer, Right, Role, User
from aupolicy.operations.acting import name_actor
from aupolicy.operations.fence import ALL, Scope, acting_within
from aupolicy.queries import Rights, get_rights, includes
from portal.views.second_factor import ask_for_second_factor, lacks_second_factor

_SAFE_METHODS = frozenset({"GET", "HEAD"})

P = ParamSpec("P")
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Access:
    """What the person who asks may do in the insurer's room, and the day it is asked on."""

    rights: Rights
    can_write: bool
    today: date

    @property
    def role(self) -> Role:
        """The role shown beside the name: the first of those the person has."""
        return next(role for role in Role if role in self.rights.roles)

    @property
    def sees_money(self) -> bool:
        """Whether runs and collections belong to the person's daily work."""
        return not self.rights.roles.isdisjoint({Role.FINANCE, Role.AUDITOR})

    @property
    def pays(self) -> bool:
        """Whether paying benefit out is the person's work."""
        return Role.FINANCE in self.rights.roles

    @property
    def sees_claims(self) -> bool:
        """Whether claims may be looked at."""
        return not self.rights.roles.isdisjoint({Role.EXAMINER, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class EmployerAccess:
    """What the person who asks may do in the room of an employer.

    `broker` is set for somebody who works for the employer's broker, `as_insurer` for the
    insurer's own people.
    """

    employer: Employer
    right: Right
    rights: Rights
    today: date
    broker_id: int | None = None

    @property
    def can_edit(self) -> bool:
        """Whether notices may be sent."""
        return includes(self.right, Right.EDIT)

    @property
    def can_admin(self) -> bool:
        """Whether users and bank data may be changed."""
        return includes(self.right, Right.ADMIN)

    @property
    def as_insurer(self) -> bool:
        """Whether the person works for the insurer."""
        return self.rights.is_insurer

    @property
    def has_other_rooms(self) -> bool:
        """Whether the person may choose between several rooms."""
        return len(self.rights.employers) + len(self.rights.brokers) > 1


@dataclass(frozen=True, slots=True)
class BrokerAccess:
    """What the person who asks may do in the room of a broker."""

    broker: Broker
    rights: Rights
    today: date


class SignedInRequest(HttpRequest):
    """A request that has passed a gate."""

    user: User
    htmx: HtmxDetails


class InsurerRequest(SignedInRequest):
    """A request that has passed the insurer's gate."""

    access: Access


class EmployerRequest(SignedInRequest):
    """A request that has passed the gate of an employer's room."""

    access: EmployerAccess


class BrokerRequest(SignedInRequest):
    """A request that has passed the gate of a broker's room."""

    access: BrokerAccess


def insurer_room(
    *writers: Role, readers: tuple[Role, ...] = INSURER_ROLES
) -> Callable[
    [Callable[Concatenate[InsurerRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Let in the insurer's people; forms are taken from those with one of the roles only.

    Of the insurer's people those who are neither writers nor `readers` get 403.
    """
    admitted = {*writers, *readers}

    def enter(request: Any, rights: Rights, today: date, _arguments: dict[str, Any]) -> None:
        if not rights.is_insurer:
            raise Http404
        if rights.roles.isdisjoint(admitted):
            raise PermissionDenied
        can_write = not rights.roles.isdisjoint(writers)
        if request.method not in _SAFE_METHODS and not can_write:
            raise PermissionDenied
        request.access = Access(rights=rights, can_write=can_write, today=today)

    return _gate(enter)


def employer_room(
    needed: Right = Right.READ,
) -> Callable[
    [Callable[Concatenate[EmployerRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Let in who may act for the employer of the address at least as far as `needed`.

    The view gets no employer id: it finds the employer in `request.access`. Somebody with less
    than `needed` gets 403, a stranger 404.
    """

    def enter(request: Any, rights: Rights, today: date, arguments: dict[str, Any]) -> None:
        employer_id: int = arguments.pop("employer_id")
        right = rights.right_for(employer_id)
        if right is None:
            raise Http404
        if not includes(right, needed):
            raise PermissionDenied
        request.access = EmployerAccess(
            employer=get_object_or_404(Employer, pk=employer_id),
            right=right,
            rights=rights,
            today=today,
            broker_id=_find_broker(rights, employer_id),
        )

    return _gate(enter)


def _find_broker(rights: Rights, employer_id: int) -> int | None:
    if employer_id in rights.employers or employer_id not in rights.clients:
        return None
    return min(rights.brokers)


def broker_room(
    view: Callable[Concatenate[BrokerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let in who works for the broker of the address; the insurer's people may read."""
    return _gate(_enter_broker())(view)


def broker_people(
    view: Callable[Concatenate[BrokerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The same, but the insurer's clerks may change something too: they invite the first person."""
    return _gate(_enter_broker(Role.CLERK))(view)


def _enter_broker(*writers: Role) -> Callable[[Any, Rights, date, dict[str, Any]], None]:
    """The broker's own people, and of the insurer's only the writers send forms."""

    def enter(request: Any, rights: Rights, today: date, arguments: dict[str, Any]) -> None:
        broker_id: int = arguments.pop("broker_id")
        if broker_id not in rights.brokers and not rights.is_insurer:
            raise Http404
        may_write = broker_id in rights.brokers or not rights.roles.isdisjoint(writers)
        if request.method not in _SAFE_METHODS and not may_write:
            raise PermissionDenied
        request.access = BrokerAccess(
            broker=get_object_or_404(Broker, pk=broker_id), rights=rights, today=today
        )

    return enter


def find_rights(request: Any, today: date) -> Rights:
    """The rights of who asks, looked up once a request."""
    if not hasattr(request, "rights"):
        # Before it is known what somebody may see, the product itself has to look.
        with acting_within(ALL):
            request.rights = get_rights(request.user, today)
    rights: Rights = request.rights
    return rights


def _gate(enter: Callable[[Any, Rights, date, dict[str, Any]], None]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path())
            today = timezone.localdate()
            rights = find_rights(request, today)
            with acting_within(Scope.of(rights, employer_id=kwargs.get("employer_id"))):
                if lacks_second_factor(request, rights):
                    return ask_for_second_factor(request)
                enter(request, rights, today, kwargs)
                if request.method not in _SAFE_METHODS:
                    name_actor(request.user)
                return view(request, *args, **kwargs)

        # The answer is never cached: it holds personal data.
        return never_cache(guarded)

    return decorate


insurer_only = insurer_room(Role.CLERK)
finance_only = insurer_room(Role.FINANCE)
# Claims tell of people's health: nobody else at the insurer needs them.
claims_room = insurer_room(Role.EXAMINER, readers=(Role.AUDITOR,))
medical_room = insurer_room(Role.EXAMINER, readers=())
payouts_room = insurer_room(Role.FINANCE, readers=(Role.EXAMINER, Role.AUDITOR))
