"""Model field and guard that every app uses."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from psycopg.types.multirange import DateMultirange

from aupolicy.kernel.period import ONE_DAY, Period


def public_id() -> "models.UUIDField[Any, Any]":
    """The key by which other programs know a row; our own numbers would tell how many there are.

    PostgreSQL makes it, so rows written in bulk have one too.
    """
    return models.UUIDField(
        "öffentliche Kennung", db_default=RandomUUID(), unique=True, editable=False
    )


class PeriodField(DateRangeField):
    """A `Period` with inclusive ends, held as PostgreSQL's half-open daterange."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Period | None:
        """daterange -> Period."""
        return None if value is None else to_period(value)

    def get_prep_value(self, value: Any) -> Any:
        """Period -> daterange; other values (lookups) pass."""
        return to_range(value) if isinstance(value, Period) else super().get_prep_value(value)

    def to_python(self, value: Any) -> Any:
        """Accept a Period as it is."""
        return value if isinstance(value, Period) else super().to_python(value)

    def value_to_string(self, obj: Any) -> str:
        """For serialised fixtures: ISO days divided by a slash."""
        period: Period = self.value_from_object(obj)
        return f"{period.first_day}/{period.last_day or ''}"


class PeriodsField(models.Field[Any, Any]):
    """Disjoint closed `Period`s in order, held as PostgreSQL's datemultirange."""

    def db_type(self, connection: Any) -> str:
        """The column's type."""
        return "datemultirange"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """datemultirange -> tuple of Periods."""
        return None if value is None else tuple(to_period(part) for part in value)

    def get_prep_value(self, value: Any) -> Any:
        """Periods -> datemultirange; other values (lookups) pass."""
        if isinstance(value, tuple | list):
            return DateMultirange([to_range(period) for period in value])
        return value

    def value_to_string(self, obj: Any) -> str:
        """For serialised fixtures: as PostgreSQL writes it."""
        return str(self.get_prep_value(self.value_from_object(obj)))


def to_period(value: Any) -> Period:
    """Half-open range of the driver -> Period."""
    return Period(value.lower, value.upper - ONE_DAY if value.upper else None)


def to_range(period: Period) -> DateRange:
    """Period -> half-open range of the driver."""
    end = period.last_day + ONE_DAY if period.last_day else None
    return DateRange(period.first_day, end, "[)")


def where_given(field: str, *, name: str) -> models.Index:
    """An index of the rows that have the field, for a key that most rows are without.

    The one that Django makes of itself holds all of them, and every row written pays for it.
    """
    return models.Index(
        fields=[field], condition=models.Q(**{f"{field}__isnull": False}), name=name
    )


_KEPT = "RAISE EXCEPTION 'Cannot update or delete rows of %: they are kept', TG_TABLE_NAME;"


def append_only(name: str) -> pgtrigger.Trigger:
    """Guard that refuses every UPDATE, DELETE and TRUNCATE: a correction is another row.

    It looks at the statement, not at its rows: one that would find none is refused as well.
    """
    return _refuse(name, pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate)


def rows_kept(name: str) -> pgtrigger.Trigger:
    """Guard that refuses every DELETE and TRUNCATE: rows change where they stand, none goes."""
    return _refuse(name, pgtrigger.Delete | pgtrigger.Truncate)


def set_once(name: str, *open_fields: str) -> pgtrigger.Trigger:
    """Guard that lets an UPDATE change these fields only, and refuses every other change."""
    return pgtrigger.ReadOnly(name=name, exclude=list(open_fields))


def _refuse(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=operation,
        func=_KEPT,
    )
