"""Tokens for programs that sign in with OAuth 2 client credentials."""

import base64
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from oauth2_provider.views import TokenView as ProviderTokenView

from api.facts import Problem
from api.views.gate.access import check_failures, count_failure, find_address
from aupolicy.operations.fence import ALL, acting_within

_GRANT = "client_credentials"
_FORM = "application/x-www-form-urlencoded"
_LARGEST_BODY = 8192
_NUL = ("\x00", "%00")


class TokenView(ProviderTokenView):
    """The token endpoint (RFC 6749, section 3.2); its errors are those of that document."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A token for an hour."""
        response = self._answer(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _is_too_large(request):
            return _refuse("invalid_request", 413)
        if not _is_readable(request):
            return _refuse("invalid_request", 400)
        name = _name_client(request)
        if any(nul in text for nul in _NUL for text in (name, *request.POST.values())):
            return _refuse("invalid_request", 400)
        if request.POST.get("grant_type", _GRANT) != _GRANT:
            return _refuse("unsupported_grant_type", 400)
        # By the name it gives itself, too: nobody is kept out by others behind the same address.
        failures = f"{find_address(request)} {name}"
        try:
            check_failures(failures)
            # Tokens are nobody's but the product's own.
            with acting_within(ALL):
                response: HttpResponse = self.authorization_flow_token_response(
                    request, *args, **kwargs
                )
            if response.status_code == 401:
                count_failure(failures)
        except Problem as problem:
            return _refuse("slow_down", problem.status, problem.headers)
        return response


def _is_too_large(request: HttpRequest) -> bool:
    """Whether a body is longer than any that asks for a token; looked at before it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or len(length) > 9 or int(length) > _LARGEST_BODY


def _is_readable(request: HttpRequest) -> bool:
    """Whether the body is the form of RFC 6749; Django would answer others with a page."""
    if request.content_type != _FORM:
        return False
    try:
        return len(request.POST) > 0
    except (BadRequest, SuspiciousOperation):
        return False


def _name_client(request: HttpRequest) -> str:
    """The client id given, "" where there is none to be read."""
    kind, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "basic":
        return request.POST.get("client_id", "")[:100]
    try:
        return base64.b64decode(text).decode().partition(":")[0][:100]
    except ValueError:
        return ""


def _refuse(error: str, status: int, headers: dict[str, str] | None = None) -> JsonResponse:
    return JsonResponse({"error": error}, status=status, headers=headers)
