"""Who may open a page, and the day it is asked for: the one place where views read the clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from aupolicy.models import Role, User
from aupolicy.queries import has_role

_SAFE_METHODS = frozenset({"GET", "HEAD"})

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Access:
    """What the person who asks may do, and the day it is asked on."""

    role: Role
    today: date

    @property
    def can_write(self) -> bool:
        """Whether buttons that change something are shown and obeyed."""
        return self.role is Role.CLERK


class InsurerRequest(HttpRequest):
    """A request that has passed `insurer_only`."""

    user: User
    htmx: HtmxDetails
    access: Access


def insurer_only(
    view: Callable[Concatenate[InsurerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let in clerks, and auditors to read; send the rest to sign in or tell them nothing.

    A signed-in stranger gets 404, so that addresses do not tell what exists; an auditor who
    sends a form gets 403. The answer is never cached: it holds personal data.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        access = _find_access(request.user, timezone.localdate())
        if access is None:
            raise Http404
        if request.method not in _SAFE_METHODS and not access.can_write:
            raise PermissionDenied
        request.access = access  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return never_cache(guarded)


def _find_access(user: User, today: date) -> Access | None:
    for role in (Role.CLERK, Role.AUDITOR):
        if has_role(user, {role}, today):
            return Access(role=role, today=today)
    return None
