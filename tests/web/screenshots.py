"""Pictures of every page, from constructed data in an empty database.

python -m tests.web.screenshots [--out DIR] [--only WORD] [--all]
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import django
from playwright.sync_api import Browser, BrowserContext, sync_playwright

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
# Playwright keeps an event loop in this thread; nothing of ours is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()

from django.conf import settings  # noqa: E402 -- needs the settings
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from aupolicy.models import GroupContract  # noqa: E402
from claims.models import Claim  # noqa: E402
from config.local.session import PROJECT  # noqa: E402
from documents.operations.arrears import issue_arrears_letters  # noqa: E402
from members.models import Upload  # noqa: E402
from tests.portal import world as scenario  # noqa: E402
from tests.portal.claims_scenes import build_claims  # noqa: E402
from tests.portal.money_scenes import Money, build_money  # noqa: E402
from tests.portal.scenes import play  # noqa: E402
from tests.web import shots  # noqa: E402
from tests.web.browser import BROWSERS, FLAGS, find_browser, serve  # noqa: E402
from tests.web.build import connect_program  # noqa: E402
from tests.web.claims_shots import list_claims_shots  # noqa: E402
from tests.web.money_shots import list_money_shots  # noqa: E402
from tests.web.shots import NOBODY, Shot  # noqa: E402

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
# What lies below says nothing new about a page of many rows.
LARGEST_HEIGHT = {"desktop": 1200, "phone": 1500}
# Dark is the same page in other colours: a few show it. `--all` takes them all.
DARK = frozenset(
    {"sign-in", "start", "contract", "run-preview", "statement-why", "work", "employer-start",
     "employer-upload", "broker-quote-result", "claim", "my-claim", "arrears-case"}
)  # fmt: skip


def main() -> int:
    """Build the data, take the pictures, and return the exit status."""
    arguments = _read_arguments()
    browser = find_browser()
    if browser is None:
        sys.stderr.write(f"Kein Browser gefunden, gesucht: {', '.join(BROWSERS)}." + "\n")
        return 1
    call_command("migrate", verbosity=0)
    if GroupContract.objects.exists():
        sys.stderr.write("Die Datenbank ist nicht leer; die Bilder zeigen erfundene Daten." + "\n")
        return 1
    built = _build()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with serve(os.environ) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(FLAGS))
        camera = Camera(chromium, address, arguments)
        for stage in _stages(built):
            camera.take(stage)
        chromium.close()
    sys.stdout.write(f"{camera.taken} Bilder in {arguments.out}\n")
    return 0


def _read_arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.web.screenshots", description=__doc__)
    folder = PROJECT / "docs" / "pictures" / "screens"
    parser.add_argument("--out", type=Path, default=folder, metavar="DIR")
    parser.add_argument("--only", default="", metavar="WORD", help="nur Seiten dieses Namens")
    parser.add_argument("--all", action="store_true", help="jede Seite auch dunkel")
    return parser.parse_args()


@dataclass(frozen=True, slots=True)
class _Built:
    """The constructed world, and what pictures are taken of in it."""

    world: scenario.World
    uploads: dict[str, Upload]
    claims: dict[str, Claim]
    money: Money


def _build() -> _Built:
    sys.stdout.write("Erfundene Daten …\n")
    world = scenario.build_world(today=timezone.localdate())
    people = scenario.create_people(world)
    uploads = play(world, people)
    connect_program(world, people["hr"])
    claims = build_claims(world, people)
    money = build_money(world, people, Path(settings.FILES_ROOT) / "bank")
    issue_arrears_letters()
    return _Built(world, uploads, claims, money)


class Camera:
    """A browser in which each person signs in once and looks in every size and theme."""

    def __init__(self, chromium: Browser, address: str, arguments: Namespace) -> None:
        self.chromium, self.address, self.arguments = chromium, address, arguments
        self.taken = 0
        self.people: dict[str, BrowserContext] = {}

    def take(self, stage: Iterable[Shot]) -> None:
        """Take each picture in every look that is wanted of it."""
        for shot in stage:
            if self.arguments.only not in shot.name:
                continue
            is_dark_wanted = self.arguments.all or shot.name in DARK
            for theme in ("light", "dark") if is_dark_wanted else ("light",):
                for size in SIZES:
                    self._shoot(shot, size, theme)
                    self.taken += 1

    def _shoot(self, shot: Shot, size: str, theme: str) -> None:
        page = self._context(shot.who).new_page()
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        width, least = SIZES[size]
        page.set_viewport_size({"width": width, "height": least})
        page.goto(self.address + shot.address)
        if shot.act is not None:
            shot.act(page)
        if not shot.is_open:
            height = page.evaluate("document.documentElement.scrollHeight")
            wanted = min(max(height, least), LARGEST_HEIGHT[size])
            page.set_viewport_size({"width": width, "height": wanted})
        self._warn_of_width(shot, size, page.evaluate("document.documentElement.scrollWidth"))
        page.screenshot(path=self.arguments.out / f"{shot.name}-{size}-{theme}.png")
        page.close()

    def _warn_of_width(self, shot: Shot, size: str, width: int) -> None:
        if width > SIZES[size][0]:
            sys.stdout.write(f"{shot.name}-{size}: {width} px breit\n")

    def _context(self, who: str) -> BrowserContext:
        """The browser of a person, signed in when it is first needed."""
        if who not in self.people:
            context = self.people[who] = self.chromium.new_context(locale="de-DE")
            if who != NOBODY:
                self._sign_in(context, who)
        return self.people[who]

    def _sign_in(self, context: BrowserContext, who: str) -> None:
        page = context.new_page()
        page.goto(f"{self.address}/sign-in/")
        page.fill("#id_login", who)
        page.fill("#id_password", scenario.PASSWORD)
        page.click("form[novalidate] button")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        page.close()


def _stages(built: _Built) -> Iterator[Iterable[Shot]]:
    """The pictures in the order in which the work goes on between them."""
    world = built.world
    yield [Shot("sign-in", "/sign-in/", NOBODY)]
    yield shots.list_employer_shots(world, built.uploads)
    yield shots.list_broker_shots(world)
    yield list_claims_shots(world, built.claims)
    yield list_money_shots(world, built.money)
    yield shots.list_insurer_shots(world)
    run = scenario.start_preview(world)
    address = f"/runs/{run.month:%Y-%m}/"
    yield [Shot("run-progress", address)]
    scenario.fill(run)
    yield shots.list_work_shots()
    yield shots.list_run_shots(address)


if __name__ == "__main__":
    sys.exit(main())
