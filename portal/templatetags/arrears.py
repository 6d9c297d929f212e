"""Cases of arrears in words."""

from typing import Any

from django import template

from billing.words.arrears import describe_state, describe_step, explain_next
from portal.queries.arrears import ShownCase

register = template.Library()
register.filter("arrears_step", describe_step)


@register.filter
def why_next(shown: ShownCase) -> str:
    """Why nothing happens today, or what will."""
    return explain_next(shown.found)


@register.inclusion_tag("portal/parts/status.html")
def case_state(shown: ShownCase) -> dict[str, Any]:
    """Mark and word of where a case stands."""
    mark, word = describe_state(shown.found)
    return {"mark": mark, "word": word}
