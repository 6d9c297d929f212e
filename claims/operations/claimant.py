"""What the insured person tells about a claim: an account, consents, where to be reached."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from schwifty import IBAN

from aupolicy.kernel.identifiers import UnableToReadIban, bic_of, parse_iban
from aupolicy.kernel.period import ONE_DAY, Period
from aupolicy.models import Role, User, WorkItem
from aupolicy.operations.work import close_work, open_work
from aupolicy.queries import has_role
from claims.facts import Channel
from claims.facts.consent import ConsentKind
from claims.models import Claim, Consent, Contact, DocumentRequest, Payee
from claims.operations.changing import changing
from claims.operations.requests import close_request, plan_review
from claims.queries.claimant import missing_consents
from claims.queries.parameters import get_consent
from claims.rules.wording import find_medical_text

LONGEST_HOLDER = 70
_LONGEST_NAME = 142
_SIGNS = frozenset(" .,'’-–/&+()0123456789")
# An account is checked before the next payment could need it.
_CHECK_WITHIN = timedelta(days=2)
_GERMAN_POSTAL_CODE = re.compile(r"[0-9]{5}")
_WITHDRAWN = "Einwilligung widerrufen: Wie geht es weiter?"


class UnableToGiveAccount(ValueError):
    """An account that is not taken or not checked; the error never holds number or name.

    `code` is NOT_ALLOWED, HOLDER_MISSING, HOLDER_UNREADABLE (letters a bank cannot print),
    IBAN_WRONG, NOT_SEPA, TOO_EARLY (before today), REASON_MISSING (somebody else's account),
    MEDICAL_TEXT, GIVEN_BY_SAME (the second pair of eyes is missing) or CHANGED (since it was
    looked at).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str] = {}


class UnableToDeclare(ValueError):
    """A declaration that is not taken; `code` is NAME_MISSING or NOT_GIVEN (to be withdrawn)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str] = {}


class UnableToSaveContact(ValueError):
    """`code` is ADDRESS_INCOMPLETE, POSTAL_CODE_WRONG (Germany: five digits) or EMAIL_WRONG."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str] = {}


def give_account(
    *,
    claim: Claim,
    holder: str,
    iban: str,
    first_day: date,
    channel: Channel,
    user: User | None,
    is_person: bool = True,
    reason: str = "",
    now: datetime,
) -> Payee:
    """The account that benefit is paid to from a day on; the one before ends the day before.

    A change that was told but has not begun is replaced. The same account again changes nothing.
    Nothing is paid to it before `check_account`; the examiners get work. From the insured person
    (`user` None) or an examiner. Raises UnableToGiveAccount.
    """
    _check_giver(channel, user, now)
    holder, reason = " ".join(holder.split()), reason.strip()
    _check_words(holder, reason, is_person=is_person)
    iban = _read_iban(iban)
    given = {
        "is_person": is_person,
        "holder": holder,
        "iban": iban,
        "bic": bic_of(iban) or "",
        "reason": reason,
        "channel": channel.value,
        "given_at": now,
        "given_by": user,
    }
    with changing(person_id=claim.person_id, user=user, now=now) as today:
        if first_day < today:
            raise UnableToGiveAccount("TOO_EARLY")
        payee, is_new = _write_account(claim, given, Period(first_day), today)
        if is_new:
            _ask_to_check(claim, today, now)
        _close_request(claim, now)
    return payee


def _check_giver(channel: Channel, user: User | None, now: datetime) -> None:
    by_person = channel is Channel.PERSON and user is None
    if not by_person and (user is None or not _is_examiner(user, now)):
        raise UnableToGiveAccount("NOT_ALLOWED")


def _is_examiner(user: User, now: datetime) -> bool:
    return has_role(user, {Role.EXAMINER}, timezone.localdate(now))


