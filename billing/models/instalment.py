"""What is owed, paid in instalments that were agreed."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from aupolicy.models import GroupContract, User, append_only, rows_kept, set_once
from billing.models.open_item import OpenItem

_SUMS = """
IF (SELECT COALESCE(SUM(amount), 0) FROM billing_planneditem WHERE plan_id = NEW.plan_id)
   <> (SELECT COALESCE(SUM(amount), 0) FROM billing_instalment WHERE plan_id = NEW.plan_id)
THEN
    RAISE EXCEPTION 'instalment plan %: instalments and items differ', NEW.plan_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


def _sums(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=_SUMS,
    )


class InstalmentPlan(models.Model):
    """Instalments agreed for what a contract owed on a day (Ratenplan).

    Whether it is kept follows from what was settled since. `ended_on` is set when somebody ends
    it before all of it is paid; from then on everything is due again as it was.
    """

    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, related_name="instalment_plans"
    )
    agreed_on = models.DateField("vereinbart")
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField("Grund")
    ended_on = models.DateField("beendet", null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.TextField("Grund des Endes", blank=True)

    class Meta:
        verbose_name = "Ratenplan"
        verbose_name_plural = "Ratenpläne"
        constraints: ClassVar = [
            models.CheckConstraint(name="instalment_plan_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="instalment_plan_end_has_reason",
                condition=Q(ended_on=None, ended_by=None, end_reason="")
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
            ),
        ]
        triggers: ClassVar = [
            rows_kept("instalment_plans_are_kept"),
            set_once("instalment_plan_stands", "ended_on", "ended_by", "end_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.agreed_on}"


class PlannedItem(models.Model):
    """An open item of a plan with what was open of it when it was agreed, in EUR.

    It is in one plan at a time; `released_on` is the day its plan was ended.
    """

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="items")
    open_item = models.ForeignKey(OpenItem, on_delete=models.PROTECT, related_name="planned")
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)
    released_on = models.DateField("nicht mehr im Plan", null=True, blank=True)

    class Meta:
        verbose_name = "Posten des Ratenplans"
        verbose_name_plural = "Posten der Ratenpläne"
        constraints: ClassVar = [
            models.CheckConstraint(name="planned_item_amount", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                fields=["open_item"],
                condition=Q(released_on=None),
                name="open_item_in_one_plan",
            ),
        ]
        triggers: ClassVar = [
            rows_kept("planned_items_are_kept"),
            set_once("planned_item_stands", "released_on"),
            _sums("planned_item_sums"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.open_item_id}"


class Instalment(models.Model):
    """A part of what a plan pays (Rate), in EUR, due on a day."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="instalments")
    due_date = models.DateField("fällig")
    amount = models.DecimalField("Betrag", max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = "Rate"
        verbose_name_plural = "Raten"
        constraints: ClassVar = [
            models.CheckConstraint(name="instalment_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(fields=["plan", "due_date"], name="instalment_once_a_day"),
        ]
        triggers: ClassVar = [
            append_only("instalment_append_only"),
            _sums("instalment_sums"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.amount} {self.due_date}"
