"""HTML -> tagged PDF (PDF/UA-1), the same bytes for the same input.

One `Press` is made per process and set of styles: parsing the style sheet and loading the fonts
once makes each further document a quarter faster.
"""

import gc
import os
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from aupolicy.kernel.memory import paused_garbage_collector

FONT_FOLDER = files("font_source_sans_pro") / "files"
FONT_SCHEME = "font:"
# The element at the end of a letter that lists follow.
END = "end"
POINTS_PER_PIXEL = 0.75

# Where HarfBuzz cannot cut fonts, WeasyPrint lets fontTools do it, which writes the time of day
# into every font unless it is told a time.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")


class UnableToFetch(ValueError):
    """A letter asked for something that is neither a letter font nor a file beside the styles."""


class _LocalFetcher(URLFetcher):  # type: ignore[misc]
    """Gives letters the shipped fonts and the files beside their style sheet, nothing else."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=["file", "data"])
        self._folder = folder.resolve()

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Open `font:NAME` or a file of the folder. Raises UnableToFetch for anything else."""
        if url.startswith(FONT_SCHEME):
            name = Path(url.removeprefix(FONT_SCHEME)).name
            return URLFetcherResponse(url, body=(FONT_FOLDER / name).read_bytes())
        if url.startswith(("data:", f"{self._folder.as_uri()}/")):
            return super().fetch(url, headers)
        raise UnableToFetch(f"letters may not fetch {url}")


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter that lists are to follow; its pages carry no numbers yet.

    `end` is where it ends on its last page, in points from below.
    """

    content: bytes
    end: float


class Press:
    """Renders letters in the styles of one style sheet."""

    def __init__(self, stylesheet: Path) -> None:
        self._fonts = FontConfiguration()
        self._fetcher = _LocalFetcher(stylesheet.parent)
        self._base_url = stylesheet.resolve().as_uri()
        self._sheet = CSS(
            string=stylesheet.read_text(encoding="utf-8"),
            base_url=self._base_url,
            font_config=self._fonts,
            url_fetcher=self._fetcher,
        )

    def render(self, html: str, *, identifier: str) -> bytes:
        """The PDF of an HTML page; `identifier` (any text) becomes the file's own id."""
        return self._print(html, identifier).content

    def render_open(self, html: str, *, identifier: str) -> OpenLetter:
        """A letter that lists are to follow, from a page whose last element is named `end`."""
        return self._print(html, identifier)

    def _print(self, html: str, identifier: str) -> OpenLetter:
        # A letter is a growing tree of boxes: a tenth of a page, nearly half of a long list. It
        # holds itself in circles, and is let go of before it counts as old.
        with paused_garbage_collector():
            letter = self._set(html, identifier)
            gc.collect(0)
        return letter

    def _set(self, html: str, identifier: str) -> OpenLetter:
        page = HTML(string=html, base_url=self._base_url, url_fetcher=self._fetcher)
        # Pictures are drawn into a letter and in no other, so none is kept for the next.
        pictures: dict[str, Any] = {}
        document = page.render(stylesheets=[self._sheet], font_config=self._fonts, cache=pictures)
        content: bytes = document.write_pdf(
            cache=pictures, pdf_variant="pdf/ua-1", pdf_identifier=identifier.encode()
        )
        last = document.pages[-1]
        top = last.anchors[END][1] if END in last.anchors else last.height
        return OpenLetter(content, (last.height - top) * POINTS_PER_PIXEL)


@cache
def get_press(stylesheet: Path) -> Press:
    """This process's press for a style sheet."""
    return Press(stylesheet)


def render_pdf(html: str, *, stylesheet: Path, identifier: str) -> bytes:
    """The PDF/UA-1 of an HTML page in the styles of `stylesheet`, byte for byte reproducible.

    Raises UnableToFetch never by itself: WeasyPrint logs what it could not load and goes on.
    """
    return get_press(stylesheet).render(html, identifier=identifier)
