"""The description of the API to read: one page, made on the server, without a key.

The frame speaks German or English; operations and fields are told in English, as they are in the
description that programs read.
"""

from functools import cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.views.decorators.csrf import csrf_exempt

from api.facts import Problem
from api.parsing.fields import Reader, choice
from api.views import docs_page
from api.views.gate.answers import tag
from api.views.gate.problems import write_problem
from api.views.schema import ROOT, describe_this_installation

_LANGUAGES: Final = ("de", "en")
_QUERY: Final = Reader([choice("language", "Language of the frame.", _LANGUAGES)])


@csrf_exempt
def show_docs(request: HttpRequest) -> HttpResponseBase:
    """The page, in the language asked for or else the reader's."""
    if request.method not in {"GET", "HEAD"}:
        return write_problem(Problem(405, "METHOD_NOT_ALLOWED", headers={"Allow": "GET, HEAD"}), "")
    found, _ = _QUERY.read_query(request.GET)
    spoken = (get_language() or "de")[:2]
    language = found.get("language", spoken if spoken in _LANGUAGES else "de")
    response = HttpResponse(_render(language))
    response["Content-Language"] = language
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return tag(request, response)


@cache
def _render(language: str) -> str:
    description = describe_this_installation()
    context = {
        "language": language,
        "other": next(one for one in _LANGUAGES if one != language),
        "info": description["info"],
        "root": settings.PORTAL_URL + ROOT,
        "groups": docs_page.make_groups(description),
        "answers": docs_page.make_common_answers(description),
        "request_headers": docs_page.make_request_headers(description),
        "headers": docs_page.make_headers(description),
        "scopes": docs_page.make_scopes(description),
    }
    with override(language):
        return render_to_string("api/docs.html", context | {"codes": docs_page.make_codes()})