def _check_words(holder: str, reason: str, *, is_person: bool) -> None:
    if not holder:
        raise UnableToGiveAccount("HOLDER_MISSING")
    # Umlauts and accents are written out for banks; signs and other scripts cannot be.
    readable = all(char in _SIGNS or "LATIN" in unicodedata.name(char, "") for char in holder)
    if len(holder) > LONGEST_HOLDER or not readable or not any(map(str.isalpha, holder)):
        raise UnableToGiveAccount("HOLDER_UNREADABLE")
    if not is_person and not reason:
        raise UnableToGiveAccount("REASON_MISSING")
    if find_medical_text(reason):
        raise UnableToGiveAccount("MEDICAL_TEXT")


def _read_iban(text: str) -> str:
    try:
        iban = parse_iban(text)
    except UnableToReadIban:
        raise UnableToGiveAccount("IBAN_WRONG") from None
    if not IBAN(iban).in_sepa_zone:
        raise UnableToGiveAccount("NOT_SEPA")
    return iban


def _write_account(
    claim: Claim, given: dict[str, object], period: Period, today: date
) -> tuple[Payee, bool]:
    """The row of an account and whether there is anything new about it.

    Rows are kept, so one that has not begun, or begins on the same day, is written over; its
    history stays.
    """
    rows = list(claim.payees.order_by("period"))
    kept = [row for row in rows if row.period.first_day < min(period.first_day, today + ONE_DAY)]
    others = rows[len(kept) :]
    current = kept[-1] if kept else None
    if current and not others and _same(current, given):
        return current, False
    if len(others) == 1 and others[0].period == period and _same(others[0], given):
        return others[0], False
    before = period.first_day - ONE_DAY
    if current and (current.period.last_day or date.max) > before:
        _end(current, before)
    if others:
        payee = _write_over(others, given, period)
    else:
        payee = Payee.objects.create(claim=claim, period=period, **given)
    # A planned change was put off: the account goes on until then.
    if current and (current.period.last_day or date.max) < before:
        _end(current, before)
    return payee, True


def _end(row: Payee, last_day: date) -> None:
    row.period = Period(row.period.first_day, last_day)
    row.save(update_fields=["period"])


def _write_over(others: list[Payee], given: dict[str, object], period: Period) -> Payee:
    """One row for the new account; where another was planned as well, both name it."""
    starts = [period.first_day, *(row.period.first_day for row in others[1:])]
    ends = [start - ONE_DAY for start in starts[1:]]
    # The last first: periods may not overlap in between.
    for row, start, end in reversed(list(zip(others, starts, [*ends, None], strict=True))):
        for name, value in given.items():
            setattr(row, name, value)
        row.checked_at = row.checked_by = None
        row.period = Period(start, end)
        row.save()
    return others[0]


def _same(row: Payee, given: dict[str, object]) -> bool:
    return all(getattr(row, name) == given[name] for name in ("holder", "iban", "is_person"))


def _ask_to_check(claim: Claim, today: date, now: datetime) -> None:
    open_work(
        kind=WorkItem.Kind.PAYEE,
        titles={claim.pk: f"Konto prüfen, Fall {claim.number}"},
        employer=None,
        due=today + _CHECK_WITHIN,
        now=now,
    )


def check_account(*, payee: Payee, user: User, now: datetime) -> Payee:
    """An examiner other than who gave it confirms an account; from now on it is paid to.

    `payee` is as it was shown: if somebody changed it meanwhile, it is looked at anew.
    Raises UnableToGiveAccount (NOT_ALLOWED, GIVEN_BY_SAME, CHANGED).
    """
    if not _is_examiner(user, now):
        raise UnableToGiveAccount("NOT_ALLOWED")
    claim = payee.claim
    with changing(person_id=claim.person_id, user=user, now=now):
        rows = list(claim.payees.filter(checked_at=None))
        shown = next((row for row in rows if row.pk == payee.pk), None)
        if shown is None:
            return Payee.objects.get(pk=payee.pk)
        if shown.given_at != payee.given_at:
            raise UnableToGiveAccount("CHANGED")
        if shown.given_by_id == user.pk:
            raise UnableToGiveAccount("GIVEN_BY_SAME")
        for row in rows:
            if (row.holder, row.iban, row.given_at) == (shown.holder, shown.iban, shown.given_at):
                row.checked_at, row.checked_by = now, user
                row.save(update_fields=["checked_at", "checked_by"])
        if not claim.payees.filter(checked_at=None).exists():
            close_work(kind=WorkItem.Kind.PAYEE, subjects=[claim.pk], now=now, by=user)
    shown.refresh_from_db()
    return shown


