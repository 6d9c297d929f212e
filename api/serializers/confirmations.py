"""How confirmations of insurance look."""

from typing import Any

from rest_framework import serializers

from api.queries.confirmations import COPIES


class ConfirmationSerializer(serializers.Serializer[Any]):
    """A confirmation of insurance: what is insured for a person, and since when."""

    id = serializers.UUIDField()
    contract = serializers.CharField(help_text="Number of the contract.")
    person = serializers.UUIDField()
    personnel_number = serializers.CharField()
    copy = serializers.ChoiceField(
        choices=list(COPIES.values()),
        help_text="person: to be handed out. employer: to be signed by the person and filed.",
    )
    created_at = serializers.DateTimeField()
    byte_count = serializers.IntegerField()
