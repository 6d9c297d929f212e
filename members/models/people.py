"""Insured people. Memberships and pay are derived from notices, never typed in."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable

from aupolicy.models import Employer, GroupContract, PeriodField, public_id
from members.facts import EndReason

END_REASON_WORDS = {
    EndReason.EMPLOYMENT_ENDED: "Arbeitsverhältnis beendet",
    EndReason.DEATH: "verstorben",
    EndReason.PARENTAL_LEAVE: "Elternzeit",
    EndReason.RETIREMENT_AGE: "Regelaltersgrenze",
    EndReason.CONTRACT_ENDED: "Vertragsende",
    EndReason.OTHER: "anderer Grund",
}


class Person(models.Model):
    """A person in the employ of an employer, known by the employer's personnel number."""

    public_id = public_id()
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="persons")
    personnel_number = models.CharField("Personalnummer", max_length=20)
    first_name = models.CharField("Vorname", max_length=70)
    last_name = models.CharField("Nachname", max_length=70)
    birth_date = models.DateField("Geburtsdatum")

    class Meta:
        verbose_name = "Person"
        verbose_name_plural = "Personen"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["employer", "personnel_number"], name="person_personnel_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.last_name}, {self.first_name}"


class Membership(models.Model):
    """Cover of a person under a contract for a period (versicherte Person)."""

    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, related_name="memberships", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    # None: the membership was reported by mistake and never came about.
    period = PeriodField("versichert", null=True)
    end_reason = models.CharField(
        "Grund des Endes",
        max_length=20,
        blank=True,
        choices=[(reason.value, word) for reason, word in END_REASON_WORDS.items()],
    )

    class Meta:
        verbose_name = "Versicherung der Person"
        verbose_name_plural = "Versicherungen der Personen"
        # People of a contract page by page, the last as quick as the first; also for those who
        # ask for the contract alone.
        indexes: ClassVar = [
            models.Index(fields=["contract", "person"], name="membership_of_contract")
        ]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="membership_no_double_cover",
                # Checked at the end of the transaction: one notice may move several periods.
                deferrable=Deferrable.DEFERRED,
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.person_id}"


class InsuredPay(models.Model):
    """Monthly gross pay in EUR that premium and benefit follow, for a period."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="pays")
    period = PeriodField("gültig")
    amount = models.DecimalField("Bemessungsentgelt", max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = "Bemessungsentgelt"
        verbose_name_plural = "Bemessungsentgelte"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="insured_pay_no_overlap",
                # Checked at the end of the transaction: one notice may move several periods.
                deferrable=Deferrable.DEFERRED,
                expressions=[
                    ("membership", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="insured_pay_not_negative", condition=models.Q(amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.amount}"
