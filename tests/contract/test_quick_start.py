"""docs/api.md is true: what it tells to type is typed, and what it shows is what comes."""

import json
import re
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from config.local.session import PROJECT
from tests.contract.conftest import Site

GUIDE = PROJECT / "docs" / "api.md"
_BLOCK = re.compile(r"^```(bash|json|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What differs from day to day and from server to server; where it stands must stay.
_VARIABLE = re.compile(
    r"\d{4}-\d{2}(-\d{2})?(T[\d:.]+Z)?|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
# In an object: there is more, which is not shown.
_MORE = "…"


def read_steps(text: str) -> list[tuple[str, str, str]]:
    """Each block to be run with the kind and the text of the answer shown below it."""
    blocks = _BLOCK.findall(text)
    steps = []
    for (kind, block), (next_kind, shown) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if kind == "bash":
            steps.append((block, *(("", "") if next_kind == "bash" else (next_kind, shown))))
    return steps


def compare(shown: Any, got: Any, place: str = "") -> list[str]:
    """Where an answer is not as shown."""
    if isinstance(shown, dict) and isinstance(got, dict):
        wanted = shown.keys() - {_MORE}
        if not wanted <= got.keys() or (_MORE not in shown and wanted != got.keys()):
            return [f"{place}: {sorted(shown)} is shown, {sorted(got)} came"]
        return [one for key in wanted for one in compare(shown[key], got[key], f"{place}/{key}")]
    if isinstance(shown, list) and isinstance(got, list) and len(shown) == len(got):
        pairs = enumerate(zip(shown, got, strict=True))
        return [one for index, pair in pairs for one in compare(*pair, f"{place}/{index}")]
    return [] if blur(shown) == blur(got) else [f"{place}: {shown!r} is shown, {got!r} came"]


def blur(value: Any) -> Any:
    if isinstance(value, str) and (found := _VARIABLE.fullmatch(value)):
        return [len(value) > 30, *(part is None for part in found.groups())]
    return value


@pytest.mark.skipif(which("curl") is None, reason="no curl on this machine")
def test_what_the_guide_shows_is_what_comes(site: Site, tmp_path: Path) -> None:
    steps = read_steps(GUIDE.read_text(encoding="utf-8"))
    script = "set -euo pipefail\n" + "".join(
        f"{{\n{block}\n}} > answer-{number}\n" for number, (block, _, _) in enumerate(steps)
    )
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "URL": site.root, "KEY": site.key},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    wrong = []
    for number, (block, kind, shown) in enumerate(steps):
        answer = (tmp_path / f"answer-{number}").read_text(encoding="utf-8")
        if kind == "json":
            wrong += [f"{block}{one}" for one in compare(json.loads(shown), json.loads(answer))]
        elif kind == "text":
            wrong += [] if answer == shown else [f"{block}{answer}"]
        else:
            assert "errors" not in json.loads(answer)
    assert wrong == []
    assert len(steps) >= 8


def test_another_answer_is_noticed() -> None:
    shown = {"a": "2026-12-01", "b": [{"c": "1.00"}]}
    assert compare(shown, {"a": "2027-01-01", "b": [{"c": "1.00"}]}) == []
    assert compare(shown, {"a": "2027-01", "b": [{"c": "1.00"}]}) != []
    assert compare(shown, {"a": "2027-01-01", "b": [{"c": "2.00"}]}) != []
    assert compare(shown, {"a": "2027-01-01", "b": []}) != []
    assert compare(shown, {"a": "2027-01-01", "b": [{"c": "1.00"}], "d": 1}) != []
    assert compare(shown | {_MORE: _MORE}, {"a": "2027-01-01", "b": [{"c": "1.00"}], "d": 1}) == []
