"""Tokens for programs that sign in with OAuth 2 client credentials."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from oauth2_provider.views import TokenView as ProviderTokenView

from aupolicy.operations.fence import ALL, acting_within


class TokenView(ProviderTokenView):
    """The token endpoint (RFC 6749, section 3.2); its errors are those of that document."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A token for an hour."""
        # Tokens are nobody's but the product's own.
        with acting_within(ALL):
            response: HttpResponse = super().post(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response
