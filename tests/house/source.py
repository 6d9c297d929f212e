"""The project's files as the house rules look at them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
APPS = ("aupolicy", "members", "claims", "billing", "documents", "portal", "api")
DOMAIN_APPS = ("aupolicy", "members", "claims", "billing")
_TEXT_SUFFIXES = frozenset(
    {"", ".cfg", ".css", ".csv", ".html", ".js", ".json", ".lock", ".md", ".po", ".py", ".sh",
     ".svg", ".toml", ".txt", ".xml", ".yaml", ".yml"}
)  # fmt: skip


@dataclass(frozen=True)
class Module:
    """A Python file: its path inside the project and its syntax tree."""

    path: Path
    tree: ast.Module

    @property
    def app(self) -> str:
        """The app it belongs to: its top folder."""
        return self.path.parts[0]

    @property
    def kind(self) -> str:
        """Its kind inside the app: `rules` for both app/rules.py and app/rules/x.py."""
        return self.path.parts[1].removesuffix(".py")


def parse(text: str, path: str = "aupolicy/rules.py") -> Module:
    """A module from source text, for trying a rule out."""
    return Module(Path(path), ast.parse(text))


@cache
def list_files() -> tuple[Path, ...]:
    """Every file of the project that is or would be under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    names = {name.decode() for name in listed.stdout.split(b"\0") if name}
    return tuple(sorted(Path(name) for name in names if (PROJECT / name).is_file()))


def list_texts() -> Iterator[tuple[Path, str]]:
    """Every file of text with its content."""
    for path in list_files():
        if path.suffix in _TEXT_SUFFIXES or path.name.startswith("."):
            # One example is a payroll in an older encoding, as offices still send them.
            yield path, (PROJECT / path).read_text(encoding="utf-8", errors="replace")


@cache
def list_modules() -> tuple[Module, ...]:
    """Every Python file but the migrations, which Django writes."""
    return tuple(
        Module(path, ast.parse((PROJECT / path).read_text(encoding="utf-8"), str(path)))
        for path in list_files()
        if path.suffix == ".py" and "migrations" not in path.parts
    )


def list_app_modules(*kinds: str, apps: tuple[str, ...] = APPS) -> list[Module]:
    """The modules of the apps, of these kinds if any are named."""
    return [
        module
        for module in list_modules()
        if module.app in apps and (not kinds or module.kind in kinds)
    ]
