"""Settings of the frameworks behind the API; none of them comes from the environment."""

from datetime import timedelta

# Gate, answers and errors are our own (api.views.gate).
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.views.gate.parsers.StrictJsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.views.gate.negotiation.OneKind",
    "DEFAULT_SCHEMA_CLASS": "api.views.gate.description.DescribedSchema",
    "EXCEPTION_HANDLER": "api.views.gate.problems.answer_problem",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
# Its description (OpenAPI): generated from the views, completed by what the gate adds.
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "bAU-Verwaltung: API for payroll programs",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Report who joins, leaves and earns what; read who is insured, what it costs and"
    ' what must go on the payslips. Amounts are EUR as text with a point (`"3200.00"`), days ISO'
    " 8601. Programs meet only additions within version 1: new operations, optional parameters,"
    " fields of answers, and codes.",
    "SCHEMA_PATH_PREFIX": "",
    # Values stand where they belong, so no other enumeration can ever rename them.
    "POSTPROCESSING_HOOKS": ["api.views.gate.completion.complete_description"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth2_provider.AccessToken"  # noqa: S105 - a model's name
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth2_provider.RefreshToken"  # noqa: S105 - as above
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "oauth2_provider.IDToken"  # noqa: S105 - as above
OAUTH2_PROVIDER_GRANT_MODEL = "oauth2_provider.Grant"
OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "api.views.gate.oauth.ClientValidator",
    "SCOPES_BACKEND_CLASS": "api.views.gate.oauth.ClientScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": int(timedelta(hours=1).total_seconds()),
    "ERROR_RESPONSE_WITH_SCOPES": False,
    # Of a token only its SHA-256 is kept.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    # Nothing but client credentials is offered; what else there is, is closed as well.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}
