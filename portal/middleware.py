"""What has to be done for every page alike."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aupolicy.kernel.file_store import UnableToStoreFile

_INSUFFICIENT_STORAGE = 507
_log = structlog.get_logger(__name__)


class FullStore:
    """Tells people that a file could not be kept, instead of just that something went wrong.

    By then the transaction of the page is taken back: nothing is changed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer of the page."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that says what happened and what to do; None for anything else."""
        if not isinstance(exception, UnableToStoreFile):
            return None
        _log.error("file_not_stored", errno=exception.errno)
        return render(request, "507.html", status=_INSUFFICIENT_STORAGE)
