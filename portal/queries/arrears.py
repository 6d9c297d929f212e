"""Cases of arrears as every room shows them: where each stands and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from aupolicy.kernel.money import total
from billing.facts.arrears import LETTERS_WITH_DEADLINE, Step, StepKind, Wait, WaitReason
from billing.models import ArrearsCase, ArrearsStep
from billing.queries.arrears_cases import CaseState, find_letter, list_kinds, load_cases
from billing.queries.dunning import get_dunning_parameters
from billing.rules.reminders import decide_next_step, find_deadline


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case with what comes next in it; sums in EUR."""

    state: CaseState
    found: Step | Wait

    @property
    def case(self) -> ArrearsCase:
        """The case itself."""
        return self.state.case

    @property
    def sums(self) -> tuple[Decimal, Decimal, Decimal]:
        """What is open: premium, interest, costs."""
        return list_kinds(self.state)

    @property
    def open_amount(self) -> Decimal:
        """What is open of all."""
        return total(self.sums)

    @property
    def last_letter(self) -> ArrearsStep | None:
        """The last step that the policyholder was told of."""
        return find_letter(self.state.steps, *_TOLD)

    @property
    def pay_until(self) -> date | None:
        """The last day that a letter in force gives, None where none does."""
        letter = find_letter(self.state.steps, *LETTERS_WITH_DEADLINE)
        if letter is None:
            return None
        return find_deadline(self.state.facts.steps, StepKind(letter.kind))

    @property
    def next_day(self) -> date | None:
        """The day on which something happens by itself, None where nothing does."""
        return self.found.until if isinstance(self.found, Wait) else None

    @property
    def next_kind(self) -> StepKind | None:
        """What happens then, if nothing is paid."""
        return self.found.then if isinstance(self.found, Wait) else self.found.kind

    @property
    def waits_for(self) -> str:
        """What the case waits for (a value of WaitReason), "" where a step is due."""
        return self.found.reason.value if isinstance(self.found, Wait) else ""

    @property
    def free_from(self) -> date | None:
        """The first day free of benefit that has begun or was told, None before the expiry."""
        freed = find_letter(self.state.steps, StepKind.BENEFIT_FREEDOM)
        return freed.first_day if freed else None

    @property
    def contract_end(self) -> date | None:
        """The last day of the contract by a termination or withdrawal."""
        ends = [step.contract_end for step in self.state.steps if step.contract_end]
        revived = find_letter(self.state.steps, StepKind.REVIVAL)
        return ends[-1] if ends and revived is None else None


_TOLD = (
    *LETTERS_WITH_DEADLINE,
    StepKind.BENEFIT_FREEDOM,
    StepKind.WITHDRAWAL,
    StepKind.REVIVAL,
    StepKind.PAID,
)


def show_cases(cases: QuerySet[ArrearsCase], *, today: date) -> list[ShownCase]:
    """Cases as they stand today, in their order; five queries however many there are."""
    parameters = get_dunning_parameters(today)
    return [
        ShownCase(state, decide_next_step(state.facts, today=today, parameters=parameters))
        for state in load_cases(cases, today=today)
    ]


def is_waiting_for(shown: ShownCase, *reasons: WaitReason) -> bool:
    """Whether a case waits for one of some reasons."""
    return isinstance(shown.found, Wait) and shown.found.reason in reasons


def sum_open(shown: Sequence[ShownCase]) -> Decimal:
    """What is open of cases, in EUR."""
    return total(each.open_amount for each in shown)
