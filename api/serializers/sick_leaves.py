"""How reports of incapacity look. There is no field for an illness."""

from typing import Any

from rest_framework import serializers

from api.parsing.sick_leaves import CERTIFICATE_FIELDS, LEAVE_FIELDS
from api.serializers.shapes import make_shape
from claims.facts import CertificateSource

NewCertificate = make_shape("NewCertificate", "What a certificate says.", CERTIFICATE_FIELDS)
NewSickLeave = make_shape(
    "NewSickLeave",
    "Who cannot work, and since when. Why is nobody's business here.",
    LEAVE_FIELDS,
    {"certificate": NewCertificate(required=False)},
)


class ReportedSickLeaveSerializer(serializers.Serializer[Any]):
    """What became of a report."""

    id = serializers.UUIDField()
    is_new = serializers.BooleanField(help_text="false: you had reported this leave before.")


class CertifiedDaysSerializer(serializers.Serializer[Any]):
    """A certificate that you told of."""

    first_day = serializers.DateField()
    last_day = serializers.DateField()
    source = serializers.ChoiceField(choices=[source.value for source in CertificateSource])


class SickLeaveSerializer(serializers.Serializer[Any]):
    """A leave as the employer or its broker reported it."""

    id = serializers.UUIDField()
    personnel_number = serializers.CharField()
    person = serializers.UUIDField()
    first_day = serializers.DateField()
    expected_last_day = serializers.DateField(allow_null=True)
    reference = serializers.CharField(allow_null=True)
    reported_at = serializers.DateTimeField()
    withdrawn = serializers.BooleanField()
    certificates = CertifiedDaysSerializer(many=True)
