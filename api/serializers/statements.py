"""How statements look."""

from typing import Any

from rest_framework import serializers

from api.queries.statements import PAYMENTS
from api.serializers.shapes import MONTH, money


class StatementSerializer(serializers.Serializer[Any]):
    """A posted statement; it never changes, apart from how it is settled."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    contract = serializers.CharField(help_text="Number of the contract.")
    month = serializers.RegexField(MONTH)
    issued_on = serializers.DateField()
    due_date = serializers.DateField()
    total = money("What it comes to; negative for a credit.")
    tax = money("Insurance tax in the total; 0.00 where the premium is exempt.")
    insured = serializers.IntegerField(help_text="People insured in the month.")
    payroll = money("Their monthly gross pay.")
    lines = serializers.IntegerField(help_text="How many lines it has.")
    payment = serializers.ChoiceField(
        choices=PAYMENTS,
        help_text="collected: it is in a direct debit; open: it will be; credit: it is in your"
        " favour; nothing: nothing is due.",
    )
    collected_on = serializers.DateField(
        allow_null=True, help_text="Due date of the direct debit it is in."
    )


class LineSerializer(serializers.Serializer[Any]):
    """What a statement charges for one person and month: what is owed less what was charged."""

    person = serializers.UUIDField()
    personnel_number = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    covered_month = serializers.RegexField(MONTH)
    covered_days = serializers.IntegerField(help_text="0 where nothing is covered any more.")
    pay = money("Monthly gross pay that the premium follows.", allow_null=True)
    band = serializers.IntegerField(allow_null=True)
    amount = money("Negative where less is owed than was charged.")
