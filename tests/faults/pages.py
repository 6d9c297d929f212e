"""The same steps as people do them: by the pages of the portal, which answer with what happened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aupolicy.models import User
from billing.models import BillingRun, Statement
from documents.tasks import issue_statement_letters
from portal.templatetags.portal import typed_day

_DAYS_TO_BANK = timedelta(days=7)


def _ask(method: str, name: str, *arguments: Any, **form: str) -> dict[str, Any]:
    """What a page answers to somebody of finance: its status, and its text."""
    client = Client(headers={"accept-language": "de"})
    client.force_login(User.objects.get(username="fred"))
    response = getattr(client, method)(reverse(f"insurer:{name}", args=arguments), form)
    text = b"".join(response) if response.streaming else response.content
    return {"status": response.status_code, "text": text.decode(errors="replace")}


def collect() -> dict[str, Any]:
    """Make a collection of everything due."""
    day = typed_day(timezone.localdate() + _DAYS_TO_BANK)
    return _ask("post", "new_collection", due=day)


def order() -> dict[str, Any]:
    """Order the benefit that is due."""
    day = typed_day(timezone.localdate() + _DAYS_TO_BANK)
    return _ask("post", "new_payout_order", day=day)


def letter() -> dict[str, Any]:
    """Open the letter of a statement, which is made when it is asked for."""
    statement = Statement.objects.filter(number__isnull=False).order_by("number")[0]
    return _ask("get", "statement_file", statement.pk)


def letters() -> dict[str, Any]:
    """What the page of the run says of its letters."""
    return _ask("get", "run_letters", f"{_get_run().month:%Y-%m}")


def run() -> dict[str, Any]:
    """What the page of the run says of its progress."""
    return _ask("get", "run", f"{_get_run().month:%Y-%m}")


def work_at_letters() -> None:
    """What a worker does about the letters."""
    issue_statement_letters(_get_run().pk)


def _get_run() -> BillingRun:
    return BillingRun.objects.get()


PAGES: dict[str, Callable[[], Any]] = {
    "page.collect": collect,
    "page.order": order,
    "page.letter": letter,
    "page.letters": letters,
    "page.run": run,
    "task.letters": work_at_letters,
}
