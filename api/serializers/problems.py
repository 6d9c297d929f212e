"""How problems look; see `api.views.gate.problems`, which writes them."""

from typing import Any

from rest_framework import serializers


class FaultSerializer(serializers.Serializer[Any]):
    """One thing that is wrong, and where."""

    code = serializers.CharField(help_text="For programs; it does not change.")
    field = serializers.CharField(
        allow_blank=True, help_text="Where it stands, for example notices/3/pay."
    )
    message_de = serializers.CharField(help_text="For people, in German.")
    message_en = serializers.CharField(help_text="For people, in English.")


class ProblemSerializer(serializers.Serializer[Any]):
    """Why a request was not answered as asked (RFC 9457)."""

    type = serializers.CharField(help_text="Address of the explanation of `code`.")
    title = serializers.CharField(help_text="One sentence, in the language of Accept-Language.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="For programs; it does not change.")
    errors = FaultSerializer(many=True)
    request_id = serializers.CharField(allow_blank=True)
