"""What is wrong in a file, as codes with parameters; members.words makes sentences of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to tell about a file: where, what stood there, and a code with parameters.

    `row` counts as a spreadsheet does, from 1; None means the file as a whole. `column` is the
    heading as the file writes it. Notes (something was read in a way that should be known, and
    nothing is wrong) have the same shape.
    """

    code: str
    row: int | None = None
    column: str = ""
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


class UnableToReadTable(ValueError):
    """The file cannot be taken; `problems` lists all that is wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"row {p.row}: {p.code}" for p in problems[:5]))
        self.problems = list(problems)


def refusal(code: str, **params: str) -> UnableToReadTable:
    """The file as a whole cannot be taken, for one reason."""
    return UnableToReadTable([Problem(code, params=params)])
