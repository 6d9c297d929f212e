"""How the explanation of a premium line looks (`billing.exports.explanation`)."""

from typing import Any

from rest_framework import serializers

from api.serializers.shapes import MONTH, money
from billing.facts.explanation import StepKind
from billing.facts.line_reasons import ReasonKind
from members.facts import Channel, NoticeKind

_KINDS = [kind.value for kind in NoticeKind]


class StatementMarkSerializer(serializers.Serializer[Any]):
    """Which statement it is."""

    id = serializers.UUIDField()
    number = serializers.CharField(allow_null=True)
    month = serializers.RegexField(MONTH)
    issued_on = serializers.DateField(allow_null=True)


class NamedPersonSerializer(serializers.Serializer[Any]):
    """Whom the line is about."""

    personnel_number = serializers.CharField()
    last_name = serializers.CharField()
    first_name = serializers.CharField()


class CoveredDaysSerializer(serializers.Serializer[Any]):
    """Which days of the month are covered."""

    days = serializers.IntegerField(help_text="0 where nothing is covered any more.")
    month_days = serializers.IntegerField(help_text="Days of the calendar month.")
    first_day = serializers.DateField(allow_null=True)
    last_day = serializers.DateField(allow_null=True)


class PayNoticeSerializer(serializers.Serializer[Any]):
    """The notice that a pay comes from."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=_KINDS)
    effective = serializers.DateField()
    received_on = serializers.DateField()
    channel = serializers.ChoiceField(choices=[channel.value for channel in Channel])


class ExplainedPaySerializer(serializers.Serializer[Any]):
    """The pay of the first covered day, which the premium follows."""

    amount = money("Monthly gross pay.")
    since = serializers.DateField(allow_null=True)
    notice = PayNoticeSerializer(allow_null=True)


class ExplainedBandSerializer(serializers.Serializer[Any]):
    """A wage band: pay above the one and up to the other."""

    number = serializers.IntegerField()
    above = money("Monthly gross pay.")
    up_to = money("Monthly gross pay; null for the last band.", allow_null=True)


class TariffValueSerializer(serializers.Serializer[Any]):
    """The tariff's value as it was applied."""

    key = serializers.CharField()
    valid_from = serializers.DateField(help_text="Day of the tariff's version.")
    sha256 = serializers.CharField(help_text="Of the version's content as it was applied.")
    band = ExplainedBandSerializer(allow_null=True, help_text="Null in percent tariffs.")
    value = serializers.CharField(help_text="EUR of the band, else percent of pay.")
    unit = serializers.CharField()
    source = serializers.CharField(help_text="Where the value comes from.")


class StepSerializer(serializers.Serializer[Any]):
    """A step: VALUE: left; PERCENT, DAYS: left x right / divisor; DIFFERENCE: left - right."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in StepKind])
    left = serializers.CharField()
    right = serializers.CharField()
    divisor = serializers.IntegerField()
    result = money("What it comes to.")
    rounded_half_up = serializers.BooleanField(help_text="To the cent.")


class RecordedSerializer(serializers.Serializer[Any]):
    """What an earlier statement charged for the same person and month."""

    statement = StatementMarkSerializer()
    amount = money("What it charged.")


class ReasonSerializer(serializers.Serializer[Any]):
    """Why the person's part of the statement differs from that of the run before."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in ReasonKind])
    day = serializers.DateField(allow_null=True, help_text="Day it took effect.")
    months_corrected = serializers.IntegerField(help_text="Months billed before that it changes.")
    band_before = serializers.IntegerField(allow_null=True)
    band = serializers.IntegerField(allow_null=True)
    pay_before = money("Monthly gross pay.", allow_null=True)
    pay = money("Monthly gross pay.", allow_null=True)
    withdrawn = serializers.ChoiceField(
        choices=_KINDS, allow_null=True, help_text="What a withdrawn notice had said."
    )
    amount = money("What it adds; all together are the difference.")


class ExplanationSerializer(serializers.Serializer[Any]):
    """Why a line of a statement is what it is, as it was known when the statement was made."""

    statement = StatementMarkSerializer()
    person = NamedPersonSerializer()
    month = serializers.RegexField(MONTH)
    covered = CoveredDaysSerializer()
    pay = ExplainedPaySerializer(allow_null=True)
    tariff = TariffValueSerializer(allow_null=True)
    arithmetic = StepSerializer(many=True, help_text="The last result is the amount.")
    owed = money("What the month costs.")
    recorded_before = RecordedSerializer(many=True)
    amount = money("What is owed less what was charged before.")
    reasons = ReasonSerializer(many=True)
