"""Cases of arrears: what is not paid and nobody is to collect, and what was done about it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from aupolicy.models import GroupContract, User, append_only, public_id, rows_kept, set_once
from billing.facts.arrears import StepKind
from billing.models.open_item import OpenItem

# Each is declared once in a case.
_ONCE = (
    StepKind.PAYMENT_REQUEST,
    StepKind.FIRST_NOTICE,
    StepKind.REMINDER,
    StepKind.BENEFIT_FREEDOM,
    StepKind.TERMINATION,
    StepKind.WITHDRAWAL,
    StepKind.REVIVAL,
    StepKind.PAID,
)
# § 38 (1) VVG: no reminder gives less.
_IN_TWO_WEEKS = models.ExpressionWrapper(
    models.F("day") + models.Value(14), output_field=models.DateField()
)


class ArrearsCase(models.Model):
    """Arrears of a contract (Mahnfall); one is open at a time.

    `is_first_premium`: the first premium is among them, so § 37 VVG applies. `needs_request`:
    premium was collected by us before, so it is to be sent only after a request (§ 33 (2)).
    """

    public_id = public_id()
    contract = models.ForeignKey(
        GroupContract, on_delete=models.PROTECT, related_name="arrears_cases"
    )
    opened_on = models.DateField("eröffnet")
    is_first_premium = models.BooleanField("Erstbeitrag (§ 37 VVG)")
    needs_request = models.BooleanField("erst nach Zahlungsaufforderung (§ 33 Abs. 2 VVG)")
    closed_on = models.DateField("abgeschlossen", null=True, blank=True)

    class Meta:
        verbose_name = "Mahnfall"
        verbose_name_plural = "Mahnfälle"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(closed_on=None), name="arrears_case_open_once"
            )
        ]
        triggers: ClassVar = [
            rows_kept("arrears_cases_are_kept"),
            set_once("arrears_case_stands", "closed_on"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.opened_on}"


class ArrearsItem(models.Model):
    """An open item of a case: what it began with, and what was charged in it."""

    case = models.ForeignKey(ArrearsCase, on_delete=models.PROTECT, related_name="items")
    open_item = models.ForeignKey(OpenItem, on_delete=models.PROTECT, related_name="arrears_items")

    class Meta:
        verbose_name = "Posten eines Mahnfalls"
        verbose_name_plural = "Posten der Mahnfälle"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "open_item"], name="arrears_item_once")
        ]
        triggers: ClassVar = [append_only("arrears_item_append_only")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.open_item_id}"


class ArrearsStep(models.Model):
    """What happened in a case (Mahnschritt). A letter follows from it; see `documents`.

    `deadline` is the last day to pay that a letter names or a clerk gave; of a stop, its last day.
    `first_day` is the day it has effect from: freedom from benefit, the day of payment. The sums
    are what was open then, in EUR; `items` says so item by item. `contract_end` is the last day of
    the contract by a termination, `previous_end` the one before it.
    """

    case = models.ForeignKey(ArrearsCase, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField("Nummer")
    kind = models.CharField(
        "Schritt",
        max_length=20,
        choices=[
            (StepKind.PAYMENT_REQUEST.value, "Zahlungsaufforderung (§ 33 Abs. 2 VVG)"),
            (StepKind.FIRST_NOTICE.value, "Mitteilung zum Erstbeitrag (§ 37 Abs. 2 VVG)"),
            (StepKind.REMINDER.value, "qualifizierte Mahnung (§ 38 Abs. 1 VVG)"),
            (StepKind.BENEFIT_FREEDOM.value, "Leistungsfreiheit (§ 37 Abs. 2, § 38 Abs. 2 VVG)"),
            (StepKind.TERMINATION.value, "Kündigung (§ 38 Abs. 3 VVG)"),
            (StepKind.WITHDRAWAL.value, "Rücktritt (§ 37 Abs. 1 VVG)"),
            (StepKind.REVIVAL.value, "Kündigung unwirksam (§ 38 Abs. 3 Satz 3 VVG)"),
            (StepKind.PAID.value, "gezahlt"),
            (StepKind.STOP.value, "angehalten"),
            (StepKind.RESUME.value, "fortgesetzt"),
            (StepKind.EXTENSION.value, "Frist verlängert"),
            (StepKind.RECEIPT.value, "Zugang an einem anderen Tag"),
            (StepKind.RELEASE.value, "freigegeben"),
        ],
    )
    day = models.DateField("Tag")
    deadline = models.DateField("Frist bis", null=True, blank=True)
    first_day = models.DateField("wirksam ab", null=True, blank=True)
    premium = models.DecimalField("Beitrag", max_digits=14, decimal_places=2, default=0)
    interest = models.DecimalField("Zinsen", max_digits=14, decimal_places=2, default=0)
    costs = models.DecimalField("Kosten", max_digits=14, decimal_places=2, default=0)
    items = models.JSONField("Posten", default=list)
    combined = models.BooleanField("mit Kündigung zum Fristablauf", default=False)
    contract_end = models.DateField("Vertragsende", null=True, blank=True)
    previous_end = models.DateField("Vertragsende zuvor", null=True, blank=True)
    reason = models.CharField("Grund", max_length=300, blank=True)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("erfasst")

    class Meta:
        verbose_name = "Mahnschritt"
        verbose_name_plural = "Mahnschritte"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "position"], name="arrears_step_in_order"),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(kind__in=[kind.value for kind in _ONCE]),
                name="arrears_step_once",
            ),
            models.CheckConstraint(
                name="arrears_reminder_gives_two_weeks",
                condition=~Q(kind=StepKind.REMINDER.value) | Q(deadline__gte=_IN_TWO_WEEKS),
            ),
            models.CheckConstraint(
                name="arrears_step_by_hand_has_reason",
                condition=~Q(kind__in=[StepKind.STOP.value, StepKind.EXTENSION.value])
                | ~Q(reason=""),
            ),
        ]
        triggers: ClassVar = [append_only("arrears_step_append_only")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.kind} {self.day}"
