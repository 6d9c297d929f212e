"""Passkeys in a real browser with a virtual authenticator: alone, and as second factor."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.portal.world import PASSWORD
from tests.web.conftest import Visit, visit

_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def device(chromium: Browser, site: str) -> Iterator[Visit]:
    """A page on a device that keeps passkeys; they belong to a name, so it is opened by one."""
    by_name = site.replace("127.0.0.1", "localhost")
    context = chromium.new_context(locale="de-DE", viewport={"width": 1280, "height": 800})
    seen = visit(context, by_name)
    session = context.new_cdp_session(seen.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
    yield seen
    context.close()


def _add(seen: Visit, name: str) -> None:
    seen.open("/account/second-factor/passkeys/new/")
    seen.page.fill("#id_name", name)
    seen.page.click("#mfa_webauthn_add")
    seen.page.wait_for_url("**/account/second-factor/codes/")


def _sign_out(seen: Visit) -> None:
    seen.open("/account/")
    seen.page.get_by_role("button", name="Abmelden").click()
    seen.page.wait_for_url("**/sign-in/")


def test_a_passkey_opens_without_password_and_beside_one(device: Visit) -> None:
    device.sign_in("auditor")
    _add(device, "Testgerät")
    _sign_out(device)

    device.page.get_by_role("button", name="Mit einem Passkey anmelden").click()
    device.page.wait_for_url(f"{device.site}/")
    assert "Martin Vogel" in device.page.content()
    _sign_out(device)

    device.page.fill("#id_login", "auditor")
    device.page.fill("#id_password", PASSWORD)
    device.page.click("form[novalidate] button")
    device.page.wait_for_url("**/sign-in/code/")
    device.page.get_by_role("button", name="Einen Passkey benutzen").click()
    device.page.wait_for_url(f"{device.site}/")

    device.open("/account/second-factor/passkeys/")
    device.page.get_by_role("link", name="Entfernen Testgerät").click()
    device.page.get_by_role("button", name="Passkey entfernen").click()
    device.page.wait_for_url("**/account/second-factor/passkeys/")
    assert "Testgerät" not in device.page.locator("table").all_inner_texts()
    assert device.complaints == []


def test_who_says_no_to_the_passkey_is_told_so(chromium: Browser, site: str) -> None:
    context = chromium.new_context(locale="de-DE")
    seen = visit(context, site.replace("127.0.0.1", "localhost"))
    session = context.new_cdp_session(seen.page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator", {"options": {**_AUTHENTICATOR, "isUserVerified": False}}
    )
    seen.open("/sign-in/")
    seen.page.get_by_role("button", name="Mit einem Passkey anmelden").click()
    seen.page.get_by_role("alert").get_by_text("Der Passkey wurde nicht benutzt").wait_for()
    assert seen.complaints == []
    context.close()


def test_without_scripts_the_password_is_enough_and_no_dead_button_is_shown(
    chromium: Browser, site: str
) -> None:
    context = chromium.new_context(locale="de-DE", java_script_enabled=False)
    seen = visit(context, site)
    seen.open("/sign-in/")
    assert not seen.page.locator("#passkey_login").is_visible()
    seen.sign_in("clerk")
    seen.open("/account/second-factor/")
    assert seen.page.locator("h1").is_visible()
    context.close()
