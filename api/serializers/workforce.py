"""How a complete payroll looks, and what it would do."""

from typing import Any

from rest_framework import serializers

from api.parsing.workforce import ENVELOPE_FIELDS, MOST_PEOPLE, PERSON_FIELDS
from api.serializers.notices import EffectSerializer
from api.serializers.problems import FaultSerializer
from api.serializers.shapes import make_shape, money
from members.facts import NoticeKind

NewPerson = make_shape("NewPerson", "Somebody of a payroll.", PERSON_FIELDS)
NewWorkforce = make_shape(
    "NewWorkforce",
    "Everybody in the payroll of a day.",
    ENVELOPE_FIELDS,
    {"people": NewPerson(many=True, min_length=1, max_length=MOST_PEOPLE)},
)
_OUTCOMES = ["apply", "clerk", "known", "none", "failed"]


class PreviewRowSerializer(serializers.Serializer[Any]):
    """A notice that would be made, or why somebody cannot be taken."""

    index = serializers.IntegerField(
        allow_null=True,
        help_text="Place in `people`, from 0; null for somebody insured who is not among them.",
    )
    row = serializers.IntegerField(
        allow_null=True, help_text="Of a file: its row, as a spreadsheet counts."
    )
    reference = serializers.CharField(allow_null=True)
    personnel_number = serializers.CharField(
        allow_null=True, help_text="null where it cannot be read."
    )
    outcome = serializers.ChoiceField(
        choices=_OUTCOMES,
        help_text="apply: it takes effect. clerk: a clerk looks at it. known: it was said before."
        " none: nothing changes. failed: it is wrong, see `errors`.",
    )
    kind = serializers.ChoiceField(
        choices=[kind.value for kind in NoticeKind],
        allow_null=True,
        help_text="null where there is nothing to report.",
    )
    effective = serializers.DateField(allow_null=True)
    pay_before = money("Monthly gross pay on record.", allow_null=True)
    pay = money("Monthly gross pay as it would be.", allow_null=True)
    premium_change = money(
        "What the person's notices change on the next statement; told at the first of them."
    )
    errors = FaultSerializer(many=True)
    warnings = FaultSerializer(many=True)
    notes = FaultSerializer(many=True)


class PreviewCountsSerializer(serializers.Serializer[Any]):
    """How many rows of each outcome; people with nothing new about them are `none`."""

    apply = serializers.IntegerField()
    clerk = serializers.IntegerField()
    known = serializers.IntegerField()
    none = serializers.IntegerField()
    failed = serializers.IntegerField()


class PreviewSerializer(serializers.Serializer[Any]):
    """What a payroll or a file would do, or did."""

    counts = PreviewCountsSerializer()
    kinds = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many notices of each kind."
    )
    warnings = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="How many of each; MASS_LEAVE: so many would leave that `apply` waits.",
    )
    errors = serializers.DictField(child=serializers.IntegerField(), help_text="How many of each.")
    effect = EffectSerializer()
    notes = FaultSerializer(many=True)
    digest = serializers.CharField(help_text="The same as long as it would do the same.")
    notices = PreviewRowSerializer(many=True)
    complete = serializers.BooleanField(
        help_text="false where there are more than these: see `GET jobs/{id}/rows`."
    )
