"""One module per kind in each app, and none of the kinds that collect what has no home."""

from pathlib import Path

from tests.house.source import APPS, list_files

# Kinds every app may have, from the edges down to the facts.
KINDS = frozenset(
    {"__init__", "apps", "admin", "exports", "facts", "management", "migrations", "models",
     "operations", "parsing", "queries", "rules", "tasks", "templatetags", "words"}
)  # fmt: skip
# What single apps have besides.
OWN_KINDS = {
    "aupolicy": frozenset({"kernel", "tariffs"}),
    "billing": frozenset({"parameters"}),
    "claims": frozenset({"parameters"}),
    "api": frozenset({"serializers", "urls", "views"}),
    "portal": frozenset({"context_processors", "forms", "middleware", "urls", "views"}),
}
HOMELESS = frozenset({"common", "helper", "helpers", "misc", "util", "utils"})


def find_unknown_kinds(paths: list[Path]) -> list[str]:
    """Files of an app that are of no kind the architecture knows."""
    return [
        str(path)
        for path in paths
        if path.parts[0] in APPS
        and path.parts[1].removesuffix(".py") not in KINDS | OWN_KINDS.get(path.parts[0], set())
    ]


def find_homeless(paths: list[Path]) -> list[str]:
    """Modules and packages whose name says that nobody knew where to put them."""
    return [str(path) for path in paths if HOMELESS & {path.stem, *path.parts[:-1]}]


def test_every_module_of_an_app_is_of_a_known_kind() -> None:
    assert find_unknown_kinds(list(list_files())) == []


def test_nothing_is_called_helper_or_utility() -> None:
    assert find_homeless([path for path in list_files() if path.suffix == ".py"]) == []


def test_the_rules_find_what_they_forbid() -> None:
    strangers = [Path("billing/services.py"), Path("members/views.py"), Path("billing/rules.py")]
    assert find_unknown_kinds(strangers) == ["billing/services.py", "members/views.py"]
    homeless = [Path("billing/utils.py"), Path("tests/helpers/money.py"), Path("portal/views.py")]
    assert find_homeless(homeless) == ["billing/utils.py", "tests/helpers/money.py"]
