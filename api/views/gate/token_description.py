"""The token endpoint in the description; RFC 6749 says how it behaves, not our gate."""

from typing import Any

from api.views.gate.shared_parts import SCOPES

_FORM = "application/x-www-form-urlencoded"


def describe_token_endpoint() -> dict[str, Any]:
    """The path item of the token endpoint."""
    return {
        "post": {
            "operationId": "create_token",
            "summary": "An access token for an hour",
            "description": "OAuth 2 client credentials (RFC 6749, section 4.4). Send the client id"
            " and secret as HTTP Basic or in the form, not both. Errors have the form of RFC 6749,"
            " section 5.2.\n\nNeeds no scope.",
            "tags": ["Access"],
            "security": [],
            "requestBody": {
                "required": True,
                "content": {_FORM: {"schema": {"$ref": "#/components/schemas/TokenRequest"}}},
            },
            "responses": {
                "200": _answer("Token", "The token."),
                "400": _answer("TokenProblem", "The form is not as described, or the scope is."),
                "401": _answer("TokenProblem", "Client id or secret is wrong."),
                "405": {"description": "The address knows other methods."},
                "413": _answer("TokenProblem", "The form is too large."),
                "429": _answer("TokenProblem", "Too many wrong secrets; wait a minute."),
            },
        }
    }


def _answer(shape: str, text: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{shape}"}
    return {"description": text, "content": {"application/json": {"schema": reference}}}


def make_token_shapes() -> dict[str, Any]:
    """The shapes of the form and of the answers."""
    scopes = " ".join(scope.value for scope in list(SCOPES)[:2])
    return {
        "TokenRequest": {
            "type": "object",
            "description": "The form that asks for a token.",
            "properties": {
                "grant_type": {
                    "type": "string",
                    "enum": ["client_credentials"],
                    "description": "Nothing else is taken.",
                },
                "client_id": _text("Where it is not sent as HTTP Basic.", "kunde-lohn"),
                "client_secret": _text("Where it is not sent as HTTP Basic.", "…"),
                "scope": _text("Scopes with spaces between; without it all you have.", scopes),
            },
            "required": ["grant_type"],
        },
        "Token": {
            "type": "object",
            "description": "An access token.",
            "properties": {
                "access_token": _text("Send it as Authorization: Bearer …", "q3J9…"),
                "token_type": _text("Always Bearer.", "Bearer"),
                "expires_in": {
                    "type": "integer",
                    "description": "Seconds it is in force.",
                    "examples": [3600],
                },
                "scope": _text("The scopes it has.", scopes),
            },
            "required": ["access_token", "token_type", "expires_in", "scope"],
        },
        "TokenProblem": {
            "type": "object",
            "description": "Why there is no token (RFC 6749, section 5.2).",
            "properties": {
                "error": _text("For programs.", "invalid_client"),
                "error_description": _text("For people.", "Invalid client id."),
            },
            "required": ["error"],
        },
    }


def _text(text: str, example: str) -> dict[str, Any]:
    return {"type": "string", "description": text, "examples": [example]}
