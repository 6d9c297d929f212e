"""How insured people look."""

from typing import Any

from rest_framework import serializers

from api.queries.members import STATUSES
from api.serializers.shapes import money
from members.facts import EndReason

_REASONS = [reason.value for reason in EndReason]


class MemberSerializer(serializers.Serializer[Any]):
    """A person under a contract, with the stretch of cover of the day or the nearest one."""

    id = serializers.UUIDField()
    contract = serializers.CharField(help_text="Number of the contract.")
    personnel_number = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    birth_date = serializers.DateField()
    status = serializers.ChoiceField(choices=[one for one in STATUSES if one != "all"])
    insured_from = serializers.DateField()
    insured_until = serializers.DateField(
        allow_null=True, help_text="Last day of cover; null while no end is known."
    )
    end_reason = serializers.ChoiceField(choices=_REASONS, allow_null=True)
    pay = money("Monthly gross pay of the day, else of the nearest day of cover.", allow_null=True)
    band = serializers.IntegerField(
        allow_null=True, help_text="Wage band; null in percent tariffs."
    )
    premium = money("Of a full month at this pay.", allow_null=True)
    benefit = money("Agreed monthly benefit at this pay.", allow_null=True)


class CoverPaySerializer(serializers.Serializer[Any]):
    """Insured pay for a time."""

    first_day = serializers.DateField()
    last_day = serializers.DateField(allow_null=True)
    pay = money("Monthly gross pay.")


class CoverSerializer(serializers.Serializer[Any]):
    """One stretch of cover."""

    contract = serializers.CharField()
    insured_from = serializers.DateField()
    insured_until = serializers.DateField(allow_null=True)
    end_reason = serializers.ChoiceField(choices=_REASONS, allow_null=True)
    pays = CoverPaySerializer(many=True)


class MemberDetailSerializer(MemberSerializer):
    """A person with all cover there was, is and will be."""

    covers = CoverSerializer(many=True)
