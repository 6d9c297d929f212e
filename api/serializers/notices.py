"""How notices and what becomes of them look."""

from typing import Any

from rest_framework import serializers

from api.parsing.notices import ENVELOPE_FIELDS, NOTICE_FIELDS
from api.serializers.problems import FaultSerializer
from api.serializers.shapes import MONTH, make_shape, money
from members.facts import NoticeKind, NoticeStatus, ShownStatus

_STATUSES = [status.value for status in ShownStatus]
NewNotice = make_shape("NewNotice", "A report about one person.", NOTICE_FIELDS)
NewNotices = make_shape(
    "NewNotices",
    "Up to 1,000 notices of one contract.",
    ENVELOPE_FIELDS,
    {"notices": NewNotice(many=True, min_length=1, max_length=1000)},
)


class NoticeSerializer(serializers.Serializer[Any]):
    """A notice on record."""

    id = serializers.UUIDField()
    contract = serializers.CharField(help_text="Number of the contract.")
    kind = serializers.ChoiceField(choices=[kind.value for kind in NoticeKind])
    personnel_number = serializers.CharField()
    effective = serializers.DateField()
    received_at = serializers.DateTimeField()
    status = serializers.ChoiceField(
        choices=_STATUSES, help_text="RECEIVED: it is taken, and its day has not come."
    )
    codes = serializers.ListField(
        child=serializers.CharField(), help_text="Why it is refused or with a clerk."
    )
    channel = serializers.CharField(help_text="FORM, FILE, API or COMMAND.")
    pay = money("Monthly gross pay.", allow_null=True)
    reason = serializers.CharField(allow_null=True)
    first_name = serializers.CharField(allow_null=True)
    last_name = serializers.CharField(allow_null=True)
    birth_date = serializers.DateField(allow_null=True)
    employment = serializers.CharField(allow_null=True)
    reference = serializers.CharField(allow_null=True)
    withdrawn_by = serializers.UUIDField(
        allow_null=True, help_text="The correction that withdrew it."
    )


class NoticeResultSerializer(serializers.Serializer[Any]):
    """What became of one notice of a request, or would."""

    index = serializers.IntegerField(help_text="Its place in the request, from 0.")
    id = serializers.UUIDField(allow_null=True, help_text="null where nothing was recorded.")
    reference = serializers.CharField(allow_null=True)
    personnel_number = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=[status.value for status in NoticeStatus])
    known = serializers.BooleanField(help_text="It was known already and changed nothing.")
    premium_change = money(
        "What the person's notices change on the next statement; told at the first of them."
    )
    errors = FaultSerializer(many=True)


class EffectSerializer(serializers.Serializer[Any]):
    """What changes on the contract's next statement."""

    month = serializers.RegexField(MONTH, help_text="Month of that statement.")
    total = money("All together.")
    corrections = money("What of it is about months billed before.")
    people = serializers.IntegerField(help_text="How many people's premium changes.")


class NoticesReportSerializer(serializers.Serializer[Any]):
    """What became of the notices of a request, or would."""

    contract = serializers.CharField()
    dry_run = serializers.BooleanField()
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many of each status; `known` besides."
    )
    effect = EffectSerializer()
    results = NoticeResultSerializer(many=True)
