"""The gate of the insured person's own page: a link that nobody can guess, and a PIN.

The link leads to one claim and to nothing else. Its PIN is remembered by the browser's session for
half an hour after it was last used. The link is a secret: no answer is cached, and browsers tell
no address of these pages to anybody.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from aupolicy.operations.fence import ALL, acting_within
from claims.models import Claim, PersonLink
from claims.operations.links import find_link
from claims.operations.links import is_open as is_valid
from portal.queries.person_page import follow_joined

REMEMBERED_FOR = timedelta(minutes=30)
_RENEWED_AFTER = timedelta(minutes=1)
_SESSION_KEY = "person_links"
# PINs tried at one link, right or wrong, whatever becomes of the link's own lock.
MOST_TRIES = 20
_TRIES_WITHIN = timedelta(minutes=10)

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class PersonAccess:
    """Whose page it is, and the moment it is asked for."""

    link: PersonLink
    claim: Claim
    token: str
    now: datetime

    @property
    def today(self) -> date:
        """The local day."""
        return timezone.localdate(self.now)


class PersonRequest(HttpRequest):
    """A request that has passed the gate."""

    access: PersonAccess


_View = Callable[Concatenate[PersonRequest, P], HttpResponseBase]
_Guarded = Callable[Concatenate[HttpRequest, str, P], HttpResponseBase]


def person_page(view: _View[P]) -> _Guarded[P]:
    """Let in who opened the link with its PIN; others are asked for it, strangers get 404."""
    guarded: _Guarded[P] = _gate(view, needs_pin=True)
    return guarded


def person_door(view: _View[P]) -> _Guarded[P]:
    """The page where the PIN is set or entered: it needs the link alone."""
    guarded: _Guarded[P] = _gate(view, needs_pin=False)
    return guarded


def _gate(view: Any, *, needs_pin: bool) -> Any:
    @wraps(view)
    def guarded(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = timezone.now()
        with acting_within(ALL):
            link = find_link(token)
            if link is None or not is_valid(link, now):
                return _keep_private(_say_gone(request))
            with translation.override(_language(request, link)):
                request.access = PersonAccess(link, follow_joined(link.claim), token, now)
                if needs_pin and not is_open(request, link, now):
                    return _keep_private(redirect("person:pin", token))
                return _keep_private(view(request, *args, **kwargs))

    return never_cache(guarded)


def _say_gone(request: HttpRequest) -> HttpResponse:
    """One answer for links that never were, are over or were taken back."""
    return render(request, "portal/person/gone.html", {"insurer": settings.INSURER}, status=404)


def _keep_private(response: HttpResponseBase) -> HttpResponseBase:
    # Not "no-referrer": with it browsers send "Origin: null", and no form would be taken.
    # This way they tell where a request comes from, but never the address with its secret.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _language(request: HttpRequest, link: PersonLink) -> str:
    """The language of the link, until the reader chooses another."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return translation.get_language() or "de"
    return link.language


def is_open(request: HttpRequest, link: PersonLink, now: datetime) -> bool:
    """Whether this browser has entered the link's PIN of late; asking counts as using it."""
    known = request.session.get(_SESSION_KEY, {}).get(str(link.pk))
    if known is None or not link.pin_hash or known["pin"] != _digest(link):
        return False
    left = known["until"] - now.timestamp()
    if left < 0:
        return False
    # Not written anew with every page.
    if left < (REMEMBERED_FOR - _RENEWED_AFTER).total_seconds():
        remember(request, link, now)
    return True


def remember(request: HttpRequest, link: PersonLink, now: datetime) -> None:
    """Keep the link open in this browser for a while."""
    links = request.session.get(_SESSION_KEY, {})
    until = (now + REMEMBERED_FOR).timestamp()
    request.session[_SESSION_KEY] = {**links, str(link.pk): {"until": until, "pin": _digest(link)}}


def forget(request: HttpRequest, link: PersonLink) -> None:
    """Close the link in this browser."""
    links = dict(request.session.get(_SESSION_KEY, {}))
    links.pop(str(link.pk), None)
    request.session[_SESSION_KEY] = links


def _digest(link: PersonLink) -> str:
    """Changes with the PIN, and tells nothing of it."""
    return hashlib.sha256(link.pin_hash.encode()).hexdigest()[:16]


def may_try(link: PersonLink) -> bool:
    """Count an attempt at a link's PIN; False once there were too many of late."""
    key = f"person-pin:{link.pk}"
    cache.add(key, 0, timeout=int(_TRIES_WITHIN.total_seconds()))
    try:
        return bool(cache.incr(key) <= MOST_TRIES)
    except ValueError:
        # The counter ran out between the two.
        return True
