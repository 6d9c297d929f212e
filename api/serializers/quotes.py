"""How quotes look."""

from typing import Any

from rest_framework import serializers

from api.parsing.quotes import LINE_FIELDS, MOST_LINES, QUOTE_FIELDS
from api.serializers.shapes import make_shape, money
from api.serializers.tariffs import PERCENT

NewQuoteLine = make_shape("NewQuoteLine", "Some people with the same pay.", LINE_FIELDS)
NewQuote = make_shape(
    "NewQuote",
    "A payroll to be priced, without names.",
    QUOTE_FIELDS,
    {"payroll": NewQuoteLine(many=True, min_length=1, max_length=MOST_LINES)},
)


class QuoteBandSerializer(serializers.Serializer[Any]):
    """People of one wage band; a percent tariff has one row without band and bounds."""

    number = serializers.IntegerField(allow_null=True)
    above = money("Monthly gross pay above this.", allow_null=True)
    up_to = money("Up to and including this.", allow_null=True)
    premium = money("Of one person and month.", allow_null=True)
    benefit = money("Of one person and month.", allow_null=True)
    insured = serializers.IntegerField()
    payroll = money("Monthly gross pay of all.")
    total_premium = money("Monthly premium of all.")
    percent_of_people = serializers.RegexField(r"^[0-9]+\.[0-9]$")


class QuoteSerializer(serializers.Serializer[Any]):
    """What a payroll costs."""

    number = serializers.CharField(
        allow_null=True, help_text="Under which it is kept; null for an employer's key."
    )
    tariff = serializers.CharField()
    tariff_valid_from = serializers.DateField()
    start = serializers.DateField()
    insured = serializers.IntegerField()
    payroll = money("Monthly gross pay of all.")
    premium = money("Monthly premium of all.")
    yearly_premium = money("Of twelve months.")
    percent_of_payroll = serializers.RegexField(PERCENT)
    average_pay = money("Monthly, of one person.")
    average_premium = money("Monthly, of one person.")
    bands = QuoteBandSerializer(many=True)
