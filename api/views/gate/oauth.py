"""OAuth 2 client credentials (RFC 6749, section 4.4): tokens for programs, and nothing else."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from aupolicy.facts.machine import ApiScope
from aupolicy.models import ApiClient


class ClientScopes(BaseScopes):
    """The scopes a program was given; without asking for some it gets all of them."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope there is."""
        return {scope.value: scope.value for scope in ApiScope}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What the program may ask for."""
        client = _find_client(application)
        return list(client.scopes) if client else []

    def get_default_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """What it gets without asking."""
        return self.get_available_scopes(application, request)


class ClientValidator(OAuth2Validator):
    """Gives tokens to programs that have not been ended, for client credentials only."""

    def validate_grant_type(
        self, client_id: Any, grant_type: str, client: Any, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Client credentials of a program in use."""
        return grant_type == "client_credentials" and _find_client(client) is not None


def _find_client(application: Any) -> ApiClient | None:
    return ApiClient.objects.filter(oauth_application=application, ended_at=None).first()
