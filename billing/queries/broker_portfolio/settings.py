"""What the insurer's settings say about brokers' files."""

from django.conf import settings

from billing.facts.portfolio import PortfolioSettings

_SEPARATORS = {"lf": b"\n", "crlf": b"\r\n", "none": b""}


def get_portfolio_settings() -> PortfolioSettings:
    """The settings `GDV`, with the insurer's name as sender."""
    gdv = settings.GDV
    return PortfolioSettings(
        insurer_number=gdv["insurer_number"],
        sender=settings.INSURER["name"],
        line=gdv["line"],
        tax_free=gdv["tax_free"],
        separator=_SEPARATORS[gdv["separator"]],
    )
