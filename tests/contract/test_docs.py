"""The page that tells of the API: complete, in both languages, and with an anchor for each code."""

import ast
import re

import pytest
from django.test import Client

from api.views.schema import describe_this_installation
from api.words import list_code_texts
from config.local.session import PROJECT


def open_page(language: str) -> str:
    answer = Client().get("/api/v1/docs", headers={"accept-language": language})
    assert answer.status_code == 200
    assert answer["Content-Language"] == language
    return answer.content.decode()


def list_codes_raised() -> set[str]:
    """Codes that the API's modules raise problems and name faults with, as far as written out."""
    trees = [ast.parse(path.read_text("utf-8")) for path in (PROJECT / "api").rglob("*.py")]
    arguments = [
        node.args[place]
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        for name, place in (("Problem", 1), ("Fault", 0), ("UnableToReadField", 0))
        if node.func.id == name and len(node.args) > place
    ]
    return {str(one.value) for one in arguments if isinstance(one, ast.Constant)}


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_tells_of_everything(language: str) -> None:
    page, description = open_page(language), describe_this_installation()
    anchors = re.findall(r'\bid="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    operations = [one for path in description["paths"].values() for one in path.values()]
    assert {one["operationId"] for one in operations} <= set(anchors)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)
    shapes = {name.removeprefix("shape-") for name in anchors if name.startswith("shape-")}
    assert shapes == set(description["components"]["schemas"])


def test_every_code_has_its_place(client: Client) -> None:
    anchors = set(re.findall(r'<tr id="([A-Z0-9_]+)"', open_page("de")))
    listed = {code for texts in list_code_texts().values() for code in texts}
    assert anchors == listed
    raised = list_codes_raised()
    assert len(raised) > 20
    assert raised - listed == set()


def test_the_page_is_served_without_a_key_and_without_scripts(client: Client) -> None:
    answer = client.get("/api/v1/docs?language=en")
    page = answer.content.decode()
    assert 'lang="en"' in page.split("<head>")[0]
    assert "<script" not in page
    assert " style=" not in page
    assert all(link.startswith(("/static/", "#", "?", "schema", "mailto:"))
               for link in re.findall(r'(?:href|src)="([^"]+)"', page))  # fmt: skip
    again = client.get("/api/v1/docs?language=en", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert client.post("/api/v1/docs").status_code == 405
