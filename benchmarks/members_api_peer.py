"""The peer of `benchmarks.api_members`: people by ModelSerializer and PageNumberPagination."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination

from aupolicy.facts import Price
from aupolicy.models import Employer
from aupolicy.queries import get_tariff
from aupolicy.rules import compute_price
from members.models import InsuredPay, Membership
from members.queries import get_insured_period, insured_on


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """The fields of the product's answer."""

    id = serializers.UUIDField(source="person.public_id")
    contract = serializers.CharField(source="contract.number")
    personnel_number = serializers.CharField(source="person.personnel_number")
    first_name = serializers.CharField(source="person.first_name")
    last_name = serializers.CharField(source="person.last_name")
    birth_date = serializers.DateField(source="person.birth_date")
    status = serializers.SerializerMethodField()
    insured_from = serializers.SerializerMethodField()
    insured_until = serializers.SerializerMethodField()
    end_reason = serializers.SerializerMethodField()
    pay = serializers.SerializerMethodField()
    band = serializers.SerializerMethodField()
    premium = serializers.SerializerMethodField()
    benefit = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields: ClassVar = [
            "id", "contract", "personnel_number", "first_name", "last_name", "birth_date",
            "status", "insured_from", "insured_until", "end_reason", "pay", "band", "premium",
            "benefit",
        ]  # fmt: skip

    def to_representation(self, instance: Membership) -> dict[str, Any]:
        """Price each person once."""
        self._pay = instance.day_pays[0].amount  # type: ignore[attr-defined]
        terms = next(v for v in instance.contract.versions.all() if self._day in v.period)
        version = get_tariff(terms.tariff_key).version_on(self._day)
        assert version is not None
        self._price = compute_price(version, self._pay)
        self._days, self._reason = get_insured_period(instance, instance.contract.period)
        told: dict[str, Any] = super().to_representation(instance)
        return told

    _pay: Decimal
    _price: Price

    @property
    def _day(self) -> date:
        day: date = self.context["day"]
        return day

    def get_status(self, _member: Membership) -> str:
        """All of them are."""
        return "insured"

    def get_insured_from(self, _member: Membership) -> date | None:
        """First day of cover."""
        return self._days.first_day if self._days else None

    def get_insured_until(self, _member: Membership) -> date | None:
        """Last day of cover."""
        return self._days.last_day if self._days else None

    def get_end_reason(self, _member: Membership) -> str | None:
        """Why it ends."""
        return self._reason or None

    def get_pay(self, _member: Membership) -> str:
        """Monthly gross pay."""
        return str(self._pay)

    def get_band(self, _member: Membership) -> int | None:
        """Wage band."""
        return self._price.band

    def get_premium(self, _member: Membership) -> str:
        """Of a full month."""
        return str(self._price.premium)

    def get_benefit(self, _member: Membership) -> str:
        """A month."""
        return str(self._price.benefit)


class Pages(PageNumberPagination):
    """A hundred a page."""

    page_size = 100


class MembersView(ListAPIView[Membership]):
    """The people insured on a day."""

    serializer_class = MemberSerializer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Membership]:
        """Related rows are read ahead: five queries a page."""
        day = self._day
        pays = InsuredPay.objects.filter(period__contains=day)
        return (
            Membership.objects.filter(insured_on(day), contract__employer=Employer.objects.get())
            .select_related("person", "contract")
            .prefetch_related("contract__versions", Prefetch("pays", pays, to_attr="day_pays"))
            .order_by("contract_id", "person_id")
        )

    def get_serializer_context(self) -> dict[str, Any]:
        """With the day."""
        return {**super().get_serializer_context(), "day": self._day}

    @property
    def _day(self) -> date:
        return date.fromisoformat(self.request.GET["as_of"])


urlpatterns = [path("members", MembersView.as_view())]
