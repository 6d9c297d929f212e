"""What the address says of a table that comes as a body."""

from typing import Final

from api.parsing.fields import choice, day, flag, text
from api.parsing.workforce import CONTRACT

APPLY: Final = flag(
    "apply", "Apply at once, without a second call; a file or a payroll. See `mode`."
)
MODE: Final = choice(
    "mode",
    "all_or_nothing: nothing is applied where a row is wrong. each: the rows that are right are,"
    " and the others are explained.",
    ["all_or_nothing", "each"],
)
DRY_RUN: Final = flag("dry_run", "Only look what it would do; no job is made.")
AS_OF: Final = day(
    "as_of",
    "The day that a complete payroll holds for; of a file of notices the day of rows that name"
    " none.",
)
FILE_NAME: Final = text(
    "file_name", "How the file is called in the portal.", longest=200, example="Meldungen.csv"
)
FILE_QUERY: Final = (CONTRACT, AS_OF, APPLY, MODE, DRY_RUN, FILE_NAME)
