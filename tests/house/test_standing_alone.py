"""The project stands alone: no file names a package registry or a path outside the project."""

import re

from tests.house.source import list_texts

# Written in two halves, so that this file does not break its own rule.
REGISTRIES = tuple(
    host + "." + domain
    for host, domain in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry.npmjs", "org"),
        ("deb.debian", "org"),
        ("archive.ubuntu", "com"),
        ("crates", "io"),
        ("proxy.golang", "org"),
        ("rubygems", "org"),
        ("repo.maven.apache", "org"),
    )
)
_OUTSIDE = re.compile(r"(?<![\w.~-])/(?:tmp|root|work|home)/\w|\.\./shared\b|(?<!\w)shared/\w+\.md")


def find_registries(text: str) -> list[str]:
    """The package registries a text names."""
    return [host for host in REGISTRIES if host in text.lower()]


def find_outside_paths(text: str) -> list[str]:
    """Paths that exist on somebody's machine only."""
    return _OUTSIDE.findall(text)


def test_no_file_names_a_package_registry() -> None:
    named = {str(path): found for path, text in list_texts() if (found := find_registries(text))}
    assert named == {}


def test_no_file_names_a_path_outside_the_project() -> None:
    named = {str(path): found for path, text in list_texts() if (found := find_outside_paths(text))}
    assert named == {}


def test_the_rules_find_what_they_forbid() -> None:
    assert find_registries(f"--index-url https://{REGISTRIES[0]}/simple") == [REGISTRIES[0]]
    for folder in ("tmp", "root", "work", "home"):
        assert find_outside_paths(f"see /{folder}/notes.md")
    assert find_outside_paths("see .." + "/shared for more")
    assert find_outside_paths("https://example.test/home/page, var/tmp/x, ~/work/y") == []
