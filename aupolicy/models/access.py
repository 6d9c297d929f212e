"""Who signs in, for whom they may act, and who invited them."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from aupolicy.models.agreement import Broker, Employer
from aupolicy.models.fields import PeriodField
from aupolicy.models.user import User


class Role(models.TextChoices):
    """What a grant allows. The first four are the insurer's own people."""

    CLERK = "clerk", "Sachbearbeitung"
    EXAMINER = "examiner", "Leistungsprüfung"
    FINANCE = "finance", "Finanzen"
    AUDITOR = "auditor", "Revision (nur lesen)"
    BROKER = "broker", "Vermittlung"
    EMPLOYER_ADMIN = "employer_admin", "Verwaltung beim Arbeitgeber"
    EMPLOYER_EDITOR = "employer_editor", "Meldung beim Arbeitgeber"
    EMPLOYER_READER = "employer_reader", "Einsicht beim Arbeitgeber"


INSURER_ROLES = (Role.CLERK, Role.EXAMINER, Role.FINANCE, Role.AUDITOR)
EMPLOYER_ROLES = (Role.EMPLOYER_ADMIN, Role.EMPLOYER_EDITOR, Role.EMPLOYER_READER)


def _party_fits_role() -> Q:
    """A role of the insurer has no party, one of a broker its broker, of an employer its own."""
    return (
        Q(role__in=INSURER_ROLES, employer=None, broker=None)
        | Q(role=Role.BROKER, employer=None, broker__isnull=False)
        | Q(role__in=EMPLOYER_ROLES, employer__isnull=False, broker=None)
    )


class Grant(models.Model):
    """A right of a user for a period, given by somebody; it is ended, not deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField("Rolle", max_length=20, choices=Role.choices)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    broker = models.ForeignKey(
        Broker, on_delete=models.PROTECT, null=True, blank=True, related_name="grants"
    )
    period = PeriodField("Zeitraum")
    given_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="grants_given"
    )
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="grants_ended"
    )

    class Meta:
        verbose_name = "Berechtigung"
        verbose_name_plural = "Berechtigungen"
        indexes: ClassVar = [models.Index(fields=["user", "role"])]
        constraints: ClassVar = [
            models.CheckConstraint(name="grant_party_fits_role", condition=_party_fits_role())
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class Right(models.TextChoices):
    """How far somebody may act for an employer; each includes the ones before."""

    READ = "read", "einsehen"
    EDIT = "edit", "einsehen und melden"
    ADMIN = "admin", "verwalten"


class BrokerAuthority(models.Model):
    """What an employer lets its broker do in its name (Vollmacht); ended, not deleted.

    Without one a broker sees the figures of its contracts, but nobody's name.
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="authorities")
    broker = models.ForeignKey(Broker, on_delete=models.PROTECT, related_name="authorities")
    right = models.CharField("Umfang", max_length=10, choices=Right.choices)
    period = PeriodField("Zeitraum")
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "Vollmacht"
        verbose_name_plural = "Vollmachten"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="broker_authority_one_at_a_time",
                expressions=[
                    ("employer", RangeOperators.EQUAL),
                    ("broker", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.employer_id}/{self.broker_id}: {self.right}"


class Invitation(models.Model):
    """An invitation by e-mail to take a role. Of its secret only the SHA-256 is kept."""

    email = models.EmailField("E-Mail")
    role = models.CharField("Rolle", max_length=20, choices=Role.choices)
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    broker = models.ForeignKey(
        Broker, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    secret_sha256 = models.CharField("SHA-256 des Geheimnisses", max_length=64, unique=True)
    language = models.CharField("Sprache", max_length=5, default="de")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField("eingeladen")
    expires_at = models.DateTimeField("gültig bis")
    accepted_at = models.DateTimeField("angenommen", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("zurückgezogen", null=True, blank=True)

    class Meta:
        verbose_name = "Einladung"
        verbose_name_plural = "Einladungen"
        constraints: ClassVar = [
            models.CheckConstraint(name="invitation_party_fits_role", condition=_party_fits_role())
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.role}"
