"""Applications: handed over by the broker, accepted or declined by the insurer, once."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from aupolicy.kernel.identifiers import parse_iban
from aupolicy.models import Application, Employer, GroupContract, Right, User, WorkItem
from aupolicy.operations import Terms, give_authority
from aupolicy.operations.work import close_work, open_work
from billing.facts.debit import Scheme
from billing.models import NumberSeries
from billing.operations.contracts import SignedMandate, record_agreed
from billing.queries.applications import list_problems

# An applicant hears within a week.
ANSWER_WITHIN = timedelta(days=7)
_STATUS = Application.Status


class ApplicationIncomplete(ValueError):
    """An application that cannot be handed over or accepted; `problems` is field -> code."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {code}" for name, code in problems.items()))
        self.problems = problems


class UnableToDecideApplication(ValueError):
    """An application in another state than the step needs; `code` is the state or NO_REASON."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def hand_over_application(*, application: Application, by: User, now: datetime) -> Application:
    """Give a complete application to the insurer, where it becomes work.

    Raises ApplicationIncomplete with every problem, and UnableToDecideApplication for one that
    was handed over before.
    """
    with transaction.atomic():
        application = _lock(application, _STATUS.DRAFT)
        today = timezone.localdate(now)
        problems = list_problems(application, today)
        if problems:
            raise ApplicationIncomplete(problems)
        application.status = _STATUS.HANDED_OVER
        application.handed_over_at, application.handed_over_by = now, by
        application.save(update_fields=["status", "handed_over_at", "handed_over_by"])
        open_work(
            kind=WorkItem.Kind.APPLICATION,
            titles={application.pk: application.legal_name},
            employer=application.employer,
            due=today + ANSWER_WITHIN,
            now=now,
        )
    return application


def accept_application(
    *,
    application: Application,
    by: User,
    now: datetime,
    creditor_identifier: str,
    employer: Employer | None = None,
) -> GroupContract:
    """Make the application a contract: employer, terms, mandate and the broker's authority.

    `employer` is one that is known already; else a new one is recorded. Raises
    ApplicationIncomplete and UnableToDecideApplication.
    """
    with transaction.atomic():
        application = _lock(application, _STATUS.HANDED_OVER)
        today = timezone.localdate(now)
        problems = list_problems(application, today)
        if problems:
            raise ApplicationIncomplete(problems)
        contract = _record(application, employer, creditor_identifier)
        if application.broker is not None and application.gives_authority:
            give_authority(
                employer=contract.employer,
                broker=application.broker,
                right=Right(application.gives_authority),
                first_day=today,
                given_by=by,
            )
        application.contract, application.employer = contract, contract.employer
        _settle(application, _STATUS.ACCEPTED, by, now, "")
    return contract


def decline_application(
    *, application: Application, by: User, now: datetime, reason: str
) -> Application:
    """Decline an application with a reason that the broker reads.

    Raises UnableToDecideApplication.
    """
    if not reason.strip():
        raise UnableToDecideApplication("NO_REASON")
    with transaction.atomic():
        application = _lock(application, _STATUS.HANDED_OVER)
        _settle(application, _STATUS.DECLINED, by, now, reason.strip())
    return application


def _lock(application: Application, needed: Application.Status) -> Application:
    # Without a join, or the joined rows would be those of before the wait.
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.status != needed:
        raise UnableToDecideApplication(application.status.upper())
    return application


def _record(
    application: Application, employer: Employer | None, creditor_identifier: str
) -> GroupContract:
    number = take_contract_number(application.start)
    assert application.mandate_signed_on is not None  # noqa: S101 -- list_problems has looked
    return record_agreed(
        number=number,
        employer=employer or _new_employer(application),
        broker=application.broker,
        start=application.start,
        terms=Terms(
            tariff_key=application.tariff_key,
            co_insures_directors=application.co_insures_directors,
        ),
        mandate=SignedMandate(
            creditor_identifier=creditor_identifier,
            reference=f"{number}-1",
            signed_on=application.mandate_signed_on,
            account_holder=application.account_holder,
            iban=parse_iban(application.iban),
            scheme=Scheme(application.scheme),
        ),
    )


_EMPLOYER_FIELDS = (
    "legal_name",
    "street",
    "building_number",
    "postal_code",
    "town",
    "betriebsnummer",
    "contact_name",
    "contact_email",
    "contact_phone",
)


def _new_employer(application: Application) -> Employer:
    return Employer(**{name: getattr(application, name) for name in _EMPLOYER_FIELDS})


def take_contract_number(start: date) -> str:
    """The next free number of the year a contract begins in: GV-2027-0001.

    Of two who ask at once the second waits. Numbers that came with a file of contracts are
    stepped over.
    """
    prefix = f"GV-{start.year}-"
    key = f"contract-{start.year}"
    NumberSeries.objects.get_or_create(key=key)
    series = NumberSeries.objects.select_for_update().get(key=key)
    digits = Cast(Substr("number", len(prefix) + 1), IntegerField())
    taken = GroupContract.objects.filter(number__regex=rf"^{prefix}[0-9]{{1,9}}$")
    series.last = max(series.last, taken.aggregate(last=Max(digits))["last"] or 0) + 1
    series.save(update_fields=["last"])
    return f"{prefix}{series.last:04d}"


def _settle(
    application: Application, status: Application.Status, by: User, now: datetime, note: str
) -> None:
    application.status, application.decision_note = status, note
    application.decided_by, application.decided_at = by, now
    application.save()
    close_work(kind=WorkItem.Kind.APPLICATION, subjects=[application.pk], now=now, by=by, note=note)
