"""Template filters of the letters; the work is done in `documents.exports.german`."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from claims import words
from claims.exports.day_counter import CounterRow, draw_day_counter
from claims.facts import DayState, Piece
from documents.exports import german

register = template.Library()
register.filter("amount", german.write_amount)
register.filter("euro", german.write_euro)
register.filter("signed_amount", german.write_signed_amount)
register.filter("day", german.write_day)
register.filter("month", german.write_month)
register.filter("percent", german.write_percent)
register.filter("decimal", german.write_decimal)
register.filter("share_of", german.write_share)
register.filter("number", german.write_number)
register.filter("iban", german.write_iban)
register.filter("persons", german.write_persons)

# Letters are German, whoever has them made.
_LANGUAGE = "de"


@register.filter("day_counter")
def draw_counter(pieces: Sequence[Piece]) -> SafeString:
    """The picture of a leave, with its style sheet: those of the letter do not reach into it."""
    with translation.override(_LANGUAGE):
        drawn = draw_day_counter(pieces, words=words.counter_words(), styles=_counter_styles())
    return mark_safe(drawn)  # noqa: S308 -- made of elements, so every text in it is escaped


@cache
def _counter_styles() -> str:
    sheet = Path(settings.BASE_DIR) / "static" / "documents" / "counter.css"
    return sheet.read_text(encoding="utf-8")


@register.filter("picture")
def show_picture(svg: str) -> SafeString:
    """An inline SVG that the product has drawn itself."""
    return mark_safe(svg)  # noqa: S308 -- a code of squares, no text of anybody's


@register.filter("day_state")
def name_day_state(state: DayState) -> str:
    """What days count as."""
    with translation.override(_LANGUAGE):
        return words.describe_day(state)


@register.filter("day_reason")
def explain_row(row: CounterRow) -> str:
    """Why the days of a row count as they do."""
    with translation.override(_LANGUAGE):
        return words.describe_row_cause(row.state, row.cause)
