"""One side of the measurement of statement letters, in a process of its own.

    python -m benchmarks.money_statements_side SIDE

SIDE: product [MOST], largest, plain COUNT, rows COUNT LONG.

Says "ready" when everything is imported and connected, begins when it reads a line, and ends with
one line of JSON.
"""

import importlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from html import escape
from io import BytesIO
from itertools import islice
from typing import Any

import django
from django.db import connection
from django.template.loader import render_to_string

from benchmarks.product import read_cpu_seconds, read_peak_kib

HEADS = ("Beitragsabrechnung", "Musterbetrieb")


def main() -> None:
    """Wait for the sign, do one side's work, and tell what it took."""
    django.setup()
    for name in ("documents.operations", "documents.exports.lists.letter", "weasyprint"):
        importlib.import_module(name)
    side, *numbers = sys.argv[1:]
    sides: dict[str, Callable[..., dict[str, Any]]]
    sides = {"product": set_all, "largest": set_largest, "plain": set_plain, "rows": set_rows}
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    print("ready", flush=True)
    sys.stdin.readline()
    begin, cpu, backend_cpu = time.monotonic(), time.process_time(), read_cpu_seconds(backend)
    result = sides[side](*map(int, numbers))
    result |= {
        "seconds": time.monotonic() - begin,
        "cpu": time.process_time() - cpu,
        "backend_cpu": read_cpu_seconds(backend) - backend_cpu,
        "rss_peak_kib": read_peak_kib(),
    }
    print(json.dumps(result), flush=True)


def set_all(most: int | None = None) -> dict[str, Any]:
    """What a worker does: letters of the newest run while there are any, or about so many."""
    operations = importlib.import_module("documents.operations")
    run = find_run()
    letters = 0
    while most is None or letters < most:
        report = operations.issue_statements(run=run)
        if report.is_empty:
            break
        assert not report.failed
        letters += report.issued
    return {"letters": letters}


def set_largest() -> dict[str, Any]:
    """The letter of the employer with the most people."""
    operations = importlib.import_module("documents.operations")
    statement = find_run().statements.order_by("-line_count").first()
    [paper] = operations.issue_statement(statement=statement).documents
    return {"rows": statement.line_count, "bytes": paper.byte_count}


def set_plain(count: int) -> dict[str, Any]:
    """Letters by WeasyPrint as one uses it, and with styles and fonts shared, without lists."""
    weasyprint = importlib.import_module("weasyprint")
    pdf = importlib.import_module("documents.exports.pdf")
    stylesheet = importlib.import_module("documents.operations").STYLESHEET
    pages = [
        str(render_to_string("documents/statement.html", {"c": each})) for each in letters(count)
    ]
    press = pdf.get_press(stylesheet)
    place = {"base_url": stylesheet.as_uri(), "url_fetcher": press._fetcher}  # noqa: SLF001

    def set_as_one_does(page: str) -> bytes:
        sheet = weasyprint.CSS(filename=str(stylesheet), **place)
        whole = weasyprint.HTML(string=page, **place)
        made: bytes = whole.write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1")
        return made

    def set_shared(page: str) -> bytes:
        return bytes(press.render(page, identifier="a"))

    return {
        "letters": len(pages),
        "plain": time_each(set_as_one_does, pages),
        "shared": time_each(set_shared, pages),
    }


def time_each(work: Callable[[str], object], pages: list[str]) -> dict[str, float]:
    """Wall and processor seconds of all pages, after one that is not counted."""
    work(pages[0])
    begin, cpu = time.monotonic(), time.process_time()
    for page in pages:
        work(page)
    return {"seconds": time.monotonic() - begin, "cpu": time.process_time() - cpu}