def give_consent(
    *,
    claim: Claim,
    kind: ConsentKind,
    language: str,
    name: str,
    channel: Channel,
    user: User | None,
    now: datetime,
) -> Consent:
    """A declaration in today's wording, kept with it; given already, it stays as it was.

    `name` is what the person wrote under it. Raises UnableToDeclare (NAME_MISSING).
    """
    asked = get_consent(kind, language)
    name = _read_name(name)
    with changing(person_id=claim.person_id, user=user, now=now):
        last = _last_word(claim, kind)
        if last is not None and last.given and last.version == asked.version:
            return last
        consent = Consent.objects.create(
            claim=claim,
            kind=kind.value,
            version=asked.version,
            wording=f"{asked.title}\n\n{asked.text}",
            name=name,
            channel=channel.value,
            given_at=now,
            recorded_by=user,
        )
        _close_request(claim, now)
    return consent


def withdraw_consent(
    *,
    claim: Claim,
    kind: ConsentKind,
    name: str,
    channel: Channel,
    user: User | None,
    now: datetime,
) -> Consent:
    """Take a declaration back for the future; an examiner looks at what follows.

    Raises UnableToDeclare (NAME_MISSING, NOT_GIVEN).
    """
    name = _read_name(name)
    with changing(person_id=claim.person_id, user=user, now=now) as today:
        last = _last_word(claim, kind)
        if last is None or not last.given:
            raise UnableToDeclare("NOT_GIVEN")
        withdrawal = Consent.objects.create(
            claim=claim,
            kind=kind.value,
            version=last.version,
            wording=last.wording,
            given=False,
            name=name,
            channel=channel.value,
            given_at=now,
            recorded_by=user,
        )
        plan_review(claim=claim, due_on=today, question=_WITHDRAWN, user=None, now=now)
    return withdrawal


def _read_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise UnableToDeclare("NAME_MISSING")
    return name[:_LONGEST_NAME]


def _last_word(claim: Claim, kind: ConsentKind) -> Consent | None:
    return claim.consents.filter(kind=kind.value).order_by("pk").last()


def save_contact(
    *,
    claim: Claim,
    street: str = "",
    postal_code: str = "",
    town: str = "",
    country: str = "DE",
    email: str = "",
    phone: str = "",
    user: User | None,
    now: datetime,
) -> Contact:
    """Where the insured person is reached about a claim. Raises UnableToSaveContact."""
    street, postal_code, town, email, phone = (
        " ".join(text.split()) for text in (street, postal_code, town, email, phone)
    )
    if any((street, postal_code, town)) and not all((street, postal_code, town)):
        raise UnableToSaveContact("ADDRESS_INCOMPLETE")
    if country == "DE" and postal_code and not _GERMAN_POSTAL_CODE.fullmatch(postal_code):
        raise UnableToSaveContact("POSTAL_CODE_WRONG")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise UnableToSaveContact("EMAIL_WRONG") from None
    values = {
        "street": street,
        "postal_code": postal_code,
        "town": town,
        "country": country,
        "email": email,
        "phone": phone,
        "changed_at": now,
    }
    with changing(person_id=claim.person_id, user=user, now=now):
        contact, _ = Contact.objects.update_or_create(claim=claim, defaults=values)
    return contact


def _close_request(claim: Claim, now: datetime) -> None:
    """Account and declarations are asked for together, and have come once both are there."""
    if missing_consents(claim) or not claim.payees.exists():
        return
    kind = DocumentRequest.Kind.ACCOUNT.value
    for request in claim.requests.filter(kind=kind, closed_at=None):
        close_request(request=request, received=True, user=None, now=now)
