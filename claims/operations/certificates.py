"""What certificates of incapacity say: certified from and to, never why."""

from datetime import date, datetime

from aupolicy.kernel.period import Period
from aupolicy.models import User
from aupolicy.operations.fence import ALL, acting_within
from claims.facts import CertificateSource, Channel
from claims.models import Certificate, MedicalDocument, SickLeave
from claims.operations.changing import changing, check_days, withdraw_row

# A certificate of more than a year has a wrong year in one of its days.
LONGEST_CERTIFICATE_DAYS = 366


class UnableToAddCertificate(ValueError):
    """A certificate that cannot be added; `code` says why.

    NO_END, BEFORE_LEAVE (`first_day` of the leave), TOO_LONG (`days` at most), KNOWN,
    ESTABLISHED_IN_FUTURE, LEAVE_WITHDRAWN.
    """

    def __init__(self, code: str, **params: date | int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def add_certificate(
    *,
    sick_leave: SickLeave,
    period: Period,
    is_follow_up: bool,
    established_on: date | None,
    accident: bool,
    source: CertificateSource,
    channel: Channel,
    document: MedicalDocument | None = None,
    user: User | None,
    now: datetime,
) -> Certificate:
    """Record what a certificate says: certified from and to, never why.

    Raises UnableToAddCertificate.
    """
    with changing(person_id=sick_leave.person_id, user=user, now=now) as today:
        certificate = Certificate(
            sick_leave=SickLeave.objects.get(pk=sick_leave.pk),
            period=period,
            is_follow_up=is_follow_up,
            established_on=established_on,
            accident=accident,
            source=source.value,
            channel=channel.value,
            document=document,
            recorded_by=user,
            received_at=now,
        )
        check_and_add(certificate, today)
    return certificate


def check_and_add(certificate: Certificate, today: date) -> None:
    """Save a certificate that may be, inside of `changing`; raises UnableToAddCertificate."""
    check_days(
        certificate.sick_leave,
        certificate.period,
        longest=LONGEST_CERTIFICATE_DAYS,
        unable=UnableToAddCertificate,
    )
    if certificate.established_on is not None and certificate.established_on > today:
        raise UnableToAddCertificate("ESTABLISHED_IN_FUTURE")
    if is_known(certificate):
        raise UnableToAddCertificate("KNOWN")
    certificate.save()


def is_known(certificate: Certificate) -> bool:
    """Whether a certificate that says the same is there already."""
    same = Certificate.objects.filter(
        sick_leave=certificate.sick_leave_id,
        period=certificate.period,
        source=certificate.source,
        withdrawn_at=None,
    )
    return same.filter(established_on=certificate.established_on).exists()


def withdraw_certificate(*, certificate: Certificate, user: User | None, now: datetime) -> None:
    """Take back a certificate that was recorded by mistake; again does nothing."""
    with acting_within(ALL):
        person_id = SickLeave.objects.values_list("person_id", flat=True).get(
            pk=certificate.sick_leave_id
        )
    with changing(person_id=person_id, user=user, now=now):
        withdraw_row(Certificate.objects.get(pk=certificate.pk), user, now)
