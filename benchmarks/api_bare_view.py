"""The peer of `benchmarks.api_notices`: a REST framework view with nothing but validation."""

from typing import Any

from django.db import transaction
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import APIView

from members.facts import Employment, NoticeKind
from members.models import NoticeRecord


class NoticeSerializer(serializers.Serializer):
    """The fields that the body has."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in NoticeKind])
    personnel_number = serializers.CharField(max_length=20)
    effective = serializers.DateField()
    pay = serializers.DecimalField(max_digits=12, decimal_places=2)
    first_name = serializers.CharField(max_length=70)
    last_name = serializers.CharField(max_length=70)
    birth_date = serializers.DateField()
    employment = serializers.ChoiceField(choices=[each.value for each in Employment])


class NoticesView(APIView):
    """Validate and store."""

    parser_classes = [JSONParser]

    def post(self, request: Any) -> Response:
        """The notices, with the ids they got."""
        read = NoticeSerializer(data=request.data["notices"], many=True)
        read.is_valid(raise_exception=True)
        now = timezone.now()
        with transaction.atomic():
            records = NoticeRecord.objects.bulk_create(
                NoticeRecord(contract_id=1, received_at=now, status="APPLIED", channel="API", **one)
                for one in read.validated_data
            )
        return Response({"ids": [record.pk for record in records]})


urlpatterns = [path("notices", NoticesView.as_view())]
