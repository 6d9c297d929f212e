"""How benefits in kind look."""

from typing import Any

from rest_framework import serializers

from api.serializers.shapes import MONTH, money


class BenefitSerializer(serializers.Serializer[Any]):
    """What cover is worth to a person in a month."""

    person = serializers.UUIDField()
    personnel_number = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    of_month = money("Charged for the month on its statement.")
    of_earlier_months = money("Differences of earlier months on this statement.")
    total = money("Both together: what counts in the month.")
    month_value = money("What the month is worth as known now, with later corrections.")
    year_sum = money("The same from January through the month.")
    over_limit = serializers.BooleanField(
        help_text="Whether this value alone is beyond the 50 EUR a month up to which benefits in"
        " kind stay free of tax together (§ 8 (2) sentence 11 EStG)."
    )


class BenefitSumsSerializer(serializers.Serializer[Any]):
    """The sums over all pages."""

    people = serializers.IntegerField()
    of_month = money("For the month.")
    of_earlier_months = money("Differences of earlier months.")
    total = money("Both together.")


class BenefitPageSerializer(serializers.Serializer[Any]):
    """A page of people with the sums over everybody."""

    month = serializers.RegexField(MONTH)
    billed = serializers.BooleanField(help_text="Whether the month is billed yet.")
    items = BenefitSerializer(many=True)
    sums = BenefitSumsSerializer()
    next = serializers.CharField(
        allow_null=True, help_text="`cursor` of the next page; null on the last."
    )
