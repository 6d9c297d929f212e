"""Assistance from the first day of a leave: cases, providers, orders, what they cost, feedback."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from aupolicy.models import Employer, User, rows_kept
from claims.facts import AssistanceKind
from claims.models.case import CHANNEL_CHOICES, Claim
from members.models import Person

ASSISTANCE_CHOICES = [
    (AssistanceKind.HOTLINE.value, "medizinische Telefonauskunft"),
    (AssistanceKind.MEALS.value, "Menüservice"),
    (AssistanceKind.SHOPPING.value, "Einkäufe"),
    (AssistanceKind.ESCORT.value, "Begleitung und Fahrdienst"),
    (AssistanceKind.CLEANING.value, "Reinigung und Wäsche"),
    (AssistanceKind.CHILD_CARE.value, "Kinderbetreuung"),
]


class Provider(models.Model):
    """Somebody who does the work (Dienstleister)."""

    name = models.CharField("Name", max_length=140, unique=True)
    kinds = ArrayField(
        models.CharField(max_length=20, choices=ASSISTANCE_CHOICES), verbose_name="Leistungen"
    )
    region = models.CharField("Gebiet", max_length=140, blank=True)
    phone = models.CharField("Telefon", max_length=40, blank=True)
    email = models.EmailField("E-Mail", blank=True)
    active = models.BooleanField("aktiv", default=True)

    class Meta:
        verbose_name = "Dienstleister"
        verbose_name_plural = "Dienstleister"

    def __str__(self) -> str:
        return self.name


class AssistanceCase(models.Model):
    """What a person asked for (Assistance-Leistung). The employer may count them, not see them."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="assistance_cases")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assistance_cases")
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, related_name="assistance_cases"
    )
    kind = models.CharField("Leistung", max_length=20, choices=ASSISTANCE_CHOICES)
    wish = models.TextField("Wunsch", blank=True)
    channel = models.CharField("Weg", max_length=10, choices=CHANNEL_CHOICES)
    opened_at = models.DateTimeField("angefragt")
    opened_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField("abgeschlossen", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(
        "Ergebnis",
        max_length=20,
        blank=True,
        choices=[
            ("done", "erbracht"),
            ("not_needed", "nicht mehr gebraucht"),
            ("not_possible", "nicht möglich"),
        ],
    )

    class Meta:
        verbose_name = "Assistance-Fall"
        verbose_name_plural = "Assistance-Fälle"
        triggers: ClassVar = [rows_kept("assistance_cases_are_kept")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.kind}"


class AssistanceOrder(models.Model):
    """An order to a provider; costs in EUR, agreed before and charged after."""

    case = models.ForeignKey(AssistanceCase, on_delete=models.PROTECT, related_name="orders")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="orders")
    service_on = models.DateField("Tag der Leistung")
    what = models.CharField("Auftrag", max_length=200)
    agreed_cost = models.DecimalField("vereinbart", max_digits=10, decimal_places=2)
    ordered_at = models.DateTimeField("beauftragt")
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField("erbracht", null=True, blank=True)
    cost = models.DecimalField(
        "abgerechnet", max_digits=10, decimal_places=2, null=True, blank=True
    )
    cancelled_at = models.DateTimeField("abgesagt", null=True, blank=True)

    class Meta:
        verbose_name = "Auftrag"
        verbose_name_plural = "Aufträge"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="assistance_costs",
                condition=Q(agreed_cost__gte=0) & (Q(cost=None) | Q(cost__gte=0)),
            )
        ]
        triggers: ClassVar = [rows_kept("assistance_orders_are_kept")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.provider_id}"


class AssistanceFeedback(models.Model):
    """What the person says about a case: 1 (bad) to 5 (very good), and a word."""

    case = models.OneToOneField(AssistanceCase, on_delete=models.PROTECT, related_name="feedback")
    score = models.PositiveSmallIntegerField("Note")
    comment = models.TextField("Bemerkung", blank=True)
    given_at = models.DateTimeField("gegeben")

    class Meta:
        verbose_name = "Rückmeldung"
        verbose_name_plural = "Rückmeldungen"
        constraints: ClassVar = [
            models.CheckConstraint(name="feedback_score", condition=Q(score__range=(1, 5)))
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.score}"
