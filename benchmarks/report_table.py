"""All sides of the bench as rows of one table."""

from collections.abc import Iterator, Mapping
from typing import Any

_HEAD = ("side", "seconds", "rows/s", "ratio", "goal", "memory", "queries", "WAL")


def tabulate(report: Mapping[str, Any]) -> list[str]:
    """Each side with its ratio and goal; ratios are to the floor if nothing else is said."""
    rows = [_HEAD, *_list_runs(report), *_list_others(report)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
    return [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _row(
    side: str,
    seconds: float,
    *,
    ratio: str = "",
    goal: str = "",
    lines: float = 0,
    detail: Mapping[str, Any] | None = None,
) -> tuple[str, ...]:
    detail = detail or {}
    memory, queries, wal = detail.get("rss"), detail.get("queries"), detail.get("wal")
    return (
        side,
        f"{seconds:.2f}" if seconds >= 1 else f"{seconds:.4f}",
        f"{lines / seconds:,.0f}" if lines else "",
        ratio,
        goal,
        f"{memory:.0f} MiB" if memory else "",
        f"{queries:,}" if queries else "",
        f"{wal:.0f} MiB" if wal else "",
    )


def _list_runs(report: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    result, members = report["result"], report["order"]["members"]
    floor = result["floor"]["seconds"]["median"]
    yield _row("floor", floor, ratio="1", lines=members, detail=_detail(result["floor"]))
    checked = report["others"]["floor with foreign keys"]
    yield _row(
        "floor, foreign keys checked by row",
        checked["seconds"],
        ratio=f"{checked['seconds'] / floor:.2f}",
        lines=members,
        detail={"queries": 1, "wal": checked["wal_bytes"] / 2**20},
    )
    for name, key, goal in (
        ("run, one process", "product", "1.5"),
        ("run, several processes", "product_shared", "1.0 (stretch)"),
    ):
        side = result.get(key)
        if side is None:
            continue
        spread = result["ratio"] if key == "product" else side["ratio"]
        yield _row(
            name,
            side["seconds"]["median"],
            ratio=f"{spread['median']:.2f}",
            goal=goal,
            lines=members,
            detail=_detail(side),
        )
    if by_processor := result["ratio_of_processor_time"]:
        cpu = result["product"]["cpu_seconds"]
        yield _row("run, processor time", cpu, ratio=f"{by_processor['median']:.2f}", goal="1.5")


def _list_others(report: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    others, result = report["others"], report["result"]
    members, floor = report["order"]["members"], result["floor"]["seconds"]["median"]
    run, cpu = result["product"]["seconds"]["median"], result["product"]["cpu_seconds"]
    yield _row(
        "the same month again", others["again"]["seconds"], goal="2 s", detail=others["again"]
    )
    preview = others["preview"]
    ratio = f"{preview['seconds'] / floor:.2f}"
    yield _row(
        "preview without writing", preview["seconds"], ratio=ratio, goal="0.5", lines=members,
        detail={"rss": preview["rss_peak_kib"] / 1024, "queries": preview["queries"]},
    )  # fmt: skip
    changed = others["changed"]
    for name, more, whole in (
        ("1 % changed three months back: more", changed["seconds"] - run, run),
        ("the same, processor time", changed["cpu"] - cpu, cpu),
    ):
        yield _row(name, more, ratio=f"{more / whole:.2f} of the run", goal="0.3")
    correction = others["correction"]
    shown = {"queries": correction["queries_shown"]}
    yield _row("one correction, its costs shown", correction["seconds_shown"], detail=shown)
    yield _row(
        "one correction, applied", correction["seconds"], goal="0.05 s, 15", detail=correction
    )
    naive = others["naive"]
    times = naive["seconds"] / naive["lines"] / (run / members)
    yield _row(
        f"naive loop, {naive['lines']:,} lines", naive["seconds"], lines=naive["lines"],
        ratio=f"{times:.0f} times the run's, a line", goal="300",
        detail={"queries": naive["queries"]},
    )  # fmt: skip
    tenth = others["tenth"]["detail"]["rss_peak_kib"] / 1024
    largest = result["product"]["rss_peak_mib"]
    yield _row(
        "memory: run of a tenth of the people", others["tenth"]["seconds"],
        ratio=f"{largest / tenth:.2f} of its memory", goal="1.1, 128 MiB",
        lines=others["tenth"]["members"], detail={"rss": tenth},
    )  # fmt: skip


def _detail(side: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rss": side.get("rss_peak_mib"),
        "queries": side.get("queries", 1),
        "wal": side["wal_mib"],
    }
