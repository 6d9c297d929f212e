"""How tariffs look."""

from typing import Any

from rest_framework import serializers

from api.serializers.shapes import money
from aupolicy.facts import TariffKind

PERCENT = r"^[0-9]+\.[0-9]{4}$"


class BandSerializer(serializers.Serializer[Any]):
    """A wage band: monthly gross pay above `above`, up to and including `up_to`."""

    number = serializers.IntegerField()
    above = money("Monthly gross pay.")
    up_to = money("Monthly gross pay; null in the last band.", allow_null=True)
    premium = money("Of one person and full month.")
    benefit = money("Monthly benefit.")


class ExclusionSerializer(serializers.Serializer[Any]):
    """A case in which no benefit is paid."""

    code = serializers.CharField()
    text_de = serializers.CharField()
    text_en = serializers.CharField()


class TariffVersionSerializer(serializers.Serializer[Any]):
    """A tariff as it stands from a day on, until the next version."""

    valid_from = serializers.DateField()
    kind = serializers.ChoiceField(
        choices=[kind.value for kind in TariffKind],
        help_text="banded: by wage band. percent: as percentages of pay.",
    )
    bands = BandSerializer(many=True)
    premium_percent = serializers.RegexField(PERCENT, allow_null=True)
    benefit_percent = serializers.RegexField(PERCENT, allow_null=True)
    largest_benefit = money("Of percent tariffs.", allow_null=True)
    minimum_age = serializers.IntegerField(help_text="In years.")
    deferral_days = serializers.IntegerField(
        help_text="Days of a leave without benefit; it is paid from the next."
    )
    benefit_until_day = serializers.IntegerField(help_text="Last day of a leave with benefit.")
    retro_months = serializers.IntegerField(
        help_text="How far back a notice may take effect without a clerk."
    )
    ahead_months = serializers.IntegerField(help_text="How far ahead.")
    cancellation_months = serializers.IntegerField(
        help_text="Notice to the end of a contract year."
    )
    exclusions = ExclusionSerializer(many=True)


class TariffSerializer(serializers.Serializer[Any]):
    """A tariff with all its dated versions, the oldest first."""

    key = serializers.CharField()
    name_de = serializers.CharField()
    name_en = serializers.CharField()
    versions = TariffVersionSerializer(many=True)
