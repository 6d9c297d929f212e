"""How a program sees itself."""

from typing import Any

from rest_framework import serializers

from aupolicy.facts.machine import ApiScope


class MeSerializer(serializers.Serializer[Any]):
    """The program whose key or token this is."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    employer = serializers.CharField(allow_null=True, help_text="Whom it acts for.")
    broker = serializers.CharField(allow_null=True, help_text="Or whom as a broker.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[scope.value for scope in ApiScope])
    )
    contracts = serializers.ListField(
        child=serializers.CharField(), help_text="Numbers of the contracts it may name."
    )
    today = serializers.DateField(help_text="The day that counts here.")