def set_rows(count: int, long: int) -> dict[str, Any]:
    """A list by WeasyPrint, the same list by the product, and a long one by the product.

    Both say the same, row by row in the same order.
    """
    pdf = importlib.import_module("documents.exports.pdf")
    setter = importlib.import_module("documents.exports.lists.letter")
    tables = importlib.import_module("documents.exports.statement_tables")
    stylesheet = importlib.import_module("documents.operations").STYLESHEET
    press = pdf.get_press(stylesheet)
    [letter] = letters(1)
    page = render_to_string("documents/statement.html", {"c": letter})
    opened = press.render_open(page, identifier="a")

    def set_list(rows: int) -> bytes:
        lists = tables.make_tables(letter, insured=people(rows), leavers=(), corrections=())
        return bytes(setter.add_lists(opened, islice(lists, 1, 2), heads=HEADS))

    [table] = islice(
        tables.make_tables(letter, insured=people(count), leavers=(), corrections=()), 1, 2
    )
    rows = list(table.rows)
    html = write_html(table.title, [column.title for column in table.columns], rows)
    made: dict[str, bytes] = {}
    result: dict[str, Any] = {"rows": count, "long_rows": long}
    for name, work in (
        ("weasyprint", lambda: press.render(html, identifier="a")),
        ("product", lambda: set_list(count)),
        ("long", lambda: set_list(long)),
    ):
        begin, cpu = time.monotonic(), time.process_time()
        made[name] = work()
        result[name] = {"seconds": time.monotonic() - begin, "cpu": time.process_time() - cpu}
    result["long_bytes"] = len(made["long"])
    said = {name: find_rows(made[name], rows) for name in ("weasyprint", "product")}
    assert said["weasyprint"] == said["product"] == count, f"the sides say different things: {said}"
    return result


def write_html(title: str, headings: list[str], rows: list[tuple[str, ...]]) -> str:
    """A list as a page for WeasyPrint, with the classes of letter.css."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return (
        f'<!DOCTYPE html><html lang="de"><head><title>{escape(title)}</title></head><body><main>'
        f"<h1>{escape(title)}</h1>"
        '<table class="list"><colgroup><col style="width:22mm"><col><col style="width:16mm">'
        '<col style="width:17mm"><col style="width:41mm"><col style="width:20mm"></colgroup>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></main></body></html>"
    )


def find_rows(content: bytes, rows: list[tuple[str, ...]]) -> int:
    """How many of the rows a file says, one behind the other, each in full."""
    reader = importlib.import_module("pypdf").PdfReader(BytesIO(content))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    found, at = 0, 0
    for row in rows:
        at = text.find(re.sub(r"\s", "", "".join(row)), at)
        if at < 0:
            break
        found += 1
    return found


def find_run() -> Any:
    """The newest posted run."""
    runs = importlib.import_module("billing.models").BillingRun.objects
    return runs.filter(posted_at__isnull=False).latest("month")


def letters(count: int) -> Iterator[Any]:
    """What letters of the newest run say, of contracts as they come."""
    lists = importlib.import_module("documents.queries.statement_lists").StatementLists
    build = importlib.import_module("documents.queries.statement").build_statement
    run = find_run()
    statements = list(run.statements.order_by("contract_id")[:count])
    with lists(run, statements) as opened:
        for statement in statements:
            yield build(statement, opened.sums(statement))


def people(count: int) -> Iterator[Any]:
    """Constructed rows of a list."""
    facts = importlib.import_module("documents.facts")
    euro = importlib.import_module("decimal").Decimal("14.80")
    first = ("Anna", "Björn", "Çiğdem", "Dörte", "Łukasz", "Françoise", "Jürgen", "Zoë")
    last = ("Müller", "Weiß", "Öztürk", "Schröder", "Nováková", "Yılmaz", "Äpfelstädt")
    for index in range(count):
        name = f"{last[index % 7]}{index}, {first[index % 8]}"
        change = "Zugang 01.12.2026" if index % 9 == 0 else ""
        days = 16 if index % 31 == 0 else None
        yield facts.InsuredRow(str(10_000 + index), name, index % 8 + 1, days, change, euro)


if __name__ == "__main__":
    main()
