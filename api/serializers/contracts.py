"""How contracts look."""

from typing import Any

from rest_framework import serializers

from api.serializers.shapes import money
from aupolicy.queries import ContractState


class EmployerSerializer(serializers.Serializer[Any]):
    """The policyholder."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class TermsSerializer(serializers.Serializer[Any]):
    """What is agreed for the day."""

    tariff = serializers.CharField(help_text="Key of the tariff.")
    tariff_valid_from = serializers.DateField(
        allow_null=True, help_text="First day of the tariff's version that prices the day."
    )
    agreed_from = serializers.DateField()
    agreed_until = serializers.DateField(allow_null=True)
    co_insures_directors = serializers.BooleanField(
        help_text="Whether directors and owners are insured too."
    )
    pre_notification_days = serializers.IntegerField(
        help_text="Days between a statement and its direct debit, at least."
    )
    collection_day = serializers.IntegerField(help_text="Day of the month of the direct debit.")


class ContractSerializer(serializers.Serializer[Any]):
    """A group contract as of a day, in figures."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    employer = EmployerSerializer()
    broker = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(
        choices=[state.value for state in ContractState],
        help_text="AGREED: it has not begun. CANCELLED: it runs, and its end is known.",
    )
    first_day = serializers.DateField()
    last_day = serializers.DateField(allow_null=True)
    terms = TermsSerializer(allow_null=True)
    insured = serializers.IntegerField(help_text="How many people are insured on the day.")
    monthly_premium = money("What a full month of all of them costs at the day's pays.")
    may_see_people = serializers.BooleanField(
        help_text="Whether this key may see people; else figures only."
    )
    may_report = serializers.BooleanField(help_text="Whether this key may send notices.")
