"""A browser, and a database of its own with a server and a worker, for the whole session.

The pages are looked at by other processes, so the data is committed; it goes to a database
that is made for it and dropped afterwards, and no test of another folder ever sees it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from pytest_django import DjangoDbBlocker

from config.local.__main__ import build_worker_command
from config.local.session import PROJECT
from tests.databases import copy_database
from tests.portal.world import PASSWORD
from tests.web.browser import BROWSERS, FLAGS, find_browser, serve

SIZES = {"desktop": (1280, 800), "phone": (360, 740)}


@pytest.fixture(scope="session")
def chromium(site_env: dict[str, str]) -> Iterator[Browser]:
    """The browser of the machine; started last, for beside it Django may not ask the database."""
    path = find_browser()
    if path is None:
        pytest.skip(f"no browser found, looked for {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_env(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, str]]:
    """The environment of a new database with the constructed insurer in it."""
    with django_db_blocker.unblock(), copy_database("web") as database:
        env = {
            **os.environ,
            "BAU_ENV": "test",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database,
            "FILES_ROOT": str(tmp_path_factory.mktemp("web-files")),
        }
        command = [sys.executable, "-m", "tests.web.build"]
        subprocess.run(command, env=env, cwd=PROJECT, check=True)
        yield env


@pytest.fixture(scope="session")
def site(site_env: dict[str, str]) -> Iterator[str]:
    """The address of the running portal."""
    with serve(site_env) as address:
        yield address


@pytest.fixture
def worker(site_env: dict[str, str]) -> Iterator[None]:
    """A real Celery worker on the same database."""
    with subprocess.Popen(
        build_worker_command(beat=False), env=site_env, cwd=PROJECT, stdout=subprocess.DEVNULL
    ) as process:
        yield
        process.terminate()


@dataclass
class Visit:
    """A page in the browser, with everything it complained about or asked others for."""

    page: Page
    site: str
    complaints: list[str]

    def open(self, address: str) -> None:
        """Go to an address of the portal."""
        self.page.goto(self.site + address)

    def sign_in(self, name: str = "clerk") -> None:
        """Sign in by the form."""
        self.open("/sign-in/")
        self.page.fill("#id_login", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("form[novalidate] button")
        self.page.wait_for_url(lambda address: "/sign-in/" not in address)


def visit(context: BrowserContext, site: str) -> Visit:
    """Open a page that notes errors of the console and requests to other hosts."""
    page = context.new_page()
    seen = Visit(page, site, [])

    def note_request(request: Request) -> None:
        if not request.url.startswith((site, "data:")):
            seen.complaints.append(f"asked {request.url}")

    page.on("request", note_request)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            seen.complaints.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    return seen


@pytest.fixture
def desktop(chromium: Browser, site: str) -> Iterator[Visit]:
    """A signed-out page of a wide screen."""
    context = chromium.new_context(
        viewport={"width": SIZES["desktop"][0], "height": SIZES["desktop"][1]}, locale="de-DE"
    )
    yield visit(context, site)
    context.close()
