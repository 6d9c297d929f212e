"""What the samples amount to, for people and as plain values."""

import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import django
import psycopg

from benchmarks.database import Connection
from benchmarks.report_table import tabulate

GOAL = 1.5
# Above this load per core a round says more about the neighbours than about the product.
LOAD_PER_CORE = 1.5
_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "work_mem")

Samples = Sequence[Mapping[str, Any]]


def describe_machine(connection: Connection) -> dict[str, Any]:
    """Versions and settings that the figures depend on."""
    settings = {
        name: (connection.execute(f"SHOW {name}".encode()).fetchone() or ("?",))[0]
        for name in _SETTINGS
    }
    return {
        "postgresql": connection.info.parameter_status("server_version"),
        "python": platform.python_version(),
        "django": django.__version__,
        "psycopg": psycopg.__version__,
        "cores": os.cpu_count(),
        "load_average": list(os.getloadavg()),
        "settings": settings,
    }


def summarise(samples: Samples, *, members: int) -> dict[str, Any]:
    """Medians by side, ratios by round, and how many rounds were disturbed.

    A round is a floor and the product's run beside it. Disturbed rounds (load above 1.5 per
    core before either side) are left out unless there are no others.
    """
    floors = [sample for sample in samples if sample["side"] == "floor"]
    singles = [sample for sample in samples if sample["side"] == "product 1"]
    rounds = list(zip(floors, singles, strict=True))
    calm = [pair for pair in rounds if not any(map(_is_disturbed, pair))]
    used = calm or rounds
    result: dict[str, Any] = {
        "rounds": len(rounds),
        "disturbed_rounds": len(rounds) - len(calm),
        "ratio": _spread([b["seconds"] / a["seconds"] for a, b in used]),
        "ratio_of_processor_time": _spread([b["cpu"] / a["cpu"] for a, b in used if a["cpu"]]),
        "floor": _side([a for a, _ in used], members),
        "product": _side([b for _, b in used], members),
    }
    shared = [s for s in samples if s["side"] not in ("floor", "product 1")]
    if shared:
        fastest = statistics.median(a["seconds"] for a, _ in used)
        result["product_shared"] = _side(shared, members) | {
            "side": shared[0]["side"],
            "ratio": _spread([sample["seconds"] / fastest for sample in shared]),
        }
    return result


def _is_disturbed(sample: Mapping[str, Any]) -> bool:
    return bool(sample["load"] > LOAD_PER_CORE * (os.cpu_count() or 1))


def _spread(values: Sequence[float]) -> dict[str, float] | None:
    if not values:
        return None
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def _side(samples: Samples, members: int) -> dict[str, Any]:
    seconds = [sample["seconds"] for sample in samples]
    side: dict[str, Any] = {
        "seconds": _spread(seconds),
        "rows_per_second": members / statistics.median(seconds),
        "cpu_seconds": statistics.median(sample["cpu"] for sample in samples),
        "wal_mib": statistics.median(sample["wal_bytes"] for sample in samples) / 2**20,
    }
    details = [sample["detail"] for sample in samples if sample["detail"]]
    if details:
        side["queries"] = max(detail["queries"] for detail in details)
        side["first_use_seconds"] = statistics.median(detail["first_use"] for detail in details)
        side["rss_peak_mib"] = max(detail["rss_peak_kib"] for detail in details) / 1024
        side["rss_before_mib"] = max(detail["rss_before_kib"] for detail in details) / 1024
    return side


def tell(report: Mapping[str, Any]) -> list[str]:
    """The report as a table, with what it was to be, and in sentences."""
    result, machine = report["result"], report["machine"]
    lines = [_tell_ratio(result), ""]
    lines += tabulate(report)
    lines += ["", "Where the time of one process went:"]
    lines += [f"  {name:40s} {seconds:7.3f} s" for name, seconds in report["phases"].items()]
    lines.append(
        f"PostgreSQL {machine['postgresql']}, Python {machine['python']}, "
        f"Django {machine['django']}, psycopg {machine['psycopg']}, {machine['cores']} cores, "
        f"load {machine['load_average'][0]:.1f}"
    )
    return lines


def _tell_ratio(result: Mapping[str, Any]) -> str:
    ratio = result["ratio"]
    verdict = "met" if ratio["median"] <= GOAL else "missed"
    return (
        f"ratio {ratio['median']:.2f} (min {ratio['min']:.2f}, max {ratio['max']:.2f}), "
        f"goal {GOAL}: {verdict}; "
        f"{result['disturbed_rounds']} of {result['rounds']} rounds disturbed by other load"
    )
