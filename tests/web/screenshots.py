"""Pictures of every page, from constructed data in an empty database.

python -m tests.web.screenshots [--out DIR] [--only WORD] [--all]
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
from playwright.sync_api import Browser, BrowserContext, sync_playwright

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
# Playwright keeps an event loop in this thread; nothing of ours is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()

from django.core.management import call_command  # noqa: E402 -- needs the settings
from django.utils import timezone  # noqa: E402

from aupolicy.models import GroupContract  # noqa: E402
from billing.models import Statement  # noqa: E402
from config.local.session import PROJECT  # noqa: E402
from documents.operations import issue_confirmations  # noqa: E402
from tests.portal import world as scenario  # noqa: E402
from tests.web.browser import BROWSERS, FLAGS, find_browser, serve  # noqa: E402

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
# What lies below says nothing new about a page of many rows.
LARGEST_HEIGHT = {"desktop": 1200, "phone": 1500}
# Dark is the same page in other colours: a few show it. `--all` takes them all.
DARK = frozenset({"start", "contract", "run-preview", "statement-why", "sign-in"})


@dataclass(frozen=True)
class Shot:
    """A picture to take: its name and the address; `why` opens the first explanation."""

    name: str
    address: str
    why: bool = False


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
    world = _build()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with serve(os.environ) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(FLAGS))
        camera = Camera(chromium, address, arguments)
        for shots in _stages(world, camera):
            camera.take(shots)
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


def _build() -> scenario.World:
    sys.stdout.write("Erfundene Daten …\n")
    today = timezone.localdate()
    world = scenario.build_world(today=today)
    scenario.create_people(world)
    salon = world.contracts["Friseursalon Haarschön"]
    issue_confirmations(contract=salon, as_of=today, processes=1)
    return world


class Camera:
    """A browser in each size and theme, all looking at the same pages."""

    def __init__(self, chromium: Browser, address: str, arguments: Namespace) -> None:
        self.address, self.arguments = address, arguments
        self.taken = 0
        self.looks: dict[tuple[str, str], BrowserContext] = {
            (size, theme): chromium.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
                locale="de-DE",
            )
            for size, (width, height) in SIZES.items()
            for theme in ("light", "dark")
        }

    def take(self, shots: list[Shot]) -> None:
        """Take each picture in every look that is wanted of it."""
        for (size, theme), context in self.looks.items():
            for shot in shots:
                if self._wants(shot, theme):
                    path = self.arguments.out / f"{shot.name}-{size}-{theme}.png"
                    _shoot(context, self.address, shot, path, size)
                    self.taken += 1

    def _wants(self, shot: Shot, theme: str) -> bool:
        if self.arguments.only not in shot.name:
            return False
        return theme == "light" or self.arguments.all or shot.name in DARK

    def sign_in(self) -> None:
        """Sign in as the clerk in every look."""
        for context in self.looks.values():
            page = context.new_page()
            page.goto(f"{self.address}/sign-in/")
            page.fill("#id_login", "clerk")
            page.fill("#id_password", scenario.PASSWORD)
            page.click("form[novalidate] button")
            page.wait_for_url(f"{self.address}/")
            page.close()


def _shoot(context: BrowserContext, address: str, shot: Shot, path: Path, size: str) -> None:
    page = context.new_page()
    page.goto(address + shot.address)
    if shot.why:
        page.click(".why-link >> nth=0")
        page.wait_for_selector("#why h2")
    height = page.evaluate("document.documentElement.scrollHeight")
    width, least = SIZES[size]
    if not shot.why:
        page.set_viewport_size(
            {"width": width, "height": min(max(height, least), LARGEST_HEIGHT[size])}
        )
    page.screenshot(path=path)
    page.close()


def _stages(world: scenario.World, camera: Camera) -> Iterator[list[Shot]]:
    """The pictures in the order in which the work goes on between them."""
    yield [Shot("sign-in", "/sign-in/")]
    camera.sign_in()
    yield [*_contract_shots(world), *_billing_shots(world)]
    run = scenario.start_preview(world)
    address = f"/runs/{run.month:%Y-%m}/"
    yield [Shot("run-progress", address)]
    scenario.fill(run)
    yield [
        Shot("start", "/"),
        Shot("notices", "/notices/"),
        Shot("runs", "/runs/"),
        Shot("run-preview", address),
        Shot("run-post", f"{address}post/"),
        Shot("run-discard", f"{address}discard/"),
    ]


def _contract_shots(world: scenario.World) -> list[Shot]:
    contract = f"/contracts/{world.contract.pk}"
    salon = world.contracts["Friseursalon Haarschön"]
    changed = world.contract.memberships.get(person__personnel_number="1008")
    return [
        Shot("contracts", "/contracts/"),
        Shot("contract", f"{contract}/"),
        Shot("contract-people", f"{contract}/people/"),
        Shot("contract-statements", f"{contract}/statements/"),
        Shot("contract-agreement", f"{contract}/agreement/"),
        Shot("contract-papers", f"/contracts/{salon.pk}/papers/"),
        Shot("cancellation", f"{contract}/cancellation/?received={world.today}T00:00"),
        Shot("person", f"{contract}/people/{changed.person_id}/"),
    ]


def _billing_shots(world: scenario.World) -> list[Shot]:
    statement = Statement.objects.filter(contract=world.contract).latest("month")
    return [
        Shot("statement", f"/statements/{statement.pk}/"),
        Shot("statement-why", f"/statements/{statement.pk}/", why=True),
        Shot("run-new", "/runs/new/"),
        Shot("run-posted", f"/runs/{world.runs[-1].month:%Y-%m}/"),
        Shot("collections", "/collections/"),
        Shot("collection-new", "/collections/new/"),
        Shot("collection", f"/collections/{world.collections[-1].pk}/"),
        Shot("tariffs", "/tariffs/"),
        Shot("tariff", "/tariffs/bau-2016/"),
        Shot("not-found", "/nothing-here/"),
    ]


if __name__ == "__main__":
    sys.exit(main())
