"""Signing in and out, and the language."""

from django.test import Client

from tests.portal.conftest import Insurer
from tests.portal.world import PASSWORD


def test_a_clerk_signs_in_and_arrives_where_they_wanted(insurer: Insurer) -> None:
    client = Client()
    answer = client.post("/sign-in/", {"login": "clerk", "password": PASSWORD, "next": "/runs/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/runs/"
    assert client.get("/").status_code == 200


def test_another_site_is_no_place_to_arrive_at(insurer: Insurer) -> None:
    data = {"login": "clerk", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post("/sign-in/", data)["Location"] == "/"


def test_a_wrong_password_does_not_tell_whether_the_name_exists(insurer: Insurer) -> None:
    errors = []
    for name in ("clerk", "nobody"):
        answer = Client(headers={"accept-language": "de"}).post(
            "/sign-in/", {"login": name, "password": "wrong"}
        )
        assert answer.status_code == 200
        errors.append(answer.context["form"].non_field_errors())
    assert errors[0] == errors[1]
    assert "passen nicht zusammen" in errors[0][0]


def test_signing_out_needs_a_form_and_ends_the_session(clerk: Client) -> None:
    assert clerk.get("/sign-out/").status_code == 405
    assert clerk.post("/sign-out/")["Location"] == "/sign-in/"
    assert clerk.get("/").status_code == 302


def test_the_language_changes_words_and_numbers_and_stays(clerk: Client) -> None:
    german = clerk.get("/contracts/").content.decode()
    assert '<html lang="de">' in german
    assert "Verträge" in german
    clerk.post("/language/", {"language": "en", "next": "/contracts/"})
    english = clerk.get("/contracts/").content.decode()
    assert '<html lang="en">' in english
    assert "Contracts" in english
    assert "249.00" in english
    assert "249,00" in german
    assert "Verträge" not in english
